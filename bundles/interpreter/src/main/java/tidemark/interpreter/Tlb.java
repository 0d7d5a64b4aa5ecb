package tidemark.interpreter;

import java.util.Arrays;

/**
 * A direct-mapped cache from virtual pages to host memory. An access of n bytes at address a hits if {@code tag[index(a)] == (a + n - 1 &
 * -4096)}, which an access that crosses into the next page never does; its host address is then {@code a + addend[index(a)]}.
 */
public final class Tlb {
    public static final int ENTRIES = 4096;
    private static final int LOG = 256;
    /** No page has this tag. */
    public static final long EMPTY = -1;

    public final long[] tag = new long[ENTRIES];
    public final long[] addend = new long[ENTRIES];
    /** Which entries were filled since the last flush, so that it need not visit all. */
    private final int[] filled = new int[LOG];
    private int count;

    Tlb() {
        Arrays.fill(tag, EMPTY);
    }

    static int index(long address) {
        return (int) (address >>> 12) & ENTRIES - 1;
    }

    void fill(long address, long host) {
        int k = index(address);
        if (tag[k] == EMPTY) {
            if (count < LOG) {
                filled[count] = k;
            }
            count++;
        }
        tag[k] = address & -4096;
        addend[k] = host - address;
    }

    void flush() {
        if (count > LOG) {
            Arrays.fill(tag, EMPTY);
        } else {
            for (int i = 0; i < count; i++) {
                tag[filled[i]] = EMPTY;
            }
        }
        count = 0;
    }
}
