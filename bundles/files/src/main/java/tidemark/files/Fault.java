package tidemark.files;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** What an exception of the file system says, in words: Java's own message often is but the path. */
public final class Fault {
    private static final String TOO_MANY = "Too many open files";

    private Fault() {}

    /** A reason without a path, for the middle of a sentence; and the way out where it lies outside of the platform. */
    public static String reason(IOException e) {
        String reason = switch (e) {
            case FileSystemException place when place.getReason() != null -> place.getReason();
            case NoSuchFileException absent -> "there is no such file or folder";
            case AccessDeniedException denied -> "permission denied";
            case FileAlreadyExistsException exists -> "it exists already";
            case DirectoryNotEmptyException full -> "the folder is not empty";
            case NotDirectoryException file -> "it is no folder";
            case FileSystemLoopException loop -> "its symbolic links lead in a circle";
            case FileSystemException place -> "the file system refuses it";
            default -> e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        };
        return reason.contains(TOO_MANY) ? reason + " (ulimit -n sets how many there may be)" : reason;
    }
}
