package tidemark.files;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A file that belongs to another one, its main file, and lies beside it: {@code MAIN.ENDING}. It has its name before the main file has, so that nobody sees one
 * without the other; if the main file does not come it goes, even if its writer is killed in between (see {@link Leftovers}). Threads take turns.
 */
public final class Companion implements AutoCloseable {
    private final Path main;
    private final NewFile file;
    private boolean named;
    private boolean kept;

    private Companion(Path main, NewFile file) {
        this.main = main;
        this.file = file;
    }

    /** @param ending of its name: a dot and small letters */
    public static Companion create(Path main, String ending) throws IOException {
        Path real = OwnedFile.real(main);
        Path target = real.resolveSibling(real.getFileName() + ending);
        return new Companion(real, NewFile.create(target, ending, Audience.OWNER_READS));
    }

    /** To write its content. */
    public FileChannel channel() {
        return file.channel();
    }

    /**
     * On return it is on disk under its name. What is there without a main file goes, unless a living process is about to give it one.
     *
     * @throws FileAlreadyExistsException if the main file exists or is being published by another
     */
    public void publish() throws IOException {
        requireNoMain();
        if (Files.exists(file.target(), LinkOption.NOFOLLOW_LINKS)) {
            removeOrphan();
        }
        file.owned().alsoKnownAs(file.target());
        try {
            file.publish();
            named = true;
        } finally {
            if (!named) {
                file.owned().notKnownAs(file.target());
            }
        }
    }

    private void requireNoMain() throws FileAlreadyExistsException {
        if (Files.exists(main, LinkOption.NOFOLLOW_LINKS)) {
            throw new FileAlreadyExistsException(main.toString());
        }
    }

    private void removeOrphan() throws IOException {
        Optional<Boolean> removed = OwnedFile.ifDead(file.target(), () -> Files.deleteIfExists(file.target()));
        if (removed.isEmpty()) {
            throw new FileAlreadyExistsException(main.toString());
        }
    }

    /** The main file has its name: the companion stays with it. */
    public void keep() {
        kept = true;
    }

    @Override
    public void close() throws IOException {
        try (file) {
            if (named && !kept && file.isNamed()) {
                Files.deleteIfExists(file.target());
            }
        } finally {
            if (named) {
                file.owned().notKnownAs(file.target());
            }
        }
    }
}
