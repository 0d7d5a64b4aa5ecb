package tidemark.admission;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;

/**
 * Whether only its owner can change what a path leads to, in the sense of sshd's {@code StrictModes}: the path and the folders above it, up to the user's home
 * or the root, belong to the user or to root, and nobody else may write to them. A folder above that lets others add files of their own but not touch those of
 * the user (mode 1777, as {@code /tmp}) is good enough. Of a symbolic link both its place and where it leads to are looked at.
 *
 * @param user numeric id
 */
record StrictModes(int user, Path home) {
    private static final int ROOT = 0;
    private static final int WRITABLE_BY_OTHERS = 0022;
    private static final int STICKY = 01000;

    /** @return what is wrong and what mends it; empty if nothing is */
    Optional<String> objection(Path path) throws IOException {
        Path absolute = path.toAbsolutePath().normalize();
        Optional<String> target = chain(absolute.toRealPath());
        return target.isPresent() ? target : chain(absolute);
    }

    private Optional<String> chain(Path path) throws IOException {
        for (Path at = path; at != null; at = at.getParent()) {
            Optional<String> wrong = wrong(at, at.equals(path));
            if (wrong.isPresent() || at.equals(home)) {
                return wrong;
            }
        }
        return Optional.empty();
    }

    private Optional<String> wrong(Path path, boolean itself) throws IOException {
        Map<String, Object> attributes = Files.readAttributes(path, "unix:uid,mode");
        int owner = (Integer) attributes.get("uid");
        int mode = (Integer) attributes.get("mode");
        if (owner != user && owner != ROOT) {
            return Optional.of(path + " belongs to " + Files.getOwner(path) + ", who could put anything there: chown it, or take another place");
        }
        if ((mode & WRITABLE_BY_OTHERS) != 0 && (itself || (mode & STICKY) == 0)) {
            return Optional.of("others than its owner may write to " + path + " (" + PosixFilePermissions.toString(Files.getPosixFilePermissions(path))
                    + "): chmod go-w " + quoted(path));
        }
        return Optional.empty();
    }

    /** As a shell takes it. */
    private static String quoted(Path path) {
        String text = path.toString();
        return text.matches("[\\w./~+-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
    }
}
