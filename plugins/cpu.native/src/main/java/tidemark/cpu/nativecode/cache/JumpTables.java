package tidemark.cpu.nativecode.cache;

import java.lang.foreign.Arena;
import tidemark.api.memory.HostMemory;
import tidemark.cpu.nativecode.guest.Frame;

/**
 * For each privilege mode a direct-mapped table from guest addresses to machine code, off-heap: machine code looks there too. One
 * thread's.
 */
public final class JumpTables {
    private static final int MODES = 4;
    private static final int ENTRIES = 1 << Frame.TABLE_SHIFT;
    private static final int BYTES = ENTRIES << Frame.ENTRY_SHIFT;
    private static final int LOG = 2048;
    /** No instruction has this address. */
    private static final long EMPTY = -1;

    private final long[] table = new long[MODES];
    /** Which entries were filled since the last flush, so that it need not visit all. */
    private final long[] filled = new long[LOG];
    private int count;

    public JumpTables(Arena arena) {
        long all = arena.allocate((long) MODES * BYTES, 64).address();
        for (int i = 0; i < MODES; i++) {
            table[i] = all + (long) i * BYTES;
        }
        HostMemory.fill(all, (long) MODES * BYTES, (byte) EMPTY);
    }

    /** Host address of a mode's table. */
    public long table(int mode) {
        return table[mode];
    }

    private static long entry(long table, long pc) {
        return table + ((pc >>> 1 & ENTRIES - 1) << Frame.ENTRY_SHIFT);
    }

    /** Host address of the code for a guest address; 0 if it is not here. */
    public static long find(long table, long pc) {
        long entry = entry(table, pc);
        return HostMemory.getLong(entry) == pc ? HostMemory.getLong(entry + Long.BYTES) : 0;
    }

    public void put(int mode, long pc, long code) {
        long entry = entry(table[mode], pc);
        if (HostMemory.getLong(entry) == EMPTY) {
            if (count < LOG) {
                filled[count] = entry;
            }
            count++;
        }
        HostMemory.putLong(entry, pc);
        HostMemory.putLong(entry + Long.BYTES, code);
    }

    public void flush() {
        if (count > LOG) {
            HostMemory.fill(table[0], (long) MODES * BYTES, (byte) EMPTY);
        } else {
            for (int i = 0; i < count; i++) {
                HostMemory.putLong(filled[i], EMPTY);
            }
        }
        count = 0;
    }
}
