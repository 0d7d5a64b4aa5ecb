package tidemark.device.plic;

import java.util.Arrays;
import tidemark.api.cpu.Hart;
import tidemark.api.device.Device;
import tidemark.api.device.DeviceContext;
import tidemark.api.device.InterruptLine;
import tidemark.api.memory.BusFault;
import tidemark.api.state.State;
import tidemark.api.state.StateException;

/**
 * PLIC (RISC-V Platform-Level Interrupt Controller Specification 1.0.0) as on QEMU's {@code virt} board: sources 1 to 95, priorities 0 to 7, two contexts
 * for each hart, M-mode then S-mode. Gateways are level-sensitive. 32-bit accesses.
 */
final class Plic implements Device {
    static final int SOURCES = 96;
    static final int PRIORITY = 0x00_0000;
    static final int PENDING = 0x00_1000;
    static final int ENABLE = 0x00_2000;
    static final int ENABLE_STRIDE = 0x80;
    static final int THRESHOLD = 0x20_0000;
    static final int CLAIM = 0x20_0004;
    static final int CONTEXT_STRIDE = 0x1000;
    private static final int WORDS = SOURCES / Integer.SIZE;
    private static final int PRIORITY_MASK = 7;
    private static final int VERSION = 1;

    private final DeviceContext context;
    private final InterruptLine[] outputs;
    private final long[] priority = new long[SOURCES];
    /** Bit sets over sources, 32 to a word. */
    private final int[] level = new int[WORDS];
    private final int[] pending = new int[WORDS];
    /** Claimed and not yet completed: the gateway forwards nothing. */
    private final int[] claimed = new int[WORDS];
    private final int[][] enable;
    private final long[] threshold;

    Plic(DeviceContext context) {
        int contexts = 2 * context.harts();
        this.context = context;
        enable = new int[contexts][WORDS];
        threshold = new long[contexts];
        outputs = new InterruptLine[contexts];
        for (int hart = 0; hart < context.harts(); hart++) {
            outputs[2 * hart] = context.hartLine(hart, Hart.MEIP);
            outputs[2 * hart + 1] = context.hartLine(hart, Hart.SEIP);
        }
        context.interruptController(this::input);
    }

    private synchronized void input(int source, boolean on) {
        if (source < 1 || source >= SOURCES) {
            throw new IllegalArgumentException("Interrupt " + source + " of " + context.name() + ": there are 1 to " + (SOURCES - 1));
        }
        set(level, source, on);
        if (on && !has(claimed, source)) {
            set(pending, source, true);
        }
        drive();
    }

    @Override
    public synchronized long load(long offset, int size) throws BusFault {
        checkSize(offset, size);
        if (offset >= THRESHOLD) {
            int target = target(offset - THRESHOLD, CONTEXT_STRIDE, offset);
            return switch ((int) (offset & CONTEXT_STRIDE - 1)) {
                case 0 -> threshold[target];
                case CLAIM - THRESHOLD -> claim(target);
                default -> throw new BusFault(offset);
            };
        }
        if (offset >= ENABLE) {
            return Integer.toUnsignedLong(enable[target(offset - ENABLE, ENABLE_STRIDE, offset)][word(offset & ENABLE_STRIDE - 1, offset)]);
        }
        if (offset >= PENDING) {
            return Integer.toUnsignedLong(pending[word(offset - PENDING, offset)]);
        }
        return priority[source(offset)];
    }

    @Override
    public synchronized void store(long offset, int size, long value) throws BusFault {
        checkSize(offset, size);
        if (offset >= THRESHOLD) {
            int target = target(offset - THRESHOLD, CONTEXT_STRIDE, offset);
            switch ((int) (offset & CONTEXT_STRIDE - 1)) {
                case 0 -> threshold[target] = value & PRIORITY_MASK;
                case CLAIM - THRESHOLD -> complete(target, (int) value);
                default -> throw new BusFault(offset);
            }
        } else if (offset >= ENABLE) {
            int word = word(offset & ENABLE_STRIDE - 1, offset);
            // There is no source 0.
            enable[target(offset - ENABLE, ENABLE_STRIDE, offset)][word] = (int) value & (word == 0 ? ~1 : ~0);
        } else if (offset >= PENDING) {
            // Read-only: the specification has pending bits cleared by claims alone.
            word(offset - PENDING, offset);
        } else {
            priority[source(offset)] = value & PRIORITY_MASK;
        }
        drive();
    }

    private static void checkSize(long offset, int size) throws BusFault {
        if (size != Integer.BYTES) {
            throw new BusFault(offset);
        }
    }

    private static int source(long offset) throws BusFault {
        long source = (offset - PRIORITY) / Integer.BYTES;
        if (source < 1 || source >= SOURCES) {
            throw new BusFault(offset);
        }
        return (int) source;
    }

    private int target(long offset, int stride, long at) throws BusFault {
        long target = offset / stride;
        if (target >= outputs.length) {
            throw new BusFault(at);
        }
        return (int) target;
    }

    private static int word(long offset, long at) throws BusFault {
        if (offset >= WORDS * Integer.BYTES) {
            throw new BusFault(at);
        }
        return (int) offset / Integer.BYTES;
    }

    private int claim(int target) {
        int source = best(target, 0);
        if (source != 0) {
            set(pending, source, false);
            set(claimed, source, true);
            drive();
        }
        return source;
    }

    /** Ignored unless the source is enabled for the target. */
    private void complete(int target, int source) {
        if (source >= 1 && source < SOURCES && has(enable[target], source)) {
            set(claimed, source, false);
            if (has(level, source)) {
                set(pending, source, true);
            }
        }
    }

    /** The pending source of the highest priority above {@code above}, of equals the lowest; 0 if there is none. */
    private int best(int target, long above) {
        int best = 0;
        long highest = above;
        for (int word = 0; word < WORDS; word++) {
            for (int bits = pending[word] & enable[target][word]; bits != 0; bits &= bits - 1) {
                int source = word * Integer.SIZE + Integer.numberOfTrailingZeros(bits);
                if (priority[source] > highest) {
                    best = source;
                    highest = priority[source];
                }
            }
        }
        return best;
    }

    private void drive() {
        for (int target = 0; target < outputs.length; target++) {
            outputs[target].set(best(target, threshold[target]) != 0);
        }
    }

    private static boolean has(int[] set, int source) {
        return (set[source / Integer.SIZE] & 1 << source) != 0;
    }

    private static void set(int[] set, int source, boolean on) {
        if (on) {
            set[source / Integer.SIZE] |= 1 << source;
        } else {
            set[source / Integer.SIZE] &= ~(1 << source);
        }
    }

    /** The levels of the inputs are the devices'. */
    @Override
    public synchronized void reset() {
        Arrays.fill(priority, 0);
        Arrays.fill(claimed, 0);
        Arrays.fill(threshold, 0);
        System.arraycopy(level, 0, pending, 0, WORDS);
        for (int[] words : enable) {
            Arrays.fill(words, 0);
        }
        drive();
    }

    @Override
    public synchronized State save() {
        State state = new State(context.name(), VERSION).put("priority", priority).put("threshold", threshold)
                .put("level", longs(level)).put("pending", longs(pending)).put("claimed", longs(claimed));
        for (int target = 0; target < enable.length; target++) {
            state.put("enable" + target, longs(enable[target]));
        }
        return state;
    }

    @Override
    public synchronized void load(State state) throws StateException {
        state.expect(context.name(), VERSION);
        long[] priorities = new long[SOURCES];
        long[] thresholds = new long[threshold.length];
        int[][] enables = new int[enable.length][];
        state.getLongs("priority", priorities);
        state.getLongs("threshold", thresholds);
        int[] levels = words(state, "level");
        int[] pendings = words(state, "pending");
        int[] claims = words(state, "claimed");
        for (int target = 0; target < enables.length; target++) {
            enables[target] = words(state, "enable" + target);
        }
        Arrays.setAll(priority, source -> source == 0 ? 0 : priorities[source] & PRIORITY_MASK);
        Arrays.setAll(threshold, target -> thresholds[target] & PRIORITY_MASK);
        System.arraycopy(levels, 0, level, 0, WORDS);
        System.arraycopy(pendings, 0, pending, 0, WORDS);
        System.arraycopy(claims, 0, claimed, 0, WORDS);
        System.arraycopy(enables, 0, enable, 0, enable.length);
        drive();
    }

    private static long[] longs(int[] words) {
        return Arrays.stream(words).asLongStream().toArray();
    }

    private static int[] words(State state, String field) throws StateException {
        long[] words = new long[WORDS];
        state.getLongs(field, words);
        words[0] &= ~1L; // there is no source 0
        return Arrays.stream(words).mapToInt(word -> (int) word).toArray();
    }

    @Override
    public void close() {
        for (InterruptLine output : outputs) {
            output.set(false);
        }
    }
}
