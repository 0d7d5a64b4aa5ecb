package tidemark.disk.qcow2;

import java.io.IOException;
import java.nio.ByteBuffer;
import tidemark.disk.Storage;

/** Where the snapshot table is and the L1 tables that it names (docs/interop/qcow2.txt, "Snapshots"). Nothing else of them is looked at. */
final class Snapshots {
    private static final int MOST = 65536;
    private static final int MOST_BYTES = 64 << 20;
    private static final int MOST_EXTRA = 1024;
    private static final int FIXED_BYTES = 40;

    private Snapshots() {}

    /** Takes a table. */
    @FunctionalInterface
    interface Found {
        void table(String name, long offset, long bytes) throws IOException;
    }

    static void read(Storage file, Header header, Found found) throws IOException {
        if (header.snapshots() == 0) {
            return;
        }
        long begin = header.snapshotsOffset();
        if (header.snapshots() < 0 || header.snapshots() > MOST || begin <= 0 || !header.geometry().isAligned(begin)) {
            throw Damage.in(file, "a snapshot table of " + Integer.toUnsignedString(header.snapshots()) + " entries at offset " + begin);
        }
        long at = begin;
        for (int snapshot = 0; snapshot < header.snapshots(); snapshot++) {
            at = entry(file, header, snapshot, at, found);
            if (at - begin > MOST_BYTES || at > file.length() + Long.BYTES) {
                throw Damage.in(file, "a snapshot table that is not within the file, or of more than " + MOST_BYTES + " bytes");
            }
        }
        found.table("snapshot table", begin, at - begin);
    }

    /** @return where the next one is */
    private static long entry(Storage file, Header header, int snapshot, long at, Found found) throws IOException {
        if (at > file.length() - FIXED_BYTES) {
            throw Damage.in(file, "a snapshot table that is not within the file");
        }
        ByteBuffer bytes = PaddedFile.read(file, at, FIXED_BYTES);
        long l1 = bytes.getLong(0);
        int l1Size = bytes.getInt(8);
        int extra = bytes.getInt(36);
        if (extra < 0 || extra > MOST_EXTRA || l1Size < 0 || (long) l1Size * Long.BYTES > Header.MAX_L1_BYTES) {
            throw Damage.in(file, "snapshot " + snapshot + " with an L1 table of " + Integer.toUnsignedString(l1Size) + " entries, and "
                    + Integer.toUnsignedString(extra) + " bytes of extra data");
        }
        if (l1 < 0 || !header.geometry().isAligned(l1) || l1 > file.length() - (long) l1Size * Long.BYTES) {
            throw Damage.in(file, "the L1 table of snapshot " + snapshot + " at offset " + l1 + ", which is not in the file");
        }
        found.table("L1 table of snapshot " + snapshot, l1, (long) l1Size * Long.BYTES);
        long names = Short.toUnsignedLong(bytes.getShort(12)) + Short.toUnsignedLong(bytes.getShort(14));
        return at + FIXED_BYTES + extra + names + 7 & -8;
    }
}
