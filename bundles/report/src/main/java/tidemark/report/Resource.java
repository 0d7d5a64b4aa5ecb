package tidemark.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Texts that are part of a bundle. */
public final class Resource {
    private Resource() {}

    /** The text of a file beside a class. */
    public static String text(Class<?> home, String name) {
        try (InputStream in = home.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
