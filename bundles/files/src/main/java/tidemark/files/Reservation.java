package tidemark.files;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A name that a living process keeps for a file that comes later. Is a file of its own, {@code .NAME.reserved}, locked as long as its process lives. Binds only
 * those who ask here. Any thread.
 */
public final class Reservation implements AutoCloseable {
    private final Path file;
    private final OwnedFile mark;

    private Reservation(Path file, OwnedFile mark) {
        this.file = file;
        this.mark = mark;
    }

    /** @return empty if there is such a file, or a living process has reserved its name */
    public static Optional<Reservation> of(Path file) throws IOException {
        Path real = OwnedFile.real(file);
        Path path = real.resolveSibling("." + real.getFileName() + ".reserved");
        OwnedFile.ifDead(path, () -> Files.deleteIfExists(path));
        Reservation reservation;
        try {
            reservation = new Reservation(file, OwnedFile.create(() -> path, Audience.OWNER.atCreation()));
        } catch (FileAlreadyExistsException e) {
            return Optional.empty();
        }
        // last: who reserved it before may have made the file
        if (Files.exists(real, LinkOption.NOFOLLOW_LINKS)) {
            reservation.close();
            return Optional.empty();
        }
        return Optional.of(reservation);
    }

    public Path file() {
        return file;
    }

    /** After the file has its name, or when it does not come. */
    @Override
    public void close() throws IOException {
        try (mark) {
            Files.deleteIfExists(mark.path());
        }
    }
}
