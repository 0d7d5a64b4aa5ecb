package tidemark.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.api.device.DiskPart.Backing;
import tidemark.disk.Below;
import tidemark.disk.layers.LayerFiles;

/** Disk files that must not be written, since layers lie over them. */
final class FrozenFiles {
    private static final Logger LOG = LoggerFactory.getLogger(FrozenFiles.class);

    private FrozenFiles() {}

    /** @throws IOException if the file is frozen, with the file that goes on */
    static void refuse(DiskChain.Formats formats, Path file) throws IOException {
        Optional<Path> goesOn = goesOn(formats, file, new HashSet<>());
        if (goesOn.isPresent()) {
            throw new IOException("Disk file " + file + " is frozen: a checkpoint needs it, and it goes on in " + goesOn.get() + "; give file=" + goesOn.get()
                    + ", or access=scratch, or delete the layers (and with them the checkpoints) first");
        }
        if (LayerFiles.isMerged(file)) {
            throw new IOException("Disk file " + file + " was merged from frozen layers and is not written; give a layer over it, or access=scratch");
        }
    }

    /** The newest layer over a file, or over one over it. A merged one is none of its own. */
    private static Optional<Path> goesOn(DiskChain.Formats formats, Path file, Set<Path> seen) throws IOException {
        for (Path layer : LayerFiles.of(file).existing().reversed()) {
            if (!Files.isSameFile(file, layer) && liesOver(formats, layer, file) && seen.add(layer)) {
                Optional<Path> higher = goesOn(formats, layer, seen);
                if (higher.isPresent() || !LayerFiles.isMerged(layer)) {
                    return higher.or(() -> Optional.of(layer));
                }
            }
        }
        return Optional.empty();
    }

    private static boolean liesOver(DiskChain.Formats formats, Path layer, Path file) throws IOException {
        Optional<Path> below = below(formats, layer);
        return below.isPresent() && Files.exists(below.get()) && Files.isSameFile(below.get(), file);
    }

    private static Optional<Path> below(DiskChain.Formats formats, Path layer) {
        try {
            return Below.named(formats.part(DiskChain.OVERLAY), layer).map(Backing::file);
        } catch (IOException e) {
            LOG.debug("Layer {} was looked at: {}", layer, e.getMessage());
            return Optional.empty();
        }
    }
}
