package tidemark.riscv;

/**
 * Where leaves of page tables were found that stand for more than a page of 4 KiB. Two ranges, one for each half of the addresses: so an
 * address may seem to be in a large page that is only between two of them.
 */
public final class LargePages {
    private final long[] first = new long[2];
    private final long[] last = new long[2];

    LargePages() {
        clear();
    }

    private static int half(long address) {
        return address < 0 ? 1 : 0;
    }

    /** @param offset bits of an address that lie within the large page */
    void add(long address, long offset) {
        int half = half(address);
        first[half] = Math.min(first[half], address & ~offset);
        last[half] = Math.max(last[half], address | offset);
    }

    /** Whether an address may be in one of them. */
    public boolean mayHave(long address) {
        int half = half(address);
        return first[half] <= address && address <= last[half];
    }

    /** What was found is cached no more. */
    public void clear() {
        for (int half = 0; half < 2; half++) {
            first[half] = Long.MAX_VALUE;
            last[half] = Long.MIN_VALUE;
        }
    }
}
