package tidemark.bench;

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

/** Has QEMU run guests of the platform: with the same kernel, RAM disk, command line, RAM, harts and disk. */
public final class QemuGuest {
    private final Parts parts;
    private final Path folder;

    /** @param folder for kernels and RAM disks */
    public QemuGuest(Parts parts, Path folder) {
        this.parts = parts;
        this.folder = folder;
    }

    /** @param disk raw image of the first virtio disk; empty for the one that the guest has by itself, if it has */
    public TimedProcess start(MachineSpec spec, Optional<Path> disk) throws IOException, CommandError {
        Guest guest = guest(spec.guest());
        List<String> options = new ArrayList<>(List.of("-smp", Integer.toString(spec.harts()), "-kernel", file(spec.guest() + ".kernel", guest.kernel()),
                "-append", spec.arguments()));
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
            return use.part().guest(name).orElseThrow(() -> new CommandError("bench: bundle " + use.info().bundle() + " has no guest " + name));
        }
    }
}
