package tidemark.machine;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.api.device.DiskPart;
import tidemark.api.device.DiskPart.Backing;
import tidemark.api.machine.MachineException;
import tidemark.disk.Below;
import tidemark.disk.layers.LayerFiles;
import tidemark.disk.layers.LayerRegister;
import tidemark.disk.layers.LayerTree;
import tidemark.files.Audience;
import tidemark.files.Leftovers;
import tidemark.files.NewFile;

/**
 * Removes layers of disks that processes left that were killed: when the platform starts those of scratch disks, in its home; when a machine is made with a disk file those
 * beside the file. What cannot be removed stays, and the log says so.
 */
@Component(service = {}, immediate = true)
public final class LeftLayers {
    private static final Logger LOG = LoggerFactory.getLogger(LeftLayers.class);
    private static final String REGISTERED = "registered";

    @Activate
    public LeftLayers(@Reference(target = "(" + DiskPart.NAME + "=" + DiskChain.OVERLAY + ")") DiskPart overlay) {
        removeScratch(overlay);
    }

    private static void removeScratch(DiskPart overlay) {
        Path folder = LayerFiles.ofPlatform();
        if (!Files.isDirectory(folder)) {
            return;
        }
        try {
            Path begun = folder.resolve(REGISTERED);
            if (!Files.exists(begun)) {
                adopt(folder);
                NewFile.replace(begun, Audience.OWNER, "Layers that are older than this file have no register, and stay.\n");
            }
            for (LayerFiles disk : disks(folder)) {
                remove(overlay, disk);
                LayerRegister.removeWithoutDisk(disk);
            }
        } catch (IOException e) {
            LOG.info("Layers in {} that killed processes left stay: {}", folder, e.getMessage());
        }
    }

    /** Layers from before images were registered: nobody can tell whether an image needs them. */
    private static void adopt(Path folder) throws IOException {
        for (LayerFiles disk : disks(folder)) {
            if (!LayerRegister.exists(disk)) {
                LayerRegister.adopt(disk);
            }
        }
    }

    private static Set<LayerFiles> disks(Path folder) throws IOException {
        Set<LayerFiles> disks = new LinkedHashSet<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "[!.]*")) {
            files.forEach(file -> LayerFiles.ofAny(file).ifPresent(disks::add));
        }
        return disks;
    }

    /** Of a disk that is about to be written; and unfinished images beside it. */
    static void remove(DiskChain.Formats formats, LayerFiles disk) throws IOException {
        Leftovers.remove(disk.folder()).forEach(file -> LOG.info("Removed {}, left by a process that died", file));
        if (!disk.unfinished().isEmpty() || disk.existing().stream().anyMatch(LayerFiles::isMerged)) {
            try {
                remove(formats.part(DiskChain.OVERLAY), disk);
            } catch (MachineException e) {
                LOG.debug("Layers of {} are not looked at: {}", disk.base(), e.getMessage());
            }
        }
    }

    private static void remove(DiskPart overlay, LayerFiles disk) {
        try {
            LayerTree.removeLeft(disk, file -> below(overlay, file)).forEach(file -> LOG.info("Removed {}, left by a process that died", file));
        } catch (IOException e) {
            LOG.info("Layers of {} that a killed process left stay: {}", disk.base(), e.getMessage());
        }
    }

    private static Optional<Path> below(DiskPart overlay, Path file) throws IOException {
        return LayerFiles.isLayer(file) ? Below.named(overlay, file).map(Backing::file) : Optional.empty();
    }
}
