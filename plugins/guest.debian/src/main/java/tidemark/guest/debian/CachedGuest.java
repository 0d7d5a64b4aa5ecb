package tidemark.guest.debian;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import tidemark.api.machine.GuestPart.FetchableGuest;
import tidemark.api.machine.MachineException;
import tidemark.api.machine.MachineSpec;

/** A guest that is a product in the user's cache, with the files {@link LinuxFiles#KERNEL} and {@link LinuxFiles#INITRD}. */
abstract class CachedGuest implements FetchableGuest {
    /** Debian's name and what leaves out self-tests of the kernel's cryptography, two thirds of the instructions of a boot to the shell. */
    static final String ARGUMENTS = "console=ttyS0 cryptomgr.notests initcall_blacklist=jent_mod_init";
    static final String DEVICES = MachineSpec.DEFAULT_DEVICES + "; rtc0=rtc; rng0=virtio.entropy; vmgenid0=vmgenid";
    /** Of a command that was given in tidemark.run. */
    private static final Pattern VERDICT = Pattern.compile("^tidemark\\.run: ((?:UN)?SUCCESSFUL)\\b", Pattern.MULTILINE);

    private final String name;
    private final String product;
    private final Cache cache;
    private final Function<Consumer<String>, Apt> client;

    /** @param client makes an apt client that tells its progress */
    CachedGuest(String name, String product, Cache cache, Function<Consumer<String>, Apt> client) {
        this.name = name;
        this.product = product;
        this.cache = cache;
        this.client = client;
    }

    /** All that decides what is made of packages. */
    abstract String recipe();

    /** How much is fetched, and how long it takes. */
    abstract String effort();

    /** Files of this bundle that follow what was made of packages in the initial RAM disk. */
    abstract Scripts scripts();

    /**
     * Makes the product, unless it is the newest. With the cache locked.
     *
     * @param apt with up-to-date lists
     * @param update whether all that is there may be replaced by something newer
     */
    abstract Path make(Apt apt, boolean update, Consumer<String> progress) throws IOException, InterruptedException;

    final Cache cache() {
        return cache;
    }

    @Override
    public final String name() {
        return name;
    }

    final Optional<Path> product() {
        return cache.find(product, recipe());
    }

    @Override
    public final Optional<String> fetched() {
        return product().map(this::words);
    }

    private String words(Path folder) {
        return "Linux " + Cache.version(folder, product);
    }

    @Override
    public final String fetch(boolean update, Consumer<String> progress) throws InterruptedException {
        Optional<String> there = fetched();
        if (there.isPresent() && !update) {
            return there.get();
        }
        try (Cache.Lock _ = cache.lock(() -> progress.accept("waiting for another fetch to end"))) {
            Optional<String> meanwhile = fetched();
            return meanwhile.isPresent() && !update ? meanwhile.get() : words(make(update, progress));
        } catch (ClosedByInterruptException e) {
            Thread.interrupted();
            throw new InterruptedException();
        } catch (IOException e) {
            throw new MachineException("Cannot make " + name + " in " + cache.folder() + ": " + e.getMessage(), e);
        }
    }

    private Path make(boolean update, Consumer<String> progress) throws IOException, InterruptedException {
        Apt apt = client.apply(progress);
        apt.update();
        return make(apt, update, progress);
    }

    @Override
    public final byte[] kernel() {
        return read(LinuxFiles.KERNEL);
    }

    @Override
    public final byte[] initrd() {
        ByteArrayOutputStream both = new ByteArrayOutputStream();
        both.writeBytes(read(LinuxFiles.INITRD));
        both.writeBytes(scripts().archive());
        return both.toByteArray();
    }

    private byte[] read(String file) {
        Path folder = product().orElseThrow(() -> new MachineException("The guest " + name + " is made of packages that have to be fetched first (" + effort()
                + "); type: launch/tidemark guest fetch " + name));
        try {
            return Files.readAllBytes(folder.resolve(file));
        } catch (IOException e) {
            throw new MachineException("Cannot read " + e.getMessage() + "; to make it anew remove " + folder
                    + " and type: launch/tidemark guest fetch " + name, e);
        }
    }

    @Override
    public final Optional<String> verification(String console) {
        return VERDICT.matcher(console).results().map((MatchResult line) -> line.group(1)).reduce((earlier, last) -> last);
    }
}
