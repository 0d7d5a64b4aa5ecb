package tidemark.checkpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tidemark.api.checkpoint.CheckpointException;
import tidemark.api.checkpoint.ImageReader;
import tidemark.api.checkpoint.ImageWriter;
import tidemark.api.checkpoint.PageBatch;
import tidemark.api.machine.Grants;

/** Makes whole images of increments. */
final class Merger {
    private final Images images;

    Merger(Images images) {
        this.images = images;
    }

    /** The new image has the name and the id of the former, so that children, proof and layers of disks fit to it. */
    void merge(Path image) throws CheckpointException {
        try (ImageReader whole = images.open(image); Images.Opened alone = images.openAlone(image)) {
            if (whole.parent().isEmpty()) {
                return;
            }
            Map<String, String> manifest = new TreeMap<>(whole.manifest());
            manifest.remove(Manifest.PARENT);
            boolean takenHere = new ImageFiles(image, whole.manifest(), Grants.ofPlatform(), List.of()).isTakenHere();
            try (ImageWriter writer = alone.replace(image)) {
                copyPages(whole, writer);
                writer.writeStates(whole.states());
                writer.publish(manifest);
            }
            if (takenHere) {
                ImageFiles.takenHere(image, manifest, Grants.ofPlatform());
            }
        } catch (IOException e) {
            throw new CheckpointException("Cannot merge " + image + ": " + Task.text(e) + "; it stays as it was", e);
        }
    }

    private static void copyPages(ImageReader from, ImageWriter to) throws CheckpointException, IOException {
        PageBatch batch = new PageBatch();
        try {
            from.readPages((page, bytes) -> {
                batch.add(page, bytes);
                if (batch.isFull()) {
                    write(batch, to);
                }
            });
            write(batch, to);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static void write(PageBatch batch, ImageWriter to) {
        try {
            to.writePages(batch);
            batch.clear();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
