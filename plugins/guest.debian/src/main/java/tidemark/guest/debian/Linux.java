package tidemark.guest.debian;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import tidemark.api.machine.GuestPart.FetchableGuest;
import tidemark.api.machine.MachineException;
import tidemark.api.machine.MachineSpec;

/** Debian's kernel with a shell of busybox, in RAM. */
final class Linux implements FetchableGuest {
    static final String NAME = "debian";
    /*
     * The kernel's self-tests of its cryptography are two thirds of the instructions of a boot to the shell.
     */
    static final String ARGUMENTS = "console=ttyS0 cryptomgr.notests initcall_blacklist=jent_mod_init";
    private static final String DEVICES = MachineSpec.DEFAULT_DEVICES + "; rtc0=rtc; rng0=virtio.entropy";
    private static final String PRODUCT = "linux";
    /** Of a command that was given in tidemark.run. */
    private static final Pattern VERDICT = Pattern.compile("^tidemark\\.run: ((?:UN)?SUCCESSFUL)\\b", Pattern.MULTILINE);

    private final Cache cache;
    private final Function<Consumer<String>, Apt> client;

    /** @param client makes an apt client that tells its progress */
    Linux(Cache cache, Function<Consumer<String>, Apt> client) {
        this.cache = cache;
        this.client = client;
    }

    @Override
    public String name() {
        return NAME;
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
    public Optional<String> fetched() {
        return cache.find(PRODUCT, LinuxFiles.recipe()).map(Linux::words);
    }

    private static String words(Path product) {
        return "Linux " + product.getFileName().toString().replaceFirst("^" + PRODUCT + "-(.*)-[0-9a-f]+$", "$1");
    }

    @Override
    public String fetch(boolean update, Consumer<String> progress) throws InterruptedException {
        Optional<String> there = fetched();
        if (there.isPresent() && !update) {
            return there.get();
        }
        try (Cache.Lock _ = cache.lock(() -> progress.accept("waiting for another fetch to end"))) {
            Optional<String> meanwhile = fetched();
            return meanwhile.isPresent() && !update ? meanwhile.get() : words(make(progress));
        } catch (ClosedByInterruptException e) {
            Thread.interrupted();
            throw new InterruptedException();
        } catch (IOException e) {
            throw new MachineException("Cannot make " + name() + " in " + cache.folder() + ": " + e.getMessage(), e);
        }
    }

    private Path make(Consumer<String> progress) throws IOException, InterruptedException {
        Apt apt = client.apply(progress);
        apt.update();
        List<String> packages = apt.resolve(LinuxFiles.PACKAGES, LinuxFiles.WITHOUT);
        Optional<Path> newest = cache.find(PRODUCT, LinuxFiles.recipe()).filter(product -> Cache.packages(product).equals(packages));
        if (newest.isPresent()) {
            return newest.get();
        }
        Path archives = apt.fetch(LinuxFiles.PACKAGES);
        Path unfinished = cache.unfinished(PRODUCT);
        String version = LinuxFiles.make(packages.stream().map(archives::resolve).toList(), unfinished, progress);
        return cache.publish(unfinished, PRODUCT, version, packages, LinuxFiles.recipe());
    }

    @Override
    public byte[] kernel() {
        return read(LinuxFiles.KERNEL);
    }

    @Override
    public byte[] initrd() {
        byte[] files = read(LinuxFiles.INITRD);
        byte[] scripts = Scripts.archive();
        byte[] both = Arrays.copyOf(files, files.length + scripts.length);
        System.arraycopy(scripts, 0, both, files.length, scripts.length);
        return both;
    }

    private byte[] read(String file) {
        Path folder = cache.find(PRODUCT, LinuxFiles.recipe()).orElseThrow(() -> new MachineException("The guest " + NAME
                + " is made of packages that have to be fetched first (120 MB); type: launch/tidemark guest fetch " + NAME));
        try {
            return Files.readAllBytes(folder.resolve(file));
        } catch (IOException e) {
            throw new MachineException("Cannot read " + e.getMessage() + "; to make it anew remove " + folder + " and type: launch/tidemark guest fetch " + NAME, e);
        }
    }

    @Override
    public Optional<String> verification(String console) {
        return VERDICT.matcher(console).results().map((MatchResult line) -> line.group(1)).reduce((earlier, last) -> last);
    }
}
