package tidemark.guest.debian;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A cpio archive in the "new ASCII" format (magic 070701), as the kernel unpacks it into its first root file system (the kernel's
 * driver-api/early-userspace/buffer-format). All files are root's and of the year 1970, so equal contents give equal archives.
 */
final class Cpio implements Closeable {
    private static final String MAGIC = "070701";
    private static final int FORMAT = 0170000;
    private static final int DIRECTORY = 0040000;
    private static final int REGULAR = 0100000;
    private static final int LINK = 0120000;
    private static final int ALIGNMENT = 4;

    private final OutputStream archive;
    private final Set<String> names = new LinkedHashSet<>();
    private long size;

    /** @param archive where it goes; closed with it */
    Cpio(OutputStream archive) {
        this.archive = archive;
    }

    /** @param path without a slash at its begin or end */
    Cpio directory(String path, int mode) throws IOException {
        return entry(path, DIRECTORY | mode, new byte[0]);
    }

    Cpio file(String path, int mode, byte[] content) throws IOException {
        return entry(path, REGULAR | mode, content);
    }

    /** A symbolic link. */
    Cpio link(String path, String target) throws IOException {
        return entry(path, LINK | 0777, target.getBytes(StandardCharsets.UTF_8));
    }

    /** Adds the folders above it, where they are missing. The first of a name is kept. */
    private Cpio entry(String path, int mode, byte[] content) throws IOException {
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
    @Override
    public void close() throws IOException {
        write("TRAILER!!!", 0, 0, new byte[0]);
        archive.close();
    }

    private void write(String path, int mode, int inode, byte[] content) throws IOException {
        byte[] name = (path + "\0").getBytes(StandardCharsets.UTF_8);
        int links = (mode & FORMAT) == DIRECTORY ? 2 : 1;
        int[] fields = {inode, mode, 0, 0, links, 0, content.length, 0, 0, 0, 0, name.length, 0};
        String header = MAGIC + IntStream.of(fields).mapToObj(field -> String.format(Locale.ROOT, "%08X", field)).collect(Collectors.joining());
        write(header.getBytes(StandardCharsets.US_ASCII));
        write(name);
        align();
        write(content);
        align();
    }

    private void write(byte[] bytes) throws IOException {
        archive.write(bytes);
        size += bytes.length;
    }

    private void align() throws IOException {
        write(new byte[(int) (-size & ALIGNMENT - 1)]);
    }
}
