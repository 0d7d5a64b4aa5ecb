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

    /**
     * @param time of {@link System#nanoTime}
     * @param hartTime nanoseconds of CPU time that the harts have had
     */
    record Point(long time, long instructions, long hartTime) {
        static Point of(Machine machine) {
            return new Point(System.nanoTime(), machine.instructions(), machine.hartTime().toNanos());
        }

        /** Instructions per second since an earlier point. */
        double rateSince(Point earlier) {
            long nanos = time - earlier.time;
            return nanos <= 0 ? 0 : (instructions - earlier.instructions) * 1e9 / nanos;
        }
    }

    private static final long ENDS_WITHIN_MS = 1_000;

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
            Point point = Point.of(machine);
            points.add(point);
            return point;
        }
    }

    /** @param without times that are taken out, what comes later moves up */
    List<Sample> samples(long request, List<Meter.Span> without) {
        synchronized (points) {
            return samples(points, request, without);
        }
    }

    static List<Sample> samples(List<Point> points, long request, List<Meter.Span> without) {
        List<Sample> samples = new ArrayList<>();
        Point last = null;
        for (Point point : points) {
            long out = without.stream().mapToLong(span -> span.before(point.time)).sum();
            Point moved = new Point(point.time - out, point.instructions, point.hartTime);
            if (last != null && moved.time > last.time) {
                samples.add(new Sample(Duration.ofNanos(moved.time - request), moved.rateSince(last) / 1e6));
            }
            last = last == null || moved.time > last.time ? moved : last;
        }
        return samples;
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
        try {
            thread.join(ENDS_WITHIN_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
