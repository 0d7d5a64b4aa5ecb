package tidemark.checkpoint;

import java.io.IOException;
import tidemark.api.checkpoint.Conditions;
import tidemark.checkpoint.GuestSampler.Point;
import tidemark.report.Bystanders;

/** What is around one checkpoint: the guest alone, in a window before it and one after it, and who else uses the host. */
final class Surroundings {
    /** CPU times of a host come in steps of 10 ms: of a shorter time they say nothing. */
    private static final long LEAST_NANOS = 500_000_000;
    private final Bystanders bystanders;
    private final Point first;
    private Point begin;
    private Point end;
    private Point last;
    private double others = Double.NaN;

    /** @param first the begin of the window before */
    Surroundings(Point first) {
        this.first = first;
        bystanders = watch();
    }

    /** The end of the window before. */
    void begin(Point point) {
        begin = point;
    }

    /** The window after. */
    void after(Point from, Point to) {
        end = from;
        last = to;
        others = last.time() - first.time() < LEAST_NANOS ? Double.NaN : others();
    }

    /** The guest's undisturbed rate, instructions per second: of both windows together, since that after ends when the guest does. */
    double rate() {
        long nanos = windows();
        return nanos <= 0 ? 0 : (begin.instructions() - first.instructions() + last.instructions() - end.instructions()) * 1e9 / nanos;
    }

    private long windows() {
        return begin.time() - first.time() + last.time() - end.time();
    }

    /**
     * @param ran nanoseconds between the points in which the guest did not stand
     * @param counted percent of what it would have retired at {@link #rate}
     */
    Conditions conditions(Point request, Point durable, long ran, double counted) {
        double during = (durable.instructions() - request.instructions()) * 1e3 / ran;
        double hartBeside = begin.hartTime() - first.hartTime() + last.hartTime() - end.hartTime();
        double before = mips(first, begin);
        double after = mips(end, last);
        return new Conditions(before, ran < LEAST_NANOS / 10 ? Double.NaN : during, after,
                Double.isNaN(before + after) ? Double.NaN : counted, hartBeside / windows(), (durable.hartTime() - request.hartTime()) / (double) (durable.time() - request.time()), others,
                Runtime.getRuntime().availableProcessors());
    }

    /** NaN for a window that is too short to have a rate. */
    private static double mips(Point from, Point to) {
        return to.time() - from.time() < LEAST_NANOS / 10 ? Double.NaN : to.rateSince(from) / 1e6;
    }

    private static Bystanders watch() {
        try {
            return Bystanders.watch();
        } catch (IOException e) {
            return null;
        }
    }

    private double others() {
        try {
            return bystanders == null ? Double.NaN : bystanders.cpus();
        } catch (IOException e) {
            return Double.NaN;
        }
    }
}
