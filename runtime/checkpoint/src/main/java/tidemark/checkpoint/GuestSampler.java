package tidemark.checkpoint;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.api.checkpoint.CheckpointReport.Sample;
import tidemark.api.machine.Machine;

/** Looks at how many instructions a guest has retired, about every ten milliseconds, on a thread of its own. */
final class GuestSampler implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(GuestSampler.class);
    private static final long PERIOD_MS = 10;

    /** @param time of {@link System#nanoTime} */
    record Point(long time, long instructions) {
        /** Instructions per second since an earlier point. */
        double rateSince(Point earlier) {
            long nanos = time - earlier.time;
            return nanos <= 0 ? 0 : (instructions - earlier.instructions) * 1e9 / nanos;
        }
    }

    private final Machine machine;
    private final List<Point> points = new ArrayList<>();
    private final Thread thread;

    GuestSampler(Machine machine) {
        this.machine = machine;
        thread = Thread.ofPlatform().daemon().name("sampler-" + machine.name()).start(this::run);
    }

    /** A point of now. */
    Point sample() {
        synchronized (points) {
            Point point = new Point(System.nanoTime(), machine.instructions());
            points.add(point);
            return point;
        }
    }

    List<Sample> samples(long request) {
        synchronized (points) {
            List<Sample> samples = new ArrayList<>();
            for (int i = 1; i < points.size(); i++) {
                Point point = points.get(i);
                samples.add(new Sample(Duration.ofNanos(point.time - request), point.rateSince(points.get(i - 1)) / 1e6));
            }
            return samples;
        }
    }

    private void run() {
        try {
            while (true) {
                sample();
                Thread.sleep(PERIOD_MS);
            }
        } catch (InterruptedException e) {
            LOG.trace("Sampling of {} ended", machine.name());
        } catch (RuntimeException e) {
            LOG.debug("Sampling of {} ended early: {}", machine.name(), e.toString());
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
