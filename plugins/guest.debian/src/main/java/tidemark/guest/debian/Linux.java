package tidemark.guest.debian;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/** Debian's kernel with a shell of busybox, in RAM. */
final class Linux extends CachedGuest {
    static final String NAME = "debian";
    private static final String PRODUCT = "linux";

    Linux(Cache cache, Function<Consumer<String>, Apt> client) {
        super(NAME, PRODUCT, cache, client);
    }

    @Override
    public String description() {
        return "Debian 13's Linux with busybox and e2fsprogs, in RAM: a root shell on the console";
    }

    @Override
    public int minimumRamMiB() {
        return 128;
    }

    @Override
    public Map<String, String> settings() {
        return Map.of("firmware", "sbi", "ram", "512", "devices", DEVICES, "arguments", ARGUMENTS);
    }

    @Override
    String recipe() {
        return LinuxFiles.recipe();
    }

    @Override
    String effort() {
        return "120 MB";
    }

    @Override
    Scripts scripts() {
        return Scripts.SHELL;
    }

    @Override
    Path make(Apt apt, boolean update, Consumer<String> progress) throws IOException, InterruptedException {
        List<String> packages = apt.resolve(LinuxFiles.PACKAGES, LinuxFiles.WITHOUT);
        Optional<Path> newest = product().filter(product -> Cache.packages(product).equals(packages));
        if (newest.isPresent()) {
            return newest.get();
        }
        Path archives = apt.fetch(LinuxFiles.PACKAGES);
        Path unfinished = cache().unfinished(PRODUCT);
        String version = LinuxFiles.make(packages.stream().map(archives::resolve).toList(), unfinished, progress);
        return cache().publish(unfinished, PRODUCT, version, packages, recipe());
    }
}
