package tidemark.differential;

import java.nio.ByteBuffer;

/**
 * The page tables of a stream. Stores go to the three data pages alone and fetches to the page of stubs alone, through whatever
 * permissions there are, so that no stream can overwrite code that it runs without a fence.i.
 */
final class Paging {
    private static final int V = 1;
    private static final int R = 2;
    private static final int W = 4;
    private static final int X = 8;
    private static final int U = 16;
    private static final int A = 64;
    private static final int D = 128;
    private static final int RWXAD = R | W | X | A | D;
    private static final long UNMAPPED = 0x1800_0000L;
    private static final long MEGAPAGE = 2L << 20;

    static final int DATA_ENTRIES = 7;
    /** Of the leaf table: maps to where nothing answers. */
    private static final int UNMAPPED_ENTRY = 7;
    /** Of the middle table: points to the leaf table, with bits set that a pointer must not have. */
    private static final int BAD_POINTER_ENTRY = 4;
    private static final int UNMAPPED_MIDDLE_ENTRY = 5;
    private static final int STUB_ENTRIES = 8;
    /** The same for fetches: QEMU lets S-mode execute a user page once a load with SUM has brought it into its TLB. */
    private static final int UNMAPPED_STUB_ENTRY = 17;
    private static final int LEAF_ENTRIES = 18;
    private static final int MIDDLE_ENTRIES = 8;

    private Paging() {}

    /**
     * @param aligned to 8 bytes, because where a misaligned access faults is the machine's choice, or because an atomic is possible
     * @param device whether it may be mapped to where no RAM is: QEMU takes an atomic there for a load
     */
    record Target(long address, boolean aligned, boolean device) {}

    /** Fills the tables of a region. */
    static void build(Draw draw, long region, ByteBuffer into) {
        long middle = region + Region.MIDDLE_TABLE;
        root(into, 1, leaf(Region.RAM, V | RWXAD | U));
        root(into, 2, leaf(Region.RAM, V | RWXAD));
        root(into, 3, leaf(middle, V));
        root(into, 4, leaf(Region.RAM, leafFlags(draw)));
        root(into, 5, leaf(Region.RAM + 4096L * draw.between(1, 1000), V | leafFlags(draw)));
        root(into, 511, leaf(middle, V));
        for (int i = 0; i < MIDDLE_ENTRIES; i++) {
            into.putLong(Region.MIDDLE_TABLE + 8 * i, middleEntry(draw, region, i));
        }
        for (int i = 0; i < LEAF_ENTRIES; i++) {
            into.putLong(Region.LEAF_TABLE + 8 * i, leafEntry(draw, region, i));
        }
    }

    private static void root(ByteBuffer into, int index, long pte) {
        into.putLong(Region.ROOT_TABLE + 8 * index, pte);
    }

    private static long middleEntry(Draw draw, long region, int index) {
        long own = region & -MEGAPAGE;
        return switch (index) {
            case 0 -> leaf(region + Region.LEAF_TABLE, V);
            case 1, 2 -> leaf(own, leafFlags(draw));
            case 3 -> leaf(own + 4096L * draw.between(1, 511), V | leafFlags(draw));
            case BAD_POINTER_ENTRY -> leaf(region + Region.LEAF_TABLE, V | draw.of(U, A, D, U | A | D));
            case UNMAPPED_MIDDLE_ENTRY -> leaf(UNMAPPED & -MEGAPAGE, leafFlags(draw));
            case 6 -> leaf(own, V | leafFlags(draw)) | 1L << draw.between(54, 63);
            default -> 0;
        };
    }

    private static long leafEntry(Draw draw, long region, int index) {
        if (index == UNMAPPED_ENTRY || index == UNMAPPED_STUB_ENTRY) {
            return leaf(UNMAPPED, flags(draw));
        } else if (index < DATA_ENTRIES) {
            return leaf(region + Region.DATA_PAGES + 4096L * draw.below(3), flags(draw));
        }
        return index <= UNMAPPED_ENTRY + STUB_ENTRIES ? leaf(region + Region.STUB_PAGE, flags(draw) & ~W) : 0;
    }

    private static long leaf(long physical, int flags) {
        return physical >>> 12 << 10 | flags;
    }

    /** Mostly something that some mode may use. */
    private static int flags(Draw draw) {
        if (draw.oneIn(12)) {
            return draw.below(256);
        }
        int permissions = draw.of(R, R | W, R | W, R | X, R | W | X, R | W | X, X);
        return V | permissions | (draw.oneIn(2) ? U : 0) | (draw.oneIn(3) ? 0 : A) | (draw.oneIn(2) ? 0 : D);
    }

    /**
     * Of a large page: never those of a pointer to a further table, which would be made of anything, or where QEMU takes an access fault
     * for a page fault.
     */
    private static int leafFlags(Draw draw) {
        int flags = flags(draw);
        return (flags & (R | W | X)) == 0 ? flags | R : flags;
    }

    /** Where data may be accessed. */
    static Target dataAddress(Draw draw, long region) {
        return switch (draw.below(12)) {
            case 0 -> ram(draw.oneIn(2) ? region + Region.SCRATCH : region + Region.SCRATCH - Region.USER_ALIAS);
            case 1 -> ram(sparse(draw) + inRegion(draw, region));
            case 2, 3 -> {
                int entry = draw.between(1, MIDDLE_ENTRIES);
                if (entry == BAD_POINTER_ENTRY) {
                    yield ram(window(draw) + MEGAPAGE * entry + 4096L * draw.below(DATA_ENTRIES) + 8L * draw.below(512));
                }
                yield new Target(window(draw) + MEGAPAGE * entry + (region & MEGAPAGE - 1) + dataOffset(draw), true,
                        entry == UNMAPPED_MIDDLE_ENTRY);
            }
            case 4 -> new Target(window(draw) + 4096L * UNMAPPED_ENTRY + 8L * draw.below(512), true, true);
            case 5 -> new Target(window(draw) + 4096L * draw.below(DATA_ENTRIES - 1) + 4096 - draw.between(1, 7), false, false);
            case 6 -> ram(NON_CANONICAL[draw.below(NON_CANONICAL.length)] + 8L * draw.below(512));
            case 7, 8, 9 -> ram(window(draw) + 4096L * draw.below(DATA_ENTRIES) + 8L * draw.below(511));
            default -> new Target(window(draw) + 4096L * draw.below(DATA_ENTRIES) + draw.below(4080), false, false);
        };
    }

    /** A place in a page of the leaf table. */
    static Target page(int index, long offset) {
        return ram(Region.PAGED + 4096L * index + offset);
    }

    private static Target ram(long address) {
        return new Target(address, true, false);
    }

    private static final long[] NON_CANONICAL = {
        Region.PAGED | 1L << 40, Region.PAGED | Long.MIN_VALUE, 0x40_0000_0000L, 0xffff_ffbf_c000_0000L
    };

    /** Where stubs may be fetched. */
    static long stubAddress(Draw draw, long region) {
        return switch (draw.below(8)) {
            case 0 -> sparse(draw) + (region - Region.RAM) + Region.STUB_PAGE + 2L * draw.between(1, 2046);
            case 1 -> window(draw) + MEGAPAGE * draw.between(1, MIDDLE_ENTRIES) + (region & MEGAPAGE - 1) + Region.STUB_PAGE
                    + 2L * draw.between(1, 2046);
            case 2 -> NON_CANONICAL[draw.below(NON_CANONICAL.length)];
            case 3 -> window(draw) + 4096L * UNMAPPED_STUB_ENTRY + 2L * draw.below(2047);
            case 4 -> window(draw) + 4096L * (UNMAPPED_ENTRY + draw.between(1, STUB_ENTRIES)) + 4094;
            default -> window(draw) + 4096L * (UNMAPPED_ENTRY + draw.between(1, STUB_ENTRIES)) + 2L * draw.between(1, 2046);
        };
    }

    /** A new entry for one of the tables: its offset in the region. */
    static int entryOffset(int index, boolean middle) {
        return (middle ? Region.MIDDLE_TABLE : Region.LEAF_TABLE) + 8 * index;
    }

    static long entry(Draw draw, long region, int index, boolean middle) {
        return middle ? middleEntry(draw, region, index) : leafEntry(draw, region, index);
    }

    static int entries(boolean middle) {
        return middle ? MIDDLE_ENTRIES : LEAF_ENTRIES;
    }

    /** Gigapages 4 and 5: random permissions, misaligned; and 6, which is not there. */
    private static long sparse(Draw draw) {
        return (long) draw.between(4, 6) << 30;
    }

    private static long inRegion(Draw draw, long region) {
        return region - Region.RAM + dataOffset(draw);
    }

    private static long dataOffset(Draw draw) {
        return Region.DATA_PAGES + 8L * draw.below(3 * 512);
    }

    /** Root entries 3 and 511, which lead to the same tables. */
    private static long window(Draw draw) {
        return draw.oneIn(4) ? -1L << 30 : Region.PAGED;
    }
}
