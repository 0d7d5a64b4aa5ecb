package tidemark.checkpoint;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import tidemark.api.machine.DiskLayer;
import tidemark.disk.layers.LayerRegister;

/** Tells the registers beside disks which images need their layers. */
final class DiskNeeds {
    private DiskNeeds() {}

    /** Before an image is published. */
    static void note(String id, Path image, List<DiskLayer> disks) throws IOException {
        for (DiskLayer disk : disks) {
            LayerRegister.needed(id, image, files(disk));
        }
    }

    /** When an image was deleted, or was not published. */
    static void gone(String id, List<DiskLayer> disks) throws IOException {
        for (DiskLayer disk : disks) {
            LayerRegister.gone(id, files(disk));
        }
    }

    private static List<Path> files(DiskLayer disk) {
        return disk.files().stream().map(DiskLayer.Stamp::file).toList();
    }
}
