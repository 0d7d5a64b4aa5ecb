package tidemark.disk.qcow2;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.regex.Pattern;
import tidemark.api.device.DiskPart.Backing;

/** The name of a backing file, as QEMU understands it. */
final class BackingName {
    private static final String FILE = "file:";
    private static final Pattern PROTOCOL = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:.*", Pattern.DOTALL);

    private BackingName() {}

    static Backing of(Path image, Header header) throws IOException {
        String name = header.backingFile();
        String plain = name.startsWith(FILE) ? name.substring(FILE.length()) : name;
        if (PROTOCOL.matcher(plain).matches()) {
            throw refusal(image, "its backing file is no file of this host: " + name, "FILE");
        }
        if (header.backingFormat().isEmpty()) {
            throw refusal(image, "it does not say of which format its backing file " + name + " is, and guessing would let a guest choose", name);
        }
        try {
            return new Backing(image.toAbsolutePath().resolveSibling(plain), header.backingFormat());
        } catch (InvalidPathException e) {
            throw refusal(image, "its backing file has no name for a file: " + e.getMessage(), "FILE");
        }
    }

    private static IOException refusal(Path image, String why, String backing) {
        return new IOException("Disk file " + image + " cannot be opened as format qcow2: " + why + "; correct that with qemu-img rebase -u -b " + backing
                + " -F FORMAT " + image);
    }
}
