package tidemark.guest.debian;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tidemark.api.machine.MachineException;
import tidemark.testkit.HostTool;

/** The host's own apt client, and where it is sent. */
class AptTest {
    @TempDir
    Path folder;

    @Test
    void anArchiveThatDebianDidNotSignIsRefused() throws Exception {
        HostTool.require("apt-get", "apt");
        Path release = folder.resolve("mirror/dists/trixie");
        Files.createDirectories(release.resolve("main/binary-riscv64"));
        Files.writeString(release.resolve("main/binary-riscv64/Packages"), "");
        Files.writeString(release.resolve("Release"), "Suite: stable\nCodename: trixie\nArchitectures: riscv64\nComponents: main\n");
        Path keyring = Mirror.keyring(Path.of("/usr/share/keyrings"));
        Apt apt = new Apt("apt-get", folder.resolve("apt"), "file:" + folder.resolve("mirror"), keyring, line -> { });
        String refusal = assertThrows(MachineException.class, apt::update).getMessage();
        assertTrue(refusal.contains("is not signed"), refusal);
    }

    @Test
    void anArchiveThatIsNotThereIsNamed() throws Exception {
        HostTool.require("apt-get", "apt");
        Apt apt = new Apt("apt-get", folder.resolve("apt"), "file:/nowhere/debian", Mirror.keyring(Path.of("/usr/share/keyrings")), line -> { });
        String refusal = assertThrows(MachineException.class, apt::update).getMessage();
        assertTrue(refusal.startsWith("Cannot fetch the lists of packages of Debian from file:/nowhere/debian: "), refusal);
    }

    @Test
    void theMirrorIsTheHostsUnlessToldOtherwise() throws Exception {
        Files.writeString(folder.resolve("sources.list"), "deb http://mirror.test/debian bookworm main");
        assertEquals("http://mirror.test/debian", Mirror.archive(Map.of(), folder));
        assertEquals("https://other.test/debian", Mirror.archive(Map.of("TIDEMARK_DEBIAN_MIRROR", " https://other.test/debian "), folder));
        Files.delete(folder.resolve("sources.list"));
        String refusal = assertThrows(MachineException.class, () -> Mirror.archive(Map.of(), folder)).getMessage();
        assertTrue(refusal.endsWith("Give the address of one in the environment variable TIDEMARK_DEBIAN_MIRROR"), refusal);
    }

    @ParameterizedTest
    @ValueSource(strings = {"mirror.test/debian", "http://a b", "http://a\nTrusted: yes"})
    void whatIsNoAddressIsRefused(String mirror) {
        assertThrows(MachineException.class, () -> Mirror.archive(Map.of("TIDEMARK_DEBIAN_MIRROR", mirror), folder));
    }

    @Test
    void withoutTheKeysTheirPackageIsNamed() {
        assertTrue(assertThrows(MachineException.class, () -> Mirror.keyring(folder)).getMessage().endsWith("install the package debian-archive-keyring"));
    }
}
