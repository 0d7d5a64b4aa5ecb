package tidemark.api.lab;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Service: runs cells of an experiment, each as a process of its own. Its name is the service property {@link #NAME}. Any thread.
 *
 * <p>A cell publishes its result by itself, by renaming a file; the first that is published wins. So an executor may lose a cell or run it twice: nothing is
 * counted twice. An executor never begins a cell again by itself.
 */
@ConsumerType
public interface CellExecutor {
    String NAME = "tidemark.executor";

    /** Exit code of a cell that published its result. */
    int DONE = 0;
    /** Exit code of a cell that must not be tried again. */
    int NEVER_AGAIN = 42;
    /** Exit code of a cell that somebody killed, or whose worker vanished. Such a cell may be tried again. */
    int KILLED = 128 + 9;
    /** Exit code of a cell that was asked to end by SIGTERM, as when a host is switched off. Such a cell may be tried again. */
    int TERMINATED = 128 + 15;

    /**
     * How many cells it takes at once; it may let them wait.
     *
     * @param processors that a cell needs: its harts and the threads of its checkpoint; at least 1
     */
    int slots(int processors);

    /**
     * Hands cells over and returns at once.
     *
     * @param jobs at least one, at most {@link #slots}; all of one experiment
     * @return a cell for each job, in their order
     * @throws IOException if they cannot be started; none runs then
     */
    List<RunningCell> start(List<Job> jobs) throws IOException;

    /**
     * A cell that another process handed over, which may have ended since.
     *
     * @param id what {@link RunningCell#id} said
     * @param log the {@link Job#log} that it was started with
     * @return empty if the cell did not outlive that process, or is not known
     */
    default Optional<RunningCell> find(String id, Path log) {
        return Optional.empty();
    }

    /**
     * A cell to run.
     *
     * @param command program and arguments
     * @param log takes what it writes, errors included; its folder is the try's own, and workers elsewhere see it by the same path
     * @param slot which of {@link #slots} it has, from 0
     * @param processors that it needs
     * @param timeLimit after which the caller will cancel it; at least that long it may run
     */
    record Job(List<String> command, Path log, int slot, int processors, Duration timeLimit) {
        public Job {
            command = List.copyOf(command);
        }
    }

    /** A cell that was handed over. */
    @ConsumerType
    interface RunningCell {
        /** By which {@link CellExecutor#find} finds it: a line of text that other executors do not take for theirs. */
        String id();

        /** Whether it runs or has ended; false while it waits for a worker. */
        boolean hasBegun();

        /** Waits for its end. @return its exit code; empty after the timeout */
        OptionalInt await(Duration timeout) throws InterruptedException;

        /** Ends it, and what it started. Returns when it has ended. */
        void cancel() throws InterruptedException;
    }
}
