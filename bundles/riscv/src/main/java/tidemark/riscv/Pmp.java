package tidemark.riscv;

import tidemark.api.cpu.Hart;

/** Physical memory protection: 16 entries (volume II, 3.7). Decoded once for each change, so that a check is a few comparisons. */
public final class Pmp {
    private static final int ENTRIES = 16;
    private static final int R = 1;
    private static final int W = 2;
    private static final int X = 4;
    private static final int TOR = 1;
    private static final int NA4 = 2;
    private static final int LOCKED = 0x80;
    private static final long ADDRESS_MASK = (1L << 54) - 1;

    private final Hart hart;
    private final long[] first = new long[ENTRIES];
    private final long[] last = new long[ENTRIES];
    private final int[] config = new int[ENTRIES];
    private int active;

    public Pmp(Hart hart) {
        this.hart = hart;
        reload();
    }

    /** Decodes the hart's registers anew, after they were changed. */
    public void reload() {
        active = 0;
        for (int i = 0; i < ENTRIES; i++) {
            int cfg = config(i);
            int mode = cfg >>> 3 & 3;
            if (mode == 0) {
                continue;
            }
            long address = hart.pmpaddr[i];
            long ones = mode == TOR || mode == NA4 ? 0 : Long.numberOfTrailingZeros(~address) + 1;
            long from = mode == TOR ? i == 0 ? 0 : hart.pmpaddr[i - 1] << 2 : ones == 0 ? address << 2 : (address & -1L << ones) << 2;
            long to = mode == TOR ? (address << 2) - 1 : from + (4L << ones) - 1;
            if (mode == TOR && from > to) {
                continue;
            }
            first[active] = from;
            last[active] = ones >= 54 ? Long.MAX_VALUE : to;
            config[active++] = cfg;
        }
    }

    private int config(int entry) {
        return (int) (hart.pmpcfg[entry >>> 3] >>> 8 * (entry & 7)) & 0xFF;
    }

    /** Whether {@code privilege} may make this access to all of {@code size} bytes. */
    public boolean permits(long physical, int size, Access access, int privilege) {
        if (active == 0) {
            return privilege == Hart.MACHINE;
        }
        long end = physical + size - 1;
        for (int i = 0; i < active; i++) {
            boolean begins = physical >= first[i] && physical <= last[i];
            boolean ends = end >= first[i] && end <= last[i];
            if (begins && ends) {
                return privilege == Hart.MACHINE && (config[i] & LOCKED) == 0 || (config[i] & needed(access)) != 0;
            }
            if (begins || ends || physical < first[i] && end > last[i]) {
                return false;
            }
        }
        return privilege == Hart.MACHINE;
    }

    /** Whether one answer of {@link #permits} holds for every byte of the page: then it may be cached. */
    public boolean uniform(long physical) {
        long from = physical & -4096;
        long to = from + 4095;
        for (int i = 0; i < active; i++) {
            if (first[i] <= from && last[i] >= to) {
                return true;
            }
            if (first[i] <= to && last[i] >= from) {
                return false;
            }
        }
        return true;
    }

    private static int needed(Access access) {
        return switch (access) {
            case LOAD -> R;
            case STORE -> W;
            case FETCH -> X;
        };
    }

    /**
     * Writes pmpcfg0 ({@code index} 0) or pmpcfg2 (1); locked entries keep their bytes, so do those that would be writable but not
     * readable.
     */
    void writeConfig(int index, long value) {
        long result = 0;
        for (int shift = 0; shift < 64; shift += 8) {
            long old = hart.pmpcfg[index] >>> shift & 0xFF;
            long wanted = value >>> shift & 0x9F;
            boolean reserved = (wanted & (R | W)) == W;
            result |= ((old & LOCKED) != 0 || reserved ? old : wanted) << shift;
        }
        hart.pmpcfg[index] = result;
        reload();
    }

    void writeAddress(int entry, long value) {
        boolean topOfLocked = entry + 1 < ENTRIES && (config(entry + 1) & (LOCKED | 0x18)) == (LOCKED | TOR << 3);
        if ((config(entry) & LOCKED) == 0 && !topOfLocked) {
            hart.pmpaddr[entry] = value & ADDRESS_MASK;
            reload();
        }
    }
}
