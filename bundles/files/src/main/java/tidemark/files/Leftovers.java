package tidemark.files;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What processes left that were killed: files that never got their name, companions whose main file never came, files that were disposable, reservations. Each was locked
 * by its process, so that one that can be locked is nobody's. Nothing else is touched.
 */
public final class Leftovers {
    /** Of files that are not whole yet; a companion's ends as the companion's own name does. */
    static final Pattern PARTIAL = Pattern.compile("\\.(.+)\\.partial-[0-9a-f]{16}(\\.[a-z]+)?");
    static final Pattern RESERVED = Pattern.compile("\\.(.+)\\.reserved");
    static final Pattern MARK = Pattern.compile("\\.(.+)\\.disposable");
    private static final long LONGEST_NAME = 1024;

    private Leftovers() {}

    /** Removes what lies in a folder; not in those below it. What cannot be removed stays. @return what was removed */
    public static List<Path> remove(Path folder) {
        List<Path> removed = new ArrayList<>();
        if (!Files.isDirectory(folder)) {
            return removed;
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder.toRealPath(), ".*")) {
            for (Path entry : entries) {
                removed.addAll(removeDead(entry));
            }
        } catch (IOException | DirectoryIteratorException e) {
            // a folder that cannot be read: what lies there stays
            return removed;
        }
        return removed;
    }

    private static List<Path> removeDead(Path entry) {
        String name = entry.getFileName().toString();
        Matcher partial = PARTIAL.matcher(name);
        try {
            if (partial.matches()) {
                return OwnedFile.ifDead(entry, () -> removePartial(entry, partial)).orElse(List.of());
            }
            if (RESERVED.matcher(name).matches()) {
                return OwnedFile.ifDead(entry, () -> delete(entry)).orElse(List.of());
            }
            return MARK.matcher(name).matches() ? removeMark(entry) : List.of();
        } catch (IOException e) {
            // another user's, or gone meanwhile
            return List.of();
        }
    }

    /** A companion that had its name already loses that too, unless its main file is there. */
    private static List<Path> removePartial(Path entry, Matcher name) throws IOException {
        List<Path> removed = new ArrayList<>();
        if (name.group(2) != null) {
            Path main = entry.resolveSibling(name.group(1));
            Path companion = entry.resolveSibling(name.group(1) + name.group(2));
            boolean orphan = exists(companion) && !exists(main) && Files.isSameFile(companion, entry);
            removed.addAll(orphan ? delete(companion) : List.of());
        }
        removed.addAll(delete(entry));
        return removed;
    }

    /** The mark of a dead process, and the file that it names. */
    static List<Path> removeMark(Path mark) throws IOException {
        return OwnedFile.ifDead(mark, () -> {
            List<Path> removed = new ArrayList<>();
            Matcher name = MARK.matcher(mark.getFileName().toString());
            if (name.matches() && isOwn(mark) && Files.size(mark) <= LONGEST_NAME && Files.readString(mark, UTF_8).equals(name.group(1))) {
                Path file = mark.resolveSibling(name.group(1));
                removed.addAll(isOwn(file) ? delete(file) : List.of());
            }
            removed.addAll(delete(mark));
            return removed;
        }).orElse(List.of());
    }

    /** Whether it is a plain file of this process's user: nobody else can have anything removed by putting a mark beside it. */
    private static boolean isOwn(Path file) throws IOException {
        return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) && isOfThisUser(file);
    }

    static boolean isOfThisUser(Path file) throws IOException {
        return Files.getAttribute(file, "unix:uid", LinkOption.NOFOLLOW_LINKS).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
    }

    private static boolean exists(Path file) {
        return Files.exists(file, LinkOption.NOFOLLOW_LINKS);
    }

    private static List<Path> delete(Path file) throws IOException {
        return Files.deleteIfExists(file) ? List.of(file) : List.of();
    }
}
