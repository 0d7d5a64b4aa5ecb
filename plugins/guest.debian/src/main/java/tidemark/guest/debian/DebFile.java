package tidemark.guest.debian;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Binary packages, deb(5): archives of ar(1) with the members debian-binary, control.tar and data.tar, the latter two compressed. */
final class DebFile {
    private static final String DPKG = "dpkg-deb";

    private DebFile() {}

    /** The name of its package. */
    static String name(String file) {
        return file.replaceFirst("_.*", "");
    }

    /** @param into gets the package's files */
    static void unpack(Path file, Path into) throws IOException, InterruptedException {
        try {
            HostCommand.run(List.of(DPKG, "-x", file.toString(), into.toString()), line -> { });
        } catch (HostCommand.Failed e) {
            throw refused(file, e);
        }
    }

    /** The same package, not compressed. @param scratch a folder */
    static byte[] uncompressed(Path file, Path scratch) throws IOException, InterruptedException {
        ByteArrayOutputStream archive = new ByteArrayOutputStream();
        archive.writeBytes(ascii("!<arch>\n"));
        member(archive, "debian-binary", ascii("2.0\n"));
        member(archive, "control.tar", tar(file, "--ctrl-tarfile", scratch));
        member(archive, "data.tar", tar(file, "--fsys-tarfile", scratch));
        return archive.toByteArray();
    }

    private static byte[] tar(Path file, String which, Path scratch) throws IOException, InterruptedException {
        Path output = scratch.resolve("tar");
        try {
            HostCommand.run(List.of(DPKG, which, file.toString()), output);
            return Files.readAllBytes(output);
        } catch (HostCommand.Failed e) {
            throw refused(file, e);
        } finally {
            Files.deleteIfExists(output);
        }
    }

    private static void member(ByteArrayOutputStream archive, String name, byte[] content) {
        archive.writeBytes(ascii(String.format(Locale.ROOT, "%-16s%-12d%-6d%-6d%-8s%-10d`\n", name, 0, 0, 0, "100644", content.length)));
        archive.writeBytes(content);
        if (content.length % 2 != 0) {
            archive.write('\n');
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static IOException refused(Path file, HostCommand.Failed e) {
        return new IOException("cannot unpack " + file + ": " + String.join("; ", e.lines()) + " (remove it to have it fetched again)", e);
    }
}
