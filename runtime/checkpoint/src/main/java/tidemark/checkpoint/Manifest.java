package tidemark.checkpoint;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.osgi.framework.Bundle;
import org.osgi.framework.FrameworkUtil;
import tidemark.api.checkpoint.CheckpointException;
import tidemark.api.checkpoint.CheckpointRequest;
import tidemark.api.checkpoint.ImageReader;
import tidemark.api.machine.DeviceSpec;
import tidemark.api.machine.DiskLayer;
import tidemark.api.machine.Machine;
import tidemark.api.machine.MachineException;
import tidemark.api.machine.MachineSpec;
import tidemark.api.memory.PhysicalMemory;

/** The manifest of an image: what the machine was made of ({@code machine.*}), how the image came about, and figures. */
final class Manifest {
    static final String ID = "id";
    /** The file name of an increment's parent, for people. */
    static final String PARENT = "parent";
    private static final String MACHINE = "machine.";
    /** {@code disk.DEVICE.format}; {@code disk.DEVICE.file0} and so on, the topmost first, with {@code .length}, {@code .modified}, {@code .witness}. */
    private static final String DISK = "disk.";
    private static final String FORMAT = ".format";
    private static final String FILE = ".file";
    private static final String WITNESS = ".witness";

    private Manifest() {}

    /** @param instructions that the machine had retired at the image's instant */
    static Map<String, String> of(String id, Optional<ImageReader.Parent> parent, CheckpointRequest request, Machine machine, MachineSpec spec, List<DiskLayer> disks, long instructions, Meter meter) {
        Map<String, String> manifest = new TreeMap<>();
        spec.withFiles(absolute(spec.kernel()), absolute(spec.initrd()), spec.hasFirmwareFile() ? absolute(spec.firmware()) : spec.firmware())
                .toProperties().forEach((key, value) -> manifest.put(MACHINE + key, value));
        request.options().forEach((key, value) -> manifest.put("option." + key, value));
        for (DiskLayer disk : disks) {
            String key = DISK + disk.device();
            manifest.put(key + FORMAT, disk.format());
            for (int i = 0; i < disk.files().size(); i++) {
                DiskLayer.Stamp stamp = disk.files().get(i);
                manifest.put(key + FILE + i, stamp.file().toString());
                manifest.put(key + FILE + i + ".length", Long.toString(stamp.length()));
                manifest.put(key + FILE + i + ".modified", Long.toString(stamp.modified()));
                manifest.put(key + FILE + i + WITNESS, stamp.witness());
            }
        }
        manifest.put(ID, id);
        parent.ifPresent(of -> manifest.put(PARENT, of.file()));
        manifest.put("platform", "Tidemark " + version());
        manifest.put("time", Instant.now().toString());
        manifest.put("protocol", request.protocol());
        manifest.put("tracker", request.tracker());
        manifest.put("copier", request.copier());
        manifest.put("layout", request.layout());
        manifest.put("stop", request.stop());
        manifest.put("instructions", Long.toString(instructions));
        manifest.put("pages", Long.toString(machine.memory().pages()));
        manifest.put("rounds", Integer.toString(meter.rounds()));
        manifest.put("copyingEndedBy", meter.copyingEndedBy());
        manifest.put("pagesCopied", Long.toString(meter.pagesCopied()));
        return manifest;
    }

    /** Whether a machine is more than RAM, the default devices and a guest of the platform's. */
    static boolean usesTheHost(MachineSpec spec) {
        MachineSpec plain = MachineSpec.of(Map.of("name", spec.name()));
        return !plain.devices().containsAll(spec.devices()) || !spec.kernel().isEmpty() || !spec.initrd().isEmpty() || spec.hasFirmwareFile();
    }

    /** The specification of the machine that an image was taken of. */
    static MachineSpec machine(ImageReader image) throws CheckpointException {
        Map<String, String> properties = new TreeMap<>();
        image.manifest().forEach((key, value) -> {
            if (key.startsWith(MACHINE)) {
                properties.put(key.substring(MACHINE.length()), value);
            }
        });
        try {
            MachineSpec spec = MachineSpec.of(properties);
            if (spec.ramBytes() != image.pages() * PhysicalMemory.PAGE_SIZE) {
                throw new CheckpointException("its machine has " + spec.ramMiB() + " MiB of RAM, it has " + image.pages() + " pages");
            }
            return spec;
        } catch (MachineException e) {
            throw new CheckpointException("its machine is one that this platform does not know: " + e.getMessage(), e);
        }
    }

    /** What the disks had at the image's instant, in the order of the machine's devices. */
    static List<DiskLayer> disks(ImageReader image, MachineSpec machine) throws CheckpointException {
        List<DiskLayer> disks = new ArrayList<>();
        for (DeviceSpec device : machine.devices()) {
            String key = DISK + device.name();
            List<DiskLayer.Stamp> files = files(image, key + FILE);
            if (!files.isEmpty()) {
                disks.add(new DiskLayer(device.name(), text(image, key + FORMAT), files));
            }
        }
        return disks;
    }

    private static List<DiskLayer.Stamp> files(ImageReader image, String prefix) throws CheckpointException {
        List<DiskLayer.Stamp> files = new ArrayList<>();
        for (int i = 0; image.manifest().containsKey(prefix + i); i++) {
            String key = prefix + i;
            files.add(new DiskLayer.Stamp(path(image, key), number(image, key + ".length"), number(image, key + ".modified"),
                    image.manifest().getOrDefault(key + WITNESS, "")));
        }
        return files;
    }

    private static String text(ImageReader image, String key) throws CheckpointException {
        String value = image.manifest().get(key);
        if (value == null) {
            throw new CheckpointException("its manifest has no " + key);
        }
        return value;
    }

    private static long number(ImageReader image, String key) throws CheckpointException {
        try {
            return Long.parseLong(text(image, key));
        } catch (NumberFormatException e) {
            throw new CheckpointException("its manifest has " + key + "=" + text(image, key) + ", which is no number", e);
        }
    }

    private static Path path(ImageReader image, String key) throws CheckpointException {
        try {
            return Path.of(text(image, key));
        } catch (InvalidPathException e) {
            throw new CheckpointException("its manifest has " + key + "=" + text(image, key) + ", which is no path", e);
        }
    }

    /** Whoever restores the image is in another folder. */
    private static String absolute(String file) {
        return file.isEmpty() ? file : Path.of(file).toAbsolutePath().toString();
    }

    private static String version() {
        Bundle bundle = FrameworkUtil.getBundle(Manifest.class);
        return bundle == null ? "outside a framework" : bundle.getVersion().toString();
    }
}
