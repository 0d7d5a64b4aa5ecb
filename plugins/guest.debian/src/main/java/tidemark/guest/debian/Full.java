package tidemark.guest.debian;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import tidemark.api.machine.MachineException;
import tidemark.api.machine.Machines;

/** Debian with systemd and apt, on a disk. */
final class Full extends CachedGuest {
    static final String NAME = "debian-full";
    private static final String PRODUCT = "root";
    /** systemd asks terminals for their sizes, and waits seconds for what a script does not answer; its lines are on the console already as "OK". */
    private static final String TERMINAL = " systemd.log_level=notice systemd.tty.rows.console=24 systemd.tty.columns.console=80"
            + " systemd.tty.rows.ttyS0=24 systemd.tty.columns.ttyS0=80";

    private final Linux linux;
    private final Supplier<Optional<Machines>> machines;

    /** @param machines has a machine in which the packages are set up */
    Full(Linux linux, Function<Consumer<String>, Apt> client, Supplier<Optional<Machines>> machines) {
        super(NAME, PRODUCT, linux.cache(), client);
        this.linux = linux;
        this.machines = machines;
    }

    @Override
    public String description() {
        return "Debian 13 on a disk: systemd, apt, a login as root without password";
    }

    @Override
    public int minimumRamMiB() {
        return 192;
    }

    /** The disk is that of everyone who starts this guest: what is written goes with the machine. */
    @Override
    public Map<String, String> settings() {
        String disk = product().map(folder -> "; disk0=virtio.block,file=" + folder.resolve(RootDisk.IMAGE) + ",format=raw,access=scratch").orElse("");
        return Map.of("firmware", "sbi", "ram", "512", "devices", DEVICES + disk, "arguments", ARGUMENTS + TERMINAL);
    }

    @Override
    String recipe() {
        return LinuxFiles.recipe() + "\n" + RootDisk.recipe();
    }

    @Override
    String effort() {
        return "160 MB, and some minutes to set them up";
    }

    @Override
    Scripts scripts() {
        return Scripts.INIT;
    }

    @Override
    Path make(Apt apt, boolean update, Consumer<String> progress) throws IOException, InterruptedException {
        Optional<Path> there = update ? Optional.empty() : linux.product();
        Path kernel = there.isPresent() ? there.get() : linux.make(apt, update, progress);
        List<String> essential = apt.resolve(RootDisk.ESSENTIAL, "");
        List<String> packages = apt.resolve(RootDisk.PACKAGES, "");
        List<String> all = Stream.concat(Cache.packages(kernel).stream(), packages.stream()).toList();
        Optional<Path> newest = product().filter(product -> Cache.packages(product).equals(all));
        if (newest.isPresent()) {
            return newest.get();
        }
        Path archives = apt.fetch(RootDisk.PACKAGES);
        Path unfinished = cache().unfinished(PRODUCT);
        for (String file : List.of(LinuxFiles.KERNEL, LinuxFiles.INITRD)) {
            Files.createLink(unfinished.resolve(file), kernel.resolve(file));
        }
        RootDisk disk = new RootDisk(kernel, unfinished, apt.archive(), apt.released());
        disk.pack(packages.stream().map(archives::resolve).toList(), essential, progress);
        disk.make(platform(), packages.size(), progress);
        return cache().publish(unfinished, PRODUCT, Cache.version(kernel, "linux"), all, recipe());
    }

    private Machines platform() {
        return machines.get().orElseThrow(() -> new MachineException("There is no platform that has machines, in which the packages of " + NAME + " are set up"));
    }
}
