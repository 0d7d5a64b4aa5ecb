package tidemark.checkpoint;

import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.api.checkpoint.CheckpointException;
import tidemark.api.checkpoint.ImageReader;
import tidemark.api.machine.Machine;
import tidemark.api.machine.Parts;
import tidemark.api.memory.DirtyTracker;
import tidemark.api.memory.PageSet;

/**
 * The increments of a machine: its newest image, and what was written since that image's instant. Between two increments the machine's log stays on, so
 * the tracker stays in use. One that fails loses nothing: what was written since the parent is kept until a child is published. Any thread.
 */
final class Lineage {
    private static final Logger LOG = LoggerFactory.getLogger(Lineage.class);

    private final Machine machine;
    private final Parts parts;
    private final Images images;
    private final Ledger ledger;
    /** Null before the first image. */
    private Path newest;
    private String id;
    /** Reads what was written since the newest image's instant; null if there is none. */
    private Ledger.Reader since;
    private Parts.Use<DirtyTracker> tracker;

    Lineage(Machine machine, Parts parts, Images images) {
        this.machine = machine;
        this.parts = parts;
        this.images = images;
        ledger = new Ledger(machine);
    }

    Machine machine() {
        return machine;
    }

    Ledger ledger() {
        return ledger;
    }

    /** Null if there is none. */
    synchronized Ledger.Reader since() {
        return since;
    }

    synchronized Optional<Path> newest() {
        return Optional.ofNullable(newest);
    }

    synchronized boolean isNewest(String imageId) {
        return newest != null && id.equals(imageId);
    }

    /** The newest image, if it is beside the child and nobody has put another in its place. */
    synchronized Optional<ImageReader.Parent> parentOf(Path child) {
        if (newest == null) {
            return Optional.empty();
        }
        Path folder = child.toAbsolutePath().normalize().getParent();
        if (!newest.getParent().equals(folder) || !images.isImage(newest, id)) {
            LOG.info("{} is a whole image: {} is not beside it, or is another image now", child, newest);
            return Optional.empty();
        }
        return Optional.of(new ImageReader.Parent(id, newest.getFileName().toString()));
    }

    /**
     * An image is published: it is the parent of the next.
     *
     * @param sinceThen reads from the image's instant on
     */
    synchronized void published(Path image, String imageId, Ledger.Reader sinceThen, String trackerName) throws Exception {
        Ledger.Reader former = since;
        newest = image.toAbsolutePath().normalize();
        id = imageId;
        since = sinceThen;
        try {
            if (former != null) {
                former.close(this::standing);
            }
            if (tracker == null) {
                tracker = parts.use(DirtyTracker.class, "tracker", trackerName, () -> trackerGone(trackerName));
            }
        } catch (Exception e) {
            end();
            throw e;
        }
    }

    private void trackerGone(String name) {
        LOG.info("The next increment of {} is a whole image: its tracker '{}' goes away", machine.name(), name);
        try {
            end();
        } catch (CheckpointException e) {
            LOG.warn("{}", e.getMessage());
        }
    }

    /** While no hart runs: all pages written since the newest image's instant, up to now. */
    synchronized PageSet writtenSoFar() throws Exception {
        ledger.endEpoch((kind, work) -> work.run());
        return since.look();
    }

    /** While no hart runs: the machine is what it was at an image's instant; that is the newest now, and nothing was written since. */
    synchronized void wentBack(Path image, String imageId) {
        newest = image.toAbsolutePath().normalize();
        id = imageId;
        since.take();
    }

    /** Nothing is kept for increments any more: the next one is a whole image. No effect if there are none. */
    synchronized void end() throws CheckpointException {
        newest = null;
        try {
            if (since != null) {
                since.close(this::standing);
                since = null;
            }
        } catch (Exception e) {
            throw new CheckpointException("Cannot end the increments of " + machine.name() + ": " + Task.text(e), e);
        } finally {
            if (tracker != null) {
                tracker.close();
                tracker = null;
            }
        }
    }

    private void standing(String kind, Stops.Work work) throws Exception {
        machine.handshake(() -> {
            work.run();
            return null;
        });
    }
}
