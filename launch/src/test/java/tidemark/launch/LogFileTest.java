package tidemark.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogFileTest {
    @TempDir
    Path folder;

    @Test
    void fullLogIsKeptBesideAndTheOldestGoes() throws Exception {
        Path file = folder.resolve("log");
        LogFile log = new LogFile(file);
        for (int n = 0; n < LogFile.KEPT + 2; n++) {
            assertEquals(file, log.ready());
            Files.writeString(file, "lines of part " + n, StandardOpenOption.APPEND);
            log.shorten(10);
            assertEquals(0, Files.size(file));
        }
        for (int n = 1; n <= LogFile.KEPT; n++) {
            Path copy = folder.resolve("log." + n);
            assertEquals("lines of part " + (LogFile.KEPT + 2 - n), Files.readString(copy));
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(copy)));
        }
        assertFalse(Files.exists(folder.resolve("log." + (LogFile.KEPT + 1))));
    }

    @Test
    void shortLogStays() throws Exception {
        Path file = Files.writeString(folder.resolve("log"), "lines");
        LogFile log = new LogFile(file);
        assertEquals(file, log.ready());
        log.shorten(10);
        assertEquals("lines", Files.readString(file));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    }

    @Test
    void logThatCannotBeWrittenGoesNowhere() throws Exception {
        assertEquals(Path.of("/dev/null"), new LogFile(Files.createDirectory(folder.resolve("log"))).ready());
    }
}
