package tidemark.interpreter;

import java.util.Arrays;

/**
 * A direct-mapped cache from virtual pages to host memory; an entry is a tag, and an addend behind it. An access of n bytes at address a hits if
 * {@code entries[tag(a)] == (a + n - 1 & -4096)}, which an access that crosses into the next page never does; its host address is then
 * {@code a + entries[tag(a) + 1]}.
 */
public final class Tlb {
    public static final int ENTRIES = 4096;
    /** log2 of an entry's bytes. */
    public static final int ENTRY_SHIFT = 4;
    private static final int LOG = 1024;
    /** No page has this tag. */
    public static final long EMPTY = -1;
    /** Neither has any page this one: of an entry that was emptied alone, and is still noted as filled. */
    private static final long FLUSHED = -2;

    public final long[] entries = new long[2 * ENTRIES];
    /** The tags of which entries were filled since the last flush, so that it need not visit all. */
    private final int[] filled = new int[LOG];
    private int count;

    Tlb() {
        Arrays.fill(entries, EMPTY);
    }

    /** Where an address's tag is; an entry's number is half of it. */
    static int tag(long address) {
        return (int) (address >>> 11) & 2 * (ENTRIES - 1);
    }

    void fill(long address, long host) {
        int k = tag(address);
        if (entries[k] == EMPTY) {
            if (count < LOG) {
                filled[count] = k;
            }
            count++;
        }
        entries[k] = address & -4096;
        entries[k + 1] = host - address;
    }

    /** Whether an entry leads to a page of the host. @param page its address */
    boolean has(long page) {
        if (count > LOG) {
            for (int k = 0; k < entries.length; k += 2) {
                if (leadsTo(k, page)) {
                    return true;
                }
            }
            return false;
        }
        for (int i = 0; i < count; i++) {
            if (leadsTo(filled[i], page)) {
                return true;
            }
        }
        return false;
    }

    private boolean leadsTo(int k, long page) {
        return entries[k] + entries[k + 1] == page; // which no tag that is not a page's makes true
    }

    /** Empties the entry of an address's page. */
    void flush(long address) {
        int k = tag(address);
        if (entries[k] == (address & -4096)) {
            entries[k] = FLUSHED;
        }
    }

    void flush() {
        if (count > LOG) {
            Arrays.fill(entries, EMPTY);
        } else {
            for (int i = 0; i < count; i++) {
                entries[filled[i]] = EMPTY;
            }
        }
        count = 0;
    }
}
