package tidemark.disk;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** The first bytes of a file, by which a format knows its own. */
public final class Signature {
    private Signature() {}

    /** False also for what is no plain file. */
    public static boolean isOf(Path file, byte[] signature) throws IOException {
        if (!Files.isRegularFile(file)) {
            return false;
        }
        try (InputStream in = Files.newInputStream(file)) {
            return Arrays.equals(in.readNBytes(signature.length), signature);
        }
    }
}
