package tidemark.disk.qcow2;

import java.io.IOException;
import tidemark.disk.Storage;

/** Where a cluster of the disk is (docs/interop/qcow2.txt, "L2 table entry"); also what an L1 entry has in common with that. */
final class L2Entry {
    /** The cluster's reference count is exactly one: it may be written in place. */
    static final long COPIED = 1L << 63;
    static final long ZERO = 1;
    static final long OFFSET = 0x00FF_FFFF_FFFF_FE00L;
    private static final long COMPRESSED = 1L << 62;
    private static final long RESERVED = ~(COPIED | COMPRESSED | OFFSET | ZERO);

    private L2Entry() {}

    static boolean isCompressed(long entry) {
        return (entry & COMPRESSED) != 0;
    }

    static boolean isZero(long entry) {
        return !isCompressed(entry) && (entry & ZERO) != 0;
    }

    static boolean isAllocated(long entry) {
        return !isCompressed(entry) && (entry & OFFSET) != 0;
    }

    static boolean isCopied(long entry) {
        return (entry & COPIED) != 0;
    }

    static long offset(long entry) {
        return entry & OFFSET;
    }

    static void check(Storage file, Header header, long cluster, long entry) throws IOException {
        if (!isCompressed(entry) && ((entry & RESERVED) != 0 || header.version() == 2 && (entry & ZERO) != 0 || !header.geometry().isAligned(offset(entry)))) {
            throw Damage.in(file, "the L2 entry of cluster " + cluster + " is 0x" + Long.toHexString(entry));
        }
    }

    /**
     * Where a compressed cluster is.
     *
     * @param length up to the end of its last sector
     */
    record Compressed(long offset, int length) {
        static Compressed of(long entry, Geometry geometry) {
            int sectorsAt = 62 - (geometry.clusterBits() - 8);
            long offset = entry & (1L << sectorsAt) - 1;
            int sectors = (int) ((entry & COMPRESSED - 1) >>> sectorsAt) + 1;
            return new Compressed(offset, sectors * 512 - (int) (offset & 511));
        }
    }
}
