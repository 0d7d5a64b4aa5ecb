package tidemark.bench.tracking;

import java.util.List;
import java.util.function.Function;
import tidemark.bench.Statistics;

/**
 * What a tracker costs a guest on an engine: the guest's speed in windows of time that took turns.
 *
 * @param barrier what the tracker has the engine do at stores
 * @param windows in the order in which they were measured
 */
record Series(String engine, String guest, String tracker, String barrier, List<Turn> windows) {
    /**
     * Guest MIPS by CPU time of the hart's thread.
     *
     * @param none in a machine that was never tracked
     * @param off in another that is not tracked now, but was before, as between two checkpoints
     * @param on in that one while every write is tracked
     */
    record Turn(double none, double off, double on) {
        double onVsNone() {
            return on / none;
        }

        double offVsNone() {
            return off / none;
        }

        double onVsOff() {
            return on / off;
        }
    }

    /** A median with half of the way from the first quartile to the third. */
    record Figure(double median, double deviation) {}

    Figure of(Function<Turn, Double> value) {
        double[] values = windows.stream().mapToDouble(value::apply).toArray();
        return new Figure(Statistics.median(values), (Statistics.quantile(0.75, values) - Statistics.quantile(0.25, values)) / 2);
    }

    /** Guest speed lost by tracking, as a share of that of a machine that is not tracked; below 0 is noise. */
    double cost() {
        return 1 - of(Turn::onVsNone).median;
    }
}
