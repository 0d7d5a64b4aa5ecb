package tidemark.api.lab;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Service: runs cells of an experiment, each as a process of its own. Its name is the service property {@link #NAME}. Any thread.
 *
 * <p>A cell publishes its result by itself, by renaming a file; the first that is published wins. So an executor may lose a cell or run it twice: nothing is
 * counted twice.
 */
@ConsumerType
public interface CellExecutor {
    String NAME = "tidemark.executor";

    /** Exit code of a cell that published its result. */
    int DONE = 0;
    /** Exit code of a cell that must not be tried again. */
    int NEVER_AGAIN = 42;

    /**
     * How many cells it runs at once.
     *
     * @param processors that a cell needs: its harts and the threads of its checkpoint; at least 1
     */
    int slots(int processors);

    /**
     * Starts a cell and returns at once.
     *
     * @throws IOException if it cannot be started; nothing runs then
     */
    RunningCell start(Job job) throws IOException;

    /**
     * A cell to run.
     *
     * @param command program and arguments
     * @param log takes what it writes
     * @param slot which of {@link #slots} it has, from 0
     * @param processors that it needs
     */
    record Job(List<String> command, Path log, int slot, int processors) {
        public Job {
            command = List.copyOf(command);
        }
    }

    /** A cell that was started. */
    @ConsumerType
    interface RunningCell {
        /** What it is known by where it runs: a process or job number. */
        String id();

        /** Waits for its end. @return its exit code; empty after the timeout */
        OptionalInt await(Duration timeout) throws InterruptedException;

        /** Ends it, and what it started. Returns when it has ended. */
        void cancel() throws InterruptedException;
    }
}
