package tidemark.machine;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.disk.layers.LayerFiles;
import tidemark.files.Disposable;
import tidemark.files.Fault;
import tidemark.files.Leftovers;

/** Layers of a disk that is only scratched on: if this process is killed nobody needs them, until a checkpoint is about to name them. Any thread. */
final class ScratchLayers {
    private static final Logger LOG = LoggerFactory.getLogger(ScratchLayers.class);

    private final Map<Path, Disposable> disposable = new ConcurrentHashMap<>();

    /** Removes what machines of dead processes left where this one's layers are going to be. */
    static void removeLeft(LayerFiles layers) {
        Leftovers.remove(layers.folder()).forEach(file -> LOG.info("Removed {}, left by a process that died", file));
    }

    /** Before the layer is made. Where that cannot be said of a file, the layer stays if this process is killed. */
    void add(Path layer) {
        try {
            disposable.put(layer, Disposable.claim(layer));
        } catch (IOException e) {
            LOG.info("Layer {} stays if this process is killed: {}", layer, Fault.reason(e));
        }
    }

    /** From now on these are needed. */
    void keep(List<Path> layers) throws IOException {
        for (Path layer : layers) {
            Disposable mark = disposable.remove(layer);
            if (mark != null) {
                mark.keep();
            }
        }
    }

    void remove(Path layer) throws IOException {
        Disposable mark = disposable.remove(layer);
        if (mark != null) {
            mark.remove();
        }
    }
}
