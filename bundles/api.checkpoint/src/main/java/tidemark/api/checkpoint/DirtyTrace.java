package tidemark.api.checkpoint;

import java.time.Duration;
import java.util.List;

/**
 * What a running guest wrote, epoch after epoch.
 *
 * @param pages of RAM
 * @param distinct pages that were written at all
 * @param stood how long the guest stood for the ends of epochs, in all
 */
public record DirtyTrace(String machine, String tracker, long pages, long distinct, Duration stood, List<Epoch> epochs) {
    public DirtyTrace {
        epochs = List.copyOf(epochs);
    }

    /**
     * @param end since the first epoch began
     * @param written pages that were written in it
     * @param distinct pages that were written since the first epoch began
     */
    public record Epoch(Duration end, long written, long distinct) {}
}
