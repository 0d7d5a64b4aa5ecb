package tidemark.disk.raw;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tidemark.api.device.Disk;
import tidemark.testkit.HostTool;

/** QEMU and this platform keep out of each other's disk files. */
@Timeout(60)
class QemuLockTest {
    @TempDir
    Path folder;

    private final RawPart part = new RawPart();

    @BeforeEach
    void makeDisk() throws Exception {
        HostTool.require("qemu-io", "qemu-utils");
        part.create(file(), 1 << 20, Optional.empty());
    }

    private Path file() {
        return folder.resolve("disk.raw");
    }

    private Disk open(boolean writable) throws IOException {
        return part.open(file(), writable, below -> {
            throw new IOException("nothing below");
        });
    }

    private int qemuIo(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("qemu-io", "-f", "raw"));
        command.addAll(List.of(arguments));
        command.add(file().toString());
        return HostTool.run(30, command.toArray(String[]::new)).exitCode();
    }

    private void assertQemu(boolean reads, boolean writes) throws Exception {
        assertEquals(reads ? 0 : 1, qemuIo("-r", "-c", "read 0 512"));
        assertEquals(writes ? 0 : 1, qemuIo("-c", "write 0 512"));
    }

    @Test
    void aDiskThatIsWrittenIsClosedToQemu() throws Exception {
        try (Disk disk = open(true)) {
            assertQemu(false, false);
            disk.flush();
            assertQemu(false, false);
        }
        assertQemu(true, true);
    }

    @Test
    void aDiskThatIsReadIsReadByQemuButNotWritten() throws Exception {
        try (Disk disk = open(false)) {
            assertQemu(true, false);
            assertEquals(1 << 20, disk.size());
        }
        assertQemu(true, true);
    }

    @Test
    void aDiskThatIsFrozenIsReadByQemuButNotWritten() throws Exception {
        try (Disk disk = open(true)) {
            disk.seal();
            disk.flush();
            assertQemu(true, false);
        }
        assertQemu(true, true);
    }

    @Test
    void aDiskThatQemuWritesIsNotOpened() throws Exception {
        Process qemu = new ProcessBuilder("qemu-io", "-f", "raw", file().toString()).redirectErrorStream(true).start();
        try {
            qemu.getOutputStream().write("length\n".getBytes());
            qemu.getOutputStream().flush();
            qemu.getInputStream().read();
            for (boolean writable : new boolean[] {true, false}) {
                String message = assertThrows(IOException.class, () -> open(writable)).getMessage();
                assertTrue(message.contains("another machine or program writes it"), message);
            }
        } finally {
            qemu.destroyForcibly().waitFor();
        }
        open(true).close();
    }
}
