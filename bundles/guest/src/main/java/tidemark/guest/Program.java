package tidemark.guest;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import tidemark.api.machine.GuestPart;

/**
 * A bare program as a guest: its ELF file is the resource {@code NAME.elf} beside a class of its bundle. Its verdict on its result is NPB's.
 *
 * @param home the class
 */
public record Program(Class<?> home, String name, String description, int minimumRamMiB) implements GuestPart.Guest {
    private static final Pattern VERIFICATION = Pattern.compile("^ Verification +=\\s+((?:UN)?SUCCESSFUL)\\s", Pattern.MULTILINE);

    @Override
    public byte[] kernel() {
        try (InputStream in = home.getResourceAsStream(name + ".elf")) {
            if (in == null) {
                throw new IllegalStateException(name + ".elf is missing from the bundle; build the bundle anew");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + name + ".elf from the bundle", e);
        }
    }

    @Override
    public byte[] initrd() {
        return new byte[0];
    }

    @Override
    public Map<String, String> settings() {
        return Map.of();
    }

    @Override
    public Optional<String> verification(String console) {
        return VERIFICATION.matcher(console).results().map((MatchResult line) -> line.group(1)).reduce((earlier, last) -> last);
    }
}
