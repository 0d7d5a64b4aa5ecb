package tidemark.guest.debian;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/** Files that come with this bundle, as archives: for initial RAM disks, after that which was made of packages, and for the root disk. */
enum Scripts {
    /** A shell in RAM. */
    SHELL("etc/inittab", "etc/rc", "etc/dhcp", "etc/profile", "etc/profile.d/resize.sh", "etc/hostname", "etc/hosts", "etc/passwd", "etc/group",
            "etc/filesystems", "usr/local/sbin/tidemark-run"),
    /** Goes on from a root disk. */
    INIT("init"),
    /** Makes a root disk. */
    MAKER("etc/make-root"),
    /** For a root disk. */
    ROOT("etc/default/locale", "etc/fstab", "etc/hostname", "etc/hosts", "etc/profile.d/resize.sh", "etc/network/interfaces.d/cards",
            "etc/systemd/system/tidemark-run.service", "usr/local/sbin/tidemark-run");

    private static final int SCRIPT = '#' << 8 | '!';
    private final List<String> paths;

    Scripts(String... paths) {
        this.paths = List.of(paths);
    }

    byte[] archive() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (Cpio archive = new Cpio(bytes)) {
            for (String path : paths) {
                byte[] content = resource(path);
                archive.file(path, (content[0] << 8 | content[1]) == SCRIPT ? 0755 : 0644, content);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the scripts from the bundle", e);
        }
        return bytes.toByteArray();
    }

    private static byte[] resource(String path) throws IOException {
        try (InputStream in = Scripts.class.getResourceAsStream("files/" + path)) {
            if (in == null) {
                throw new IllegalStateException(path + " is missing from the bundle; build the bundle anew");
            }
            return in.readAllBytes();
        }
    }
}
