package tidemark.disk;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import tidemark.api.device.NoSpaceException;

/** What went wrong in the C library, and the way out. */
final class Errno {
    private Errno() {}

    /** @param result of a function of {@link Libc} */
    static long checked(long result, String what, Path file, long offset) throws IOException {
        if (result < 0) {
            int errno = (int) -result;
            String message = "Cannot " + what + " disk file " + file + " at offset " + offset + ": " + Libc.strerror(errno) + "; " + wayOut(errno);
            throw isFull(errno) ? new NoSpaceException(message) : new IOException(message);
        }
        return result;
    }

    private static boolean isFull(int errno) {
        return errno == Libc.ENOSPC || errno == Libc.EDQUOT;
    }

    private static String wayOut(int errno) {
        return switch (errno) {
            case Libc.ENOSPC, Libc.EDQUOT -> "make room there";
            case Libc.EFBIG -> "put it on a file system that takes larger files";
            case Libc.EIO -> "the host's disk fails: see the kernel's log, go on from a checkpoint or a copy on another disk";
            default -> "see what its file system is about";
        };
    }

    static IOException notOpened(Path file, boolean writable, int errno) {
        return switch (errno) {
            case Libc.EEXIST -> new FileAlreadyExistsException(file.toString(), null, "it exists already; choose another name or delete it");
            case Libc.ENOENT -> new NoSuchFileException(file.toString(), null, "there is no such " + missing(file) + "; create it or correct the name");
            case Libc.EACCES -> new IOException("Disk file " + file + " may not be " + (writable ? "written" : "read") + " by this user; change its mode, or "
                    + (writable ? "open it read-only" : "use a copy"));
            case Libc.EROFS -> new IOException("Disk file " + file + " is on a read-only file system; open it read-only, or put an overlay over it elsewhere");
            default -> new IOException("Cannot open disk file " + file + ": " + Libc.strerror(errno) + "; see what its file system is about");
        };
    }

    private static String missing(Path file) {
        Path folder = file.toAbsolutePath().getParent();
        return folder == null || Files.isDirectory(folder) ? "disk file" : "folder " + folder;
    }
}
