package tidemark.guest.debian;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * A cpio archive in the "new ASCII" format (magic 070701), as the kernel unpacks it into its first root file system (the kernel's
 * driver-api/early-userspace/buffer-format). All files are root's and of the year 1970, so equal contents give equal archives.
 */
final class Cpio {
    private static final String MAGIC = "070701";
    private static final int DIRECTORY = 0040000;
    private static final int REGULAR = 0100000;
    private static final int LINK = 0120000;
    private static final int ALIGNMENT = 4;

    private final ByteArrayOutputStream archive = new ByteArrayOutputStream();
    private final Set<String> names = new LinkedHashSet<>();

    /** @param path without a slash at its begin or end */
    Cpio directory(String path, int mode) {
        return entry(path, DIRECTORY | mode, new byte[0]);
    }

    Cpio file(String path, int mode, byte[] content) {
        return entry(path, REGULAR | mode, content);
    }

    /** A symbolic link. */
    Cpio link(String path, String target) {
        return entry(path, LINK | 0777, target.getBytes(StandardCharsets.UTF_8));
    }

    /** Adds the folders above it, where they are missing. The first of a name is kept. */
    private Cpio entry(String path, int mode, byte[] content) {
        if (names.contains(path)) {
            return this;
        }
        int slash = path.lastIndexOf('/');
        if (slash > 0) {
            directory(path.substring(0, slash), 0755);
        }
        names.add(path);
        write(path, mode, names.size(), content);
        return this;
    }

    /** Ends the archive. Archives may follow one another. */
    byte[] end() {
        write("TRAILER!!!", 0, 0, new byte[0]);
        return archive.toByteArray();
    }

    private void write(String path, int mode, int inode, byte[] content) {
        byte[] name = (path + "\0").getBytes(StandardCharsets.UTF_8);
        int links = (mode & DIRECTORY) != 0 && (mode & REGULAR) == 0 ? 2 : 1;
        int[] fields = {inode, mode, 0, 0, links, 0, content.length, 0, 0, 0, 0, name.length, 0};
        archive.writeBytes(MAGIC.getBytes(StandardCharsets.US_ASCII));
        IntStream.of(fields).forEach(field -> archive.writeBytes(String.format(Locale.ROOT, "%08X", field).getBytes(StandardCharsets.US_ASCII)));
        archive.writeBytes(name);
        align();
        archive.writeBytes(content);
        align();
    }

    private void align() {
        while (archive.size() % ALIGNMENT != 0) {
            archive.write(0);
        }
    }
}
