package tidemark.bench.handshake;

import java.util.List;
import tidemark.bench.Statistics;

/**
 * How long handshakes took with a guest that computes.
 *
 * @param engine empty for the control: as many threads that do nothing but answer
 * @param harts that compute
 * @param mips of all harts by the clock on the wall, handshakes included; 0 for the control
 * @param standing milliseconds from each request until all stood
 * @param stood milliseconds for which the guest stood then; empty for the control
 */
record Latencies(String engine, String guest, int harts, double mips, List<Double> standing, List<Double> stood) {
    double standing(double quantile) {
        return Statistics.quantile(quantile, standing.stream().mapToDouble(Double::doubleValue).toArray());
    }

    double stood(double quantile) {
        return stood.isEmpty() ? Double.NaN : Statistics.quantile(quantile, stood.stream().mapToDouble(Double::doubleValue).toArray());
    }

    boolean isControl() {
        return engine.isEmpty();
    }
}
