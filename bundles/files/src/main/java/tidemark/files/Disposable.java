package tidemark.files;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/**
 * Says of a file that nobody needs it when this process is gone, until {@link #keep}. Is a file of its own, {@code .NAME.disposable}, locked as long as its
 * process lives; made before the file itself, so that there is no instant at which a killed process leaves the file and nothing that tells. Any thread.
 */
public final class Disposable {
    private final Path file;
    private OwnedFile mark;

    private Disposable(Path file, OwnedFile mark) {
        this.file = file;
        this.mark = mark;
    }

    /**
     * @param file which is made after this
     * @throws FileAlreadyExistsException if a living process says the same of that name
     */
    public static Disposable claim(Path file) throws IOException {
        Path real = OwnedFile.real(file);
        Path path = mark(real);
        Leftovers.removeMark(path);
        OwnedFile mark = OwnedFile.create(() -> path, Audience.OWNER.atCreation());
        try {
            mark.channel().write(ByteBuffer.wrap(real.getFileName().toString().getBytes(UTF_8)));
            return new Disposable(real, mark);
        } catch (IOException e) {
            removeMark(mark);
            throw e;
        }
    }

    private static Path mark(Path file) {
        return file.resolveSibling("." + file.getFileName() + ".disposable");
    }

    /** Whether somebody says that of a file, or did so until killed. */
    public static boolean isClaimed(Path file) {
        return Files.exists(mark(file), LinkOption.NOFOLLOW_LINKS);
    }

    /** From now on the file is needed, whoever dies; also after a power failure. Does nothing a second time. */
    public synchronized void keep() throws IOException {
        if (mark != null) {
            removeMark(mark);
            mark = null;
            NewFile.forceFolder(file.getParent());
        }
    }

    /** Removes the file, if it is still disposable. @return whether it was */
    public synchronized boolean remove() throws IOException {
        if (mark == null) {
            return false;
        }
        Files.deleteIfExists(file);
        removeMark(mark);
        mark = null;
        return true;
    }

    private static void removeMark(OwnedFile mark) throws IOException {
        try (mark) {
            Files.deleteIfExists(mark.path());
        }
    }
}
