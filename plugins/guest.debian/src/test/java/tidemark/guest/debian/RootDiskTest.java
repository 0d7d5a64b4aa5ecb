package tidemark.guest.debian;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidemark.testkit.HostTool;

/** What the machine that makes a root disk is given. */
class RootDiskTest {
    @TempDir
    Path folder;
    private final List<String> progress = new ArrayList<>();
    private Path file;
    private RootDisk disk;

    @BeforeEach
    void packed() throws Exception {
        FakeArchive archive = new FakeArchive(folder.resolve("archive"));
        file = archive.folder.resolve("pool/linux_1.deb");
        Path kernel = Files.createDirectory(folder.resolve("kernel"));
        Files.writeString(kernel.resolve(LinuxFiles.MODULES), "modules");
        disk = new RootDisk(kernel, Files.createDirectory(folder.resolve("made")), "http://mirror.test/debian", Instant.ofEpochSecond(1_700_000_000));
        disk.pack(List.of(file), List.of("linux_1.deb"), progress::add);
    }

    @Test
    void thePackagesAreADiskOfWholeSectors() throws Exception {
        assertEquals(0, Files.size(folder.resolve("made").resolve(RootDisk.ARCHIVE)) % 512);
        assertTrue(progress.contains("unpacking linux"), progress::toString);
    }

    @Test
    void theHostsCpioAndDpkgReadWhatIsOnIt() throws Exception {
        HostTool.require("cpio", "cpio");
        Path unpacked = Files.createDirectory(folder.resolve("unpacked"));
        run("cpio", "--quiet", "-i", "-D", unpacked.toString(), "-F", folder.resolve("made").resolve(RootDisk.ARCHIVE).toString());
        assertEquals("http://mirror.test/debian\n", Files.readString(unpacked.resolve("archive")));
        assertEquals("1700000000\n", Files.readString(unpacked.resolve("epoch")));
        assertEquals("linux_1.deb\n", Files.readString(unpacked.resolve("essential")));
        assertEquals("modules", Files.readString(unpacked.resolve("modules")));
        assertEquals(run("dpkg-deb", "-c", file.toString()), run("dpkg-deb", "-c", unpacked.resolve("linux_1.deb").toString()));
        assertEquals("control.tar", run("ar", "t", unpacked.resolve("linux_1.deb").toString()).lines().toList().get(1));
    }

    private static String run(String... command) throws Exception {
        HostTool.Outcome outcome = HostTool.run(60, command);
        assertEquals(0, outcome.exitCode(), outcome.output());
        return outcome.output();
    }
}
