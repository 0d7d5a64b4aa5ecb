package tidemark.fuzz;

import java.util.Random;

/** Random values with a liking for those at which programs break. */
final class Draw {
    private static final long[] EDGES = {0, 1, 2, 4, 8, 16, 0x7F, 0x80, 0xFF, 0x100, 0xFFFF, 0x1_0000, 0x7FFF_FFFFL, 0x8000_0000L, 0xFFFF_FFFFL, 0x1_0000_0000L,
        Long.MAX_VALUE, Long.MIN_VALUE, -1, -2, -16, -4096};
    private final Random random;
    private final long base;
    private final long size;

    /** @param base of RAM */
    Draw(long seed, long base, long size) {
        random = new Random(seed);
        this.base = base;
        this.size = size;
    }

    int below(int bound) {
        return random.nextInt(bound);
    }

    /** True once in {@code n} times. */
    boolean oneIn(int n) {
        return random.nextInt(n) == 0;
    }

    long any() {
        return random.nextLong();
    }

    /** Any number, often small, at an edge, or an address. */
    long number() {
        return switch (below(6)) {
            case 0 -> random.nextInt(16);
            case 1 -> EDGES[below(EDGES.length)];
            case 2 -> EDGES[below(EDGES.length)] + below(5) - 2;
            case 3 -> address();
            case 4 -> 1L << below(64);
            default -> random.nextLong();
        };
    }

    /** An address in RAM or at its edges. */
    long address() {
        return switch (below(8)) {
            case 0 -> base + below(64) - 32;
            case 1 -> base + size + below(64) - 32;
            case 2 -> EDGES[below(EDGES.length)] + base;
            default -> inRam(1);
        };
    }

    /** An address with room for {@code length} bytes. */
    long inRam(int length) {
        return base + random.nextLong(size - length + 1);
    }

    byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
