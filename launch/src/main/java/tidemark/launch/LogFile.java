package tidemark.launch;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import tidemark.files.Fault;

/**
 * The platform's log: its owner's alone, since guests' words may be in it, and bounded. When it has {@link #MOST} bytes it is copied to {@code tidemark.log.1},
 * what was there to {@code .2} and so on up to {@link #KEPT}, and cut. Cut rather than renamed: several platforms of one home append to one file.
 */
final class LogFile {
    static final long MOST = 8 << 20;
    static final int KEPT = 3;
    private static final long LOOK_EVERY_MS = 1_000;
    /** Less than a block of a file system: nothing more can be written. */
    private static final long LEAST_ROOM = 4096;
    private static final Path NOWHERE = Path.of("/dev/null");
    private static final Set<PosixFilePermission> MODE = PosixFilePermissions.fromString("rw-------");

    private final Path file;
    private boolean full;

    LogFile(Path file) {
        this.file = file;
    }

    /** @return where the log goes: nowhere if the file cannot be written, which is said in one line */
    Path ready() {
        try {
            if (!Files.exists(file)) {
                Files.createFile(file, PosixFilePermissions.asFileAttribute(MODE));
            }
            Files.setPosixFilePermissions(file, MODE);
            FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.APPEND).close();
            shorten(MOST);
            return file;
        } catch (IOException e) {
            System.err.println("tidemark: cannot write the log " + file + " (" + Fault.reason(e) + "); the platform runs without one");
            return NOWHERE;
        }
    }

    /** Looks after its length, and says when there is no room for it, as long as this process lives. */
    void lookAfter() {
        Thread.ofPlatform().daemon().name("tidemark-log").start(() -> {
            while (true) {
                try {
                    Thread.sleep(LOOK_EVERY_MS);
                    sayIfFull(System.err);
                    shorten(MOST);
                } catch (InterruptedException e) {
                    return;
                } catch (IOException e) {
                    // no room for a copy, or the file is gone: tried again
                }
            }
        });
    }

    /** Once, until there is room again. What is not written meanwhile is lost. */
    void sayIfFull(PrintStream to) throws IOException {
        boolean was = full;
        full = Files.isRegularFile(file) && Files.getFileStore(file).getUsableSpace() < LEAST_ROOM;
        if (full && !was) {
            to.println("tidemark: the log " + file + " is not written: its file system is full; make room there. The platform runs on without a log until then");
        }
    }

    /** Another process that does the same at this time is left alone. */
    void shorten(long most) throws IOException {
        if (!Files.isRegularFile(file) || Files.size(file) < most) {
            return;
        }
        try (FileChannel log = FileChannel.open(file, StandardOpenOption.WRITE); FileLock lock = log.tryLock()) {
            if (lock != null && log.size() >= most) {
                moveFormer();
                Files.copy(file, copy(1));
                log.truncate(0);
            }
        } catch (OverlappingFileLockException e) {
            // by another thread
        }
    }

    private void moveFormer() throws IOException {
        for (int n = KEPT; n > 1; n--) {
            if (Files.exists(copy(n - 1))) {
                Files.move(copy(n - 1), copy(n), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        Files.deleteIfExists(copy(1));
    }

    private Path copy(int n) {
        return file.resolveSibling(file.getFileName() + "." + n);
    }
}
