package tidemark.bench.programs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tidemark.api.machine.GuestPart;
import tidemark.api.machine.GuestPart.Guest;
import tidemark.api.machine.MachineSpec;
import tidemark.api.machine.Parts;
import tidemark.api.shell.CommandError;
import tidemark.bench.BenchCommands;
import tidemark.bench.FreshPlatform;
import tidemark.bench.Qemu;
import tidemark.bench.TimedProcess;

/** Finds who runs guests on this host. QEMU is given the same kernel, RAM disk, command line, RAM and disk. */
final class Runners {
    private final Parts parts;
    private final Path folder;

    /** @param folder for kernels and RAM disks */
    Runners(Parts parts, Path folder) {
        this.parts = parts;
        this.folder = folder;
    }

    /** QEMU; empty if it is not installed. */
    Optional<Runner> qemu() throws InterruptedException {
        return Qemu.version(Qemu.SYSTEM).map(version -> new Runner(Runner.QEMU_SYSTEM, version, this::onQemu));
    }

    /** An engine of this platform. */
    static Runner engine(FreshPlatform platform, String cpu) {
        return new Runner(cpu, "CPU part " + cpu + " of this platform", (spec, disk) -> platform.exec("bench:guest '" + spec.guest() + "' --cpu '" + cpu
                + "' --ram " + spec.ramMiB() + disk.map(file -> " --disk '" + file + "'").orElse("") + " --input", BenchCommands.HART));
    }

    private TimedProcess onQemu(MachineSpec spec, Optional<Path> disk) throws IOException, CommandError {
        Guest guest = guest(spec.guest());
        List<String> options = new ArrayList<>(List.of("-kernel", file(spec.guest() + ".kernel", guest.kernel()), "-append", spec.arguments()));
        if (spec.firmware().isEmpty()) {
            options.addAll(List.of("-bios", "none"));
        }
        if (guest.initrd().length > 0) {
            options.addAll(List.of("-initrd", file(spec.guest() + ".initrd", guest.initrd())));
        }
        disk.map(image -> "file=" + image).or(() -> own(spec).map(image -> "snapshot=on,file=" + image)).ifPresent(drive -> options.addAll(List.of(
                "-global", "virtio-mmio.force-legacy=false", "-drive", drive + ",format=raw,if=none,id=disk0", "-device", "virtio-blk-device,drive=disk0")));
        return Qemu.board(spec.ramMiB(), options.toArray(String[]::new));
    }

    /** The image of a disk that the guest has by itself. */
    private static Optional<String> own(MachineSpec spec) {
        return spec.devices().stream().filter(device -> device.kind().equals("virtio.block")).map(device -> device.options().get("file")).findFirst();
    }

    private String file(String name, byte[] content) throws IOException {
        Path file = folder.resolve(name);
        if (Files.notExists(file)) {
            Files.write(file, content);
        }
        return file.toString();
    }

    private Guest guest(String name) throws CommandError {
        try (Parts.Use<GuestPart> use = parts.use(GuestPart.class, "guest", name, () -> { })) {
            return use.part().guest(name).orElseThrow(() -> new CommandError("bench:programs: bundle " + use.info().bundle() + " has no guest " + name));
        }
    }
}
