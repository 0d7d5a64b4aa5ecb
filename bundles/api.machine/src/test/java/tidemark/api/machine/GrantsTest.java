package tidemark.api.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GrantsTest {
    @TempDir
    Path folder;
    private Path register;
    private Grants grants;

    @BeforeEach
    void make() {
        register = folder.resolve("home/grants");
        grants = new Grants(folder.resolve("home"));
    }

    private Path file(String name) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, "");
    }

    @Test
    void aGrantIsForOneAskerAndOneAskAndTheRegisterIsTheUsersOwn() throws Exception {
        assertFalse(grants.isGranted("a", "b"));
        grants.grant("a", "b", "words\nof two lines");
        assertTrue(grants.isGranted("a", "b"));
        assertFalse(grants.isGranted("a", "c"));
        assertFalse(grants.isGranted("ab", ""));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(register)));
        assertEquals(1, Files.readAllLines(register).size());
    }

    @Test
    void aRegisterThatOthersMayWriteOrThatIsALinkGrantsNothing() throws Exception {
        grants.grant("a", "b", "");
        Files.setPosixFilePermissions(register, PosixFilePermissions.fromString("rw-rw----"));
        assertFalse(grants.isGranted("a", "b"));
        Files.setPosixFilePermissions(register, PosixFilePermissions.fromString("rw-------"));
        Path theirs = folder.resolve("theirs");
        Files.move(register, theirs);
        Files.createSymbolicLink(register, theirs);
        assertFalse(grants.isGranted("a", "b"));
        assertThrows(IOException.class, () -> grants.grant("c", "d", ""));
    }

    @Test
    void aDiskFileMayLieOverWhatIsBesideItOrGranted() throws Exception {
        Path disk = file("disks/disk");
        Path other = file("disks/other");
        Path secret = file("user/secret");
        assertTrue(grants.mayLieOver(disk, other));
        assertFalse(grants.mayLieOver(disk, secret));
        assertFalse(grants.mayLieOver(disk, folder.resolve("disks/../user/secret")));
        assertFalse(grants.mayLieOver(disk, Files.createSymbolicLink(folder.resolve("disks/link"), secret)));
        assertFalse(grants.mayLieOver(disk, Path.of("/dev/zero")));
        assertFalse(grants.mayLieOver(disk, folder.resolve("disks/missing")));
        grants.letLieOver(disk, secret);
        assertTrue(grants.mayLieOver(disk, secret));
        assertFalse(grants.mayLieOver(other, secret));
        assertTrue(grants.mayLieOver(file("home/layers/x.layer1"), secret), "the platform made it");
    }

    @Test
    void aMachinesDisksMayLieOverWhatItsUserAllows() throws Exception {
        Path disk = file("disks/disk");
        Path middle = file("user/middle");
        Path secret = file("user2/secret");
        MachineSpec spec = MachineSpec.of(java.util.Map.of("name", "m", "devices", "d0=disk,file=" + disk));
        grants.letLieOver(spec, java.util.List.of(middle, secret));
        assertTrue(grants.mayLieOver(disk, middle));
        assertTrue(grants.mayLieOver(middle, secret));
        assertFalse(grants.mayLieOver(file("disks/other"), secret));
    }

    @Test
    void theRegisterForgetsTheOldestBeforeItIsLarge() throws Exception {
        grants.grant("old", "", "x".repeat(3 << 20));
        grants.grant("newer", "", "x".repeat(2 << 20));
        grants.grant("newest", "", "");
        assertFalse(grants.isGranted("old", ""));
        assertTrue(grants.isGranted("newer", ""));
        assertTrue(grants.isGranted("newest", ""));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(register)));
    }
}
