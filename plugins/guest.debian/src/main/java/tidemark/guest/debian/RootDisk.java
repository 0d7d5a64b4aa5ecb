package tidemark.guest.debian;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import tidemark.api.device.Disk;
import tidemark.api.machine.ConsoleLog;
import tidemark.api.machine.Machine;
import tidemark.api.machine.MachineException;
import tidemark.api.machine.Machines;

/**
 * Makes a root disk of packages: an ext4 file system in a sparse file. The packages are set up where they belong, on a RISC-V machine, which makes the file
 * system, too: so the host needs neither root nor tools for it, and files have the owners and modes that Debian gives them.
 */
final class RootDisk {
    static final String IMAGE = "root.img";
    static final List<String> ESSENTIAL = List.of("?essential");
    static final List<String> PACKAGES = List.of("?essential", "apt", "systemd-sysv", "udev", "login", "passwd", "iproute2", "procps", "kmod",
            "e2fsprogs", "ifupdown", "udhcpc", "busybox-static", "debian-archive-keyring");
    private static final long BYTES = 1L << 30;
    private static final int RAM_MIB = 768;
    /** Of the file system, and what its hashes begin with. */
    private static final String ID = "7464656d-6172-4b64-8562-69616e313300";
    static final String ARCHIVE = "packages.cpio";
    private static final String MAKER_INITRD = "maker.initrd";
    private static final Pattern STEP = Pattern.compile("(Unpacking|Setting up) (\\S+) .*");
    private static final Duration A_WHILE = Duration.ofSeconds(5);
    private static final int LAST_LINES = 15;

    private final Path kernel;
    private final Path folder;
    private final String archive;
    private final Instant released;

    /**
     * @param kernel a product of {@link LinuxFiles}
     * @param folder gets the file {@link #IMAGE}
     * @param archive where the packages come from, for the system's own apt
     * @param released when its lists were signed; the system is dated so
     */
    RootDisk(Path kernel, Path folder, String archive, Instant released) {
        this.kernel = kernel;
        this.folder = folder;
        this.archive = archive;
        this.released = released;
    }

    /** All that decides what is made. */
    static String recipe() {
        return String.join("\n", PACKAGES.toString(), Long.toString(BYTES), ID, new String(Scripts.MAKER.archive(), StandardCharsets.UTF_8),
                new String(Scripts.ROOT.archive(), StandardCharsets.UTF_8));
    }

    /** Writes what the machine is given. @param essential the names of those of the packages that dpkg itself needs */
    void pack(List<Path> packages, List<String> essential, Consumer<String> progress) throws IOException, InterruptedException {
        try (Cpio disk = new Cpio(new BufferedOutputStream(Files.newOutputStream(folder.resolve(ARCHIVE))))) {
            text(disk, "archive", archive);
            text(disk, "epoch", Long.toString(released.getEpochSecond()));
            text(disk, "id", ID);
            text(disk, "essential", String.join("\n", essential));
            disk.file("modules", 0644, Files.readAllBytes(kernel.resolve(LinuxFiles.MODULES)));
            disk.file("files", 0644, Scripts.ROOT.archive());
            for (Path file : packages) {
                progress.accept("unpacking " + DebFile.name(file.getFileName().toString()));
                disk.file(file.getFileName().toString(), 0644, DebFile.uncompressed(file, folder));
            }
        }
        lengthenToSectors(folder.resolve(ARCHIVE));
    }

    private static void lengthenToSectors(Path file) throws IOException {
        try (RandomAccessFile disk = new RandomAccessFile(file.toFile(), "rw")) {
            disk.setLength(Math.ceilDiv(disk.length(), Disk.SECTOR) * Disk.SECTOR);
        }
    }

    private static void text(Cpio archive, String path, String text) throws IOException {
        archive.file(path, 0644, (text + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** Has a machine make the disk of what was packed. */
    void make(Machines machines, int packages, Consumer<String> progress) throws IOException, InterruptedException {
        try (RandomAccessFile image = new RandomAccessFile(folder.resolve(IMAGE).toFile(), "rw")) {
            image.setLength(BYTES);
        }
        writeInitrd();
        Machine machine = machines.create(machines.specify(Map.of("name", "making-" + Full.NAME, "kernel", kernel.resolve(LinuxFiles.KERNEL).toString(),
                "initrd", folder.resolve(MAKER_INITRD).toString(), "firmware", "sbi", "ram", Integer.toString(RAM_MIB),
                "arguments", CachedGuest.ARGUMENTS + " tidemark.run=/etc/make-root",
                "devices", "clint0=clint; plic0=plic; uart0=uart; power0=power; rtc0=rtc; disk0=virtio.block,file=" + folder.resolve(IMAGE)
                + ",format=raw; disk1=virtio.block,file=" + folder.resolve(ARCHIVE) + ",format=raw,access=ro")));
        try {
            machine.start();
            watch(machine, packages, progress);
        } finally {
            machines.destroy(machine.name());
        }
        Files.delete(folder.resolve(ARCHIVE));
        Files.delete(folder.resolve(MAKER_INITRD));
    }

    private void writeInitrd() throws IOException {
        try (var initrd = Files.newOutputStream(folder.resolve(MAKER_INITRD))) {
            Files.copy(kernel.resolve(LinuxFiles.INITRD), initrd);
            initrd.write(Scripts.SHELL.archive());
            initrd.write(Scripts.MAKER.archive());
        }
    }

    private static void watch(Machine machine, int packages, Consumer<String> progress) throws InterruptedException {
        ConsoleLog console = machine.console();
        progress.accept("setting up " + packages + " packages in a machine");
        while (!machine.await(Machine.Power.OFF, A_WHILE)) {
            List<MatchResult> steps = STEP.matcher(console.text()).results().toList();
            if (!steps.isEmpty()) {
                progress.accept("setting up " + packages + " packages in a machine: " + steps.size() * 100L / (2L * packages + 1)
                        + " %, " + steps.getLast().group(2));
            }
        }
        if (!console.text().contains("tidemark.run: SUCCESSFUL")) {
            List<String> lines = console.text().lines().toList();
            throw new MachineException("The packages of " + Full.NAME + " could not be set up; the machine's last lines:\n"
                    + String.join("\n", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size())));
        }
    }
}
