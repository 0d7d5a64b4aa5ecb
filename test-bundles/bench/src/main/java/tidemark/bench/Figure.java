package tidemark.bench;

/** A median of runs with what stands behind its plus-minus, as a share of it. */
public record Figure(double value, double spread, int runs) {
    /** Of the runs of a figure. */
    public static final double MOST_DIFFERENCE = 0.15;
    /** Of a median that one odd run cannot move. */
    public static final int LEAST_RUNS = 3;

    public static Figure of(double... values) {
        return new Figure(Statistics.median(values), Statistics.spread(values), values.length);
    }

    /** Whether the runs differ by more than {@link #MOST_DIFFERENCE}: then another run may give another figure. */
    public boolean isDoubtful() {
        return difference() > MOST_DIFFERENCE;
    }

    /** From the least to the most, as a share of the median. */
    public double difference() {
        return 2 * spread;
    }
}
