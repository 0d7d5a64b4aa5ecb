package tidemark.guest.debian;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/** The scripts and settings of an initial RAM disk, which come with this bundle: an archive to follow that which was made of packages. */
final class Scripts {
    private static final List<String> PROGRAMS = List.of("etc/rc", "etc/network");
    private static final List<String> SETTINGS = List.of("etc/inittab", "etc/profile", "etc/hostname", "etc/hosts", "etc/passwd", "etc/group", "etc/filesystems");

    private Scripts() {}

    static byte[] archive() {
        Cpio archive = new Cpio();
        PROGRAMS.forEach(path -> archive.file(path, 0755, resource("initramfs/" + path)));
        SETTINGS.forEach(path -> archive.file(path, 0644, resource("initramfs/" + path)));
        return archive.link("etc/mtab", "/proc/mounts").end();
    }

    private static byte[] resource(String path) {
        try (InputStream in = Scripts.class.getResourceAsStream(path)) {
            if (in == null) {
                throw new IllegalStateException(path + " is missing from the bundle; build the bundle anew");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + path + " from the bundle", e);
        }
    }
}
