package tidemark.files;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A folder of this process's own for files that nobody needs later: {@code tidemark-PURPOSE-RANDOM} in the temporary folder, mode 0700. It goes when it is
 * closed; if its process is killed, when another one calls {@link #removeLeft}. A locked file in it, {@code .owner}, tells whether its process lives.
 */
public final class TemporaryFolder implements AutoCloseable {
    private static final Pattern NAME = Pattern.compile("tidemark-[a-z]+-[0-9a-f]{16}");
    private static final String OWNER = ".owner";

    private final Path path;
    private final OwnedFile owner;

    private TemporaryFolder(Path path, OwnedFile owner) {
        this.path = path;
        this.owner = owner;
    }

    /** @param purpose small letters */
    public static TemporaryFolder create(String purpose) throws IOException {
        return create(inWhich(), purpose);
    }

    private static Path inWhich() {
        return Path.of(System.getProperty("java.io.tmpdir"));
    }

    /** @param parent instead of the temporary folder: what a killed process leaves there is not looked for */
    public static TemporaryFolder create(Path parent, String purpose) throws IOException {
        Path real = parent.toRealPath();
        while (true) {
            Path folder = Files.createDirectory(real.resolve("tidemark-" + purpose + "-" + OwnedFile.random()),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            try {
                return new TemporaryFolder(folder, OwnedFile.create(() -> folder.resolve(OWNER), Audience.OWNER.atCreation()));
            } catch (NoSuchFileException e) {
                // another process took it for one of the dead, before it was locked
                continue;
            } catch (IOException e) {
                Files.deleteIfExists(folder);
                throw e;
            }
        }
    }

    public Path path() {
        return path;
    }

    /** Removes the folder and all that is in it; links in it are removed, not followed. */
    @Override
    public void close() throws IOException {
        try (owner) {
            removeTree(path);
        }
    }

    /** Removes the folders of processes that were killed. @return what was removed */
    public static List<Path> removeLeft() {
        return removeLeft(inWhich());
    }

    static List<Path> removeLeft(Path parent) {
        List<Path> removed = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(parent.toRealPath(), "tidemark-*")) {
            for (Path folder : entries) {
                if (NAME.matcher(folder.getFileName().toString()).matches() && isOwn(folder) && removeIfDead(folder)) {
                    removed.add(folder);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            // a temporary folder that cannot be read: what lies there stays
            return removed;
        }
        return removed;
    }

    private static boolean isOwn(Path folder) throws IOException {
        return Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS) && Leftovers.isOfThisUser(folder);
    }

    private static boolean removeIfDead(Path folder) {
        try {
            if (!Files.exists(folder.resolve(OWNER), LinkOption.NOFOLLOW_LINKS)) {
                // killed before it was locked, or about to be locked: whoever is about to makes another one
                return Files.deleteIfExists(folder);
            }
            return OwnedFile.ifDead(folder.resolve(OWNER), () -> removeTree(folder)).isPresent();
        } catch (IOException e) {
            // gone meanwhile, or not to be removed
            return false;
        }
    }

    /** The file that tells of the owner goes last: what is killed meanwhile is gone on with later. */
    private static Path removeTree(Path root) throws IOException {
        Path owner = root.resolve(OWNER);
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (!file.equals(owner)) {
                    Files.deleteIfExists(file);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, IOException problem) throws IOException {
                if (!folder.equals(root)) {
                    Files.deleteIfExists(folder);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        Files.deleteIfExists(owner);
        Files.deleteIfExists(root);
        return root;
    }
}
