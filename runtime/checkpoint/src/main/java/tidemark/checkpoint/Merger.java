package tidemark.checkpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tidemark.api.checkpoint.CheckpointException;
import tidemark.api.checkpoint.ImageReader;
import tidemark.api.checkpoint.ImageWriter;
import tidemark.api.checkpoint.PageBatch;
import tidemark.api.machine.Grants;
import tidemark.api.memory.PageSet;
import tidemark.api.memory.PhysicalMemory;

/** Lets an increment hold what its ancestors hold for it. */
final class Merger {
    private final Images images;
    private final BatchPool batches;

    Merger(Images images, BatchPool batches) {
        this.images = images;
        this.batches = batches;
    }

    /** The new image has the name and the id of the former, so that children, proof and layers of disks fit to it. */
    void merge(Path image, Optional<Path> onto) throws CheckpointException {
        List<Ancestor> line = Ancestor.line(image, images);
        try {
            int end = onto.isEmpty() ? line.size() : Ancestor.find(line, onto.get());
            if (end <= 1) {
                return; // it is whole, or that is its parent already
            }
            Images.Opened newest = line.getFirst().image();
            Map<String, String> manifest = new TreeMap<>(newest.manifest());
            Optional<ImageReader.Parent> parent = line.stream().skip(end).findFirst().map(Ancestor::asParent);
            parent.ifPresentOrElse(of -> manifest.put(Manifest.PARENT, of.file()), () -> manifest.remove(Manifest.PARENT));
            boolean takenHere = new ImageFiles(image, newest.manifest(), Grants.ofPlatform(), List.of()).isTakenHere();
            try (ImageWriter writer = newest.replace(image)) {
                copyPages(line.subList(0, end), writer);
                writer.writeStates(newest.states());
                if (parent.isPresent()) {
                    writer.writeParent(parent.get());
                }
                writer.publish(manifest);
            }
            if (takenHere) {
                ImageFiles.takenHere(image, manifest, Grants.ofPlatform());
            }
        } catch (IOException e) {
            throw new CheckpointException("Cannot merge " + image + ": " + Task.text(e) + "; it stays as it was", e);
        } finally {
            line.forEach(Ancestor::close);
        }
    }

    /** The newest version of every page that one of the images has, be it zeros. */
    private void copyPages(List<Ancestor> line, ImageWriter to) throws CheckpointException, IOException {
        PageBatch batch = batches.take();
        PageSet left = PageSet.all(line.getFirst().image().pages());
        PageSet zeros = left.copy();
        try (Arena arena = Arena.ofConfined()) {
            for (Ancestor each : line) {
                Increment.take(each, left, (page, bytes) -> {
                    zeros.remove(page);
                    add(page, bytes, batch, to);
                });
            }
            zeros.removeAll(left);
            long noBytes = arena.allocate(PhysicalMemory.PAGE_SIZE, PhysicalMemory.PAGE_SIZE).address();
            zeros.forEach(page -> add(page, noBytes, batch, to));
            write(batch, to);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } finally {
            batches.give(batch);
        }
    }

    private static void add(long page, long bytes, PageBatch batch, ImageWriter to) {
        batch.add(page, bytes);
        if (batch.isFull()) {
            write(batch, to);
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
