package tidemark.checkpoint;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.api.machine.DiskLayer;
import tidemark.disk.HostFile;
import tidemark.disk.layers.LayerRegister;

/**
 * Tells the registers beside disks that an image needs their layers. From then on until the image is published this process has the layers open, which tells others
 * that it lives. An image that is registered as begun, of which no process has the layers open and which is not in its place, was never published.
 */
final class DiskNeeds implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DiskNeeds.class);

    private final String id;
    private final Path image;
    private final List<DiskLayer> disks;
    private final List<HostFile> open = new ArrayList<>();
    private boolean published;

    private DiskNeeds(String id, Path image, List<DiskLayer> disks) {
        this.id = id;
        this.image = image;
        this.disks = disks;
    }

    /** Before an image is published. */
    static DiskNeeds begin(String id, Path image, List<DiskLayer> disks) throws IOException {
        DiskNeeds needs = new DiskNeeds(id, image, disks);
        try {
            for (DiskLayer disk : disks) {
                needs.open.add(HostFile.open(disk.file(), false));
                LayerRegister.begun(id, image, files(disk));
            }
            return needs;
        } catch (IOException | RuntimeException e) {
            needs.close();
            throw e;
        }
    }

    /** The image has its name. Not being able to say so loses nothing: an image that is found where it was begun counts. */
    void published() {
        published = true;
        for (DiskLayer disk : disks) {
            try {
                LayerRegister.needed(id, image, files(disk));
            } catch (IOException e) {
                LOG.warn("Image {} is not registered with disk {}; move it only with that disk's layers: {}", image, disk.file(), e.getMessage());
            }
        }
    }

    /** When an image was deleted, or was not published. */
    static void gone(String id, List<DiskLayer> disks) throws IOException {
        for (DiskLayer disk : disks) {
            LayerRegister.gone(id, files(disk));
        }
    }

    @Override
    public void close() throws IOException {
        try {
            if (!published) {
                gone(id, disks);
            }
        } finally {
            open.forEach(HostFile::close);
            open.clear();
        }
    }

    private static List<Path> files(DiskLayer disk) {
        return disk.files().stream().map(DiskLayer.Stamp::file).toList();
    }
}
