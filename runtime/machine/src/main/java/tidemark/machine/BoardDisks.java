package tidemark.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.api.machine.DeviceSpec;
import tidemark.api.machine.DiskLayer;
import tidemark.api.machine.MachineException;
import tidemark.api.machine.MachineSpec;
import tidemark.api.machine.Parts;
import tidemark.disk.layers.LayerFiles;

/** Opens the disks of one machine: from their files, or from what a checkpoint froze. */
final class BoardDisks {
    private static final Logger LOG = LoggerFactory.getLogger(BoardDisks.class);

    private final MachineSpec machine;
    private final Parts parts;
    private final Optional<Map<String, DiskLayer>> layers;
    private final BiConsumer<DiskSlot, String> gone;
    private final Map<LayeredDisk, DiskSlot> slots = new HashMap<>();

    /**
     * @param layers what disks begin with; empty for what their specifications name
     * @param gone takes the slot of a disk and the name of a format of it whose part is about to go
     */
    BoardDisks(MachineSpec machine, Parts parts, Optional<List<DiskLayer>> layers, BiConsumer<DiskSlot, String> gone) {
        this.machine = machine;
        this.parts = parts;
        this.layers = layers.map(all -> all.stream().collect(Collectors.toMap(DiskLayer::device, Function.identity())));
        this.gone = gone;
    }

    /** @throws MachineException with what is wrong and the way out; nothing stays open */
    LayeredDisk open(DeviceSpec device) {
        DiskSlot[] opened = new DiskSlot[1];
        DiskFormats disk = new DiskFormats(parts, format -> {
            if (opened[0] != null) {
                gone.accept(opened[0], format);
            }
        });
        try {
            LayeredDisk layered = open(device, disk);
            opened[0] = new DiskSlot(layered, disk);
            slots.put(layered, opened[0]);
            layered.shorten(LayerMerge.CHAIN);
            return layered;
        } catch (IOException e) {
            closeQuietly(disk);
            throw new MachineException("Machine " + machine.name() + ", disk " + device.name() + ": " + text(e), e);
        } catch (RuntimeException | Error e) {
            closeQuietly(disk);
            throw e;
        }
    }

    private LayeredDisk open(DeviceSpec device, DiskFormats disk) throws IOException {
        DiskAccess access = DiskAccess.of(device.name(), device.options().getOrDefault("access", "rw"));
        if (layers.isPresent()) {
            DiskLayer layer = layers.get().get(device.name());
            if (layer == null) {
                throw new IOException("the image has no content of it; it is damaged, or was not made by this platform");
            }
            return LayeredDisk.ofLayer(access, disk, layer, scratch(device));
        }
        String file = device.options().getOrDefault("file", "");
        if (file.isEmpty()) {
            throw new IOException("it has no content; give it a file, as in " + device.name() + "=" + device.kind() + ",file=/path/of/disk.img");
        }
        Path path = Path.of(file).toAbsolutePath();
        if (!Files.exists(path)) {
            throw new NoSuchFileException(file);
        }
        return LayeredDisk.ofFile(device.name(), access, disk, path, device.options().getOrDefault("format", ""), scratch(device));
    }

    private LayerFiles scratch(DeviceSpec device) {
        return new LayerFiles(LayerFiles.ofPlatform(), machine.name() + "-" + device.name() + "-" + UUID.randomUUID().toString().substring(0, 8));
    }

    /** Of an open disk. */
    DiskSlot slot(LayeredDisk disk) {
        return slots.get(disk);
    }

    void close(LayeredDisk disk) {
        closeQuietly(disk);
        DiskSlot slot = slots.remove(disk);
        if (slot != null) {
            closeQuietly(slot.formats());
        }
    }

    private void closeQuietly(AutoCloseable closeable) {
        try {
            closeable.close();
        } catch (Exception e) {
            LOG.error("A disk of machine {} was not closed cleanly", machine.name(), e);
        }
    }

    private static String text(IOException e) {
        return e instanceof NoSuchFileException missing ? "there is no file " + missing.getFile() + "; disk:create makes one" : e.getMessage();
    }
}
