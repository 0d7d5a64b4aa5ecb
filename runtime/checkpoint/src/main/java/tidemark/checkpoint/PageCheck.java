package tidemark.checkpoint;

import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.api.checkpoint.CheckpointException;
import tidemark.api.checkpoint.ImageReader;
import tidemark.api.machine.Machine;
import tidemark.api.machine.Machines;

/**
 * Checks all pages of an image while a machine runs on them, and so has the kernel read them before the machine needs them. If one is damaged the machine stands from
 * then on: what it has computed may be wrong.
 */
final class PageCheck {
    private static final Logger LOG = LoggerFactory.getLogger(PageCheck.class);
    /** How often it looks whether the machine is still there, in pages; a power of two. */
    private static final int LOOK = 4096;
    /** The machine's first instructions go first: the check would take a processor from them. */
    private static final long HEAD_START_MS = 50;

    private final Path image;
    private final ImageReader reader;
    private final Machine machine;
    private final Machines machines;

    /** @param reader is closed at the end */
    PageCheck(Path image, ImageReader reader, Machine machine, Machines machines) {
        this.image = image;
        this.reader = reader;
        this.machine = machine;
        this.machines = machines;
    }

    void start() {
        Thread.ofPlatform().daemon().name("page-check-" + machine.name()).start(this::run);
    }

    private void run() {
        try (reader) {
            Thread.sleep(HEAD_START_MS);
            long[] pages = new long[1];
            reader.readPages((page, bytes) -> {
                if ((pages[0]++ & LOOK - 1) == 0 && machines.find(machine.name()).orElse(null) != machine) {
                    throw new Gone();
                }
            });
            LOG.debug("All {} pages of {} are as they were written", pages[0], image);
        } catch (Gone e) {
            LOG.debug("Machine {} is gone, its image is not checked further", machine.name());
        } catch (InterruptedException e) {
            LOG.debug("Nobody interrupts this thread", e);
        } catch (CheckpointException | RuntimeException e) {
            LOG.warn("Machine {} stands: its image is damaged: {}", machine.name(), Task.text(e));
            machine.hold("its image is damaged, what it computed may be wrong: " + Task.text(e));
        }
    }

    /** Nobody needs the check any more. */
    private static final class Gone extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }
}
