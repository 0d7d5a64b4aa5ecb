package tidemark.guest;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import tidemark.api.machine.GuestPart;
import tidemark.api.machine.MachineSpec;

/**
 * A bare program as a guest: its ELF file is the resource {@code NAME.elf} beside a class of its bundle. Its verdict on its result is NPB's.
 *
 * @param home the class
 * @param diskGiB size of the empty disk that the machine has by default, which is its own and goes with it; 0 for no disk
 */
public record Program(Class<?> home, String name, String description, int minimumRamMiB, int diskGiB) implements GuestPart.Guest {
    private static final Pattern VERIFICATION = Pattern.compile("^ Verification +=\\s+((?:UN)?SUCCESSFUL)\\s", Pattern.MULTILINE);

    /** Without a disk. */
    public Program(Class<?> home, String name, String description, int minimumRamMiB) {
        this(home, name, description, minimumRamMiB, 0);
    }

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
        return settings(System.getenv());
    }

    Map<String, String> settings(Map<String, String> environment) {
        return diskGiB == 0 ? Map.of() : Map.of("devices", MachineSpec.DEFAULT_DEVICES + "; disk0=virtio.block,file="
                + EmptyDisk.in(UserCache.folder(environment), diskGiB) + ",format=raw,access=scratch");
    }

    @Override
    public Optional<String> verification(String console) {
        return VERIFICATION.matcher(console).results().map((MatchResult line) -> line.group(1)).reduce((earlier, last) -> last);
    }
}
