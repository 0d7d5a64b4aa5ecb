package tidemark.checkpoint;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A round that is copied on a thread of its own, while the checkpoint's thread has slices run. */
final class BesideRound {
    private static final Duration FOREVER = Duration.ofDays(1);

    private final FutureTask<Void> copying;
    private final Course course;

    /** @param work copies the round; ends soon once the course is over */
    BesideRound(Stops.Work work, Course course) {
        this.course = course;
        copying = new FutureTask<>(() -> {
            work.run();
            return null;
        });
    }

    void begin(ThreadTimes threads, String machine) {
        threads.newThread("checkpoint-beside-" + machine, copying).start();
    }

    /** @return whether it ended within the time */
    boolean awaitEnd(Duration limit) throws Exception {
        try {
            copying.get(limit.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException e) {
            course.goesOn();
            return false;
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    void awaitEnd() throws Exception {
        awaitEnd(FOREVER);
    }
}
