package tidemark.executor.slurm;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What Slurm says of all jobs, asked at most twice a second, however many ask. A controller that does not answer changes nothing. */
final class Queue {
    private static final Logger LOG = LoggerFactory.getLogger(Queue.class);
    private static final long INTERVAL_NANOS = 500_000_000;
    private static final int USUAL_ARRAY_SIZE = 1000;

    private final Slurm slurm;
    private Map<String, String> states = Map.of();
    private long asked = System.nanoTime() - INTERVAL_NANOS;
    private long answers;

    Queue(Slurm slurm) {
        this.slurm = slurm;
    }

    /** @param answer the number of the answer that this is from */
    record Look(long answer, Optional<String> state) {}

    synchronized Look look(String task) {
        if (System.nanoTime() - asked >= INTERVAL_NANOS) {
            try {
                states = slurm.states();
                answers++;
            } catch (IOException e) {
                LOG.warn("{}; asking again", e.getMessage());
            }
            asked = System.nanoTime();
        }
        return new Look(answers, Optional.ofNullable(states.get(task)));
    }

    /** How many answers came so far. */
    synchronized long answers() {
        return answers;
    }

    /** How many tasks an array may have. */
    int arraySize() {
        try {
            return slurm.arraySize();
        } catch (IOException e) {
            LOG.warn("{}; taking it that arrays may have {} tasks", e.getMessage(), USUAL_ARRAY_SIZE);
            return USUAL_ARRAY_SIZE;
        }
    }
}
