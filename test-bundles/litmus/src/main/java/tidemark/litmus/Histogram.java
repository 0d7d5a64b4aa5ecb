package tidemark.litmus;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/** How often each outcome was seen. */
final class Histogram {
    private final LitmusTest test;
    private final Map<String, Long> counts = new TreeMap<>();
    private long total;
    private long forbidden;
    private long relaxed;

    /** @param table a 64-bit counter for each outcome, little-endian, as the guest wrote it */
    Histogram(LitmusTest test, byte[] table) {
        this.test = test;
        ByteBuffer words = ByteBuffer.wrap(table).order(ByteOrder.LITTLE_ENDIAN);
        for (int code = 0; code < LitmusProgram.OUTCOMES; code++) {
            long count = words.getLong();
            if (count != 0) {
                add(outcome(code), count);
            }
        }
    }

    private List<Integer> outcome(int code) {
        List<Integer> values = new ArrayList<>();
        for (int i = 0; i < test.observed().size(); i++) {
            values.add(code >>> 2 * i & 3);
        }
        return values;
    }

    private void add(List<Integer> outcome, long count) {
        counts.put(outcome + mark(outcome, test.forbidden(), " FORBIDDEN") + mark(outcome, test.relaxed(), " relaxed"), count);
        total += count;
        forbidden += test.forbidden().test(outcome) ? count : 0;
        relaxed += test.relaxed().test(outcome) ? count : 0;
    }

    private static String mark(List<Integer> outcome, Predicate<List<Integer>> which, String mark) {
        return which.test(outcome) ? mark : "";
    }

    long total() {
        return total;
    }

    long forbidden() {
        return forbidden;
    }

    long relaxed() {
        return relaxed;
    }

    @Override
    public String toString() {
        return test + ": " + counts;
    }
}
