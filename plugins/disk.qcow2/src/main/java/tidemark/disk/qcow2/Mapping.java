package tidemark.disk.qcow2;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.BitSet;
import tidemark.disk.ReservedTable;
import tidemark.disk.Storage;

/** Where the clusters of the disk are: the L1 table, all in memory, and L2 tables, in pieces. Under the lock of its {@link Metadata}. */
final class Mapping {
    private final Storage file;
    private final Header header;
    private final Geometry geometry;
    private final SliceCache slices;
    private final Refcounts refcounts;
    private final long[] l1;
    private final BitSet changed = new BitSet();
    private final ReservedTable space;

    /** @param refcounts null if it is only read */
    Mapping(Storage file, Header header, SliceCache slices, Refcounts refcounts) throws IOException {
        this.file = file;
        this.header = header;
        this.geometry = header.geometry();
        this.slices = slices;
        this.refcounts = refcounts;
        this.space = new ReservedTable(file, header.l1Offset(), geometry.sliceSize());
        this.l1 = new long[header.l1Size()];
        PaddedFile.read(file, header.l1Offset(), l1.length * Long.BYTES).asLongBuffer().get(l1);
        if (refcounts != null) {
            refcounts.checkTables(l1);
        }
    }

    long entry(long cluster) throws IOException {
        int index = l1Index(cluster);
        if (l2Table(index) == 0) {
            return 0;
        }
        long at = entryOffset(cluster, index);
        long entry = slices.at(at).getLong(slices.indexOf(at));
        L2Entry.check(file, header, cluster, entry);
        return entry;
    }

    void set(long cluster, long entry) throws IOException {
        int index = l1Index(cluster);
        if (l2Table(index) == 0 || !L2Entry.isCopied(l1[index])) {
            ownTable(index);
        }
        long at = entryOffset(cluster, index);
        slices.toChange(at).putLong(slices.indexOf(at), entry);
    }

    private int l1Index(long cluster) {
        return (int) (cluster / geometry.entriesPerCluster());
    }

    private long entryOffset(long cluster, int index) {
        return L2Entry.offset(l1[index]) + cluster % geometry.entriesPerCluster() * Long.BYTES;
    }

    private long l2Table(int index) throws IOException {
        long entry = l1[index];
        long offset = L2Entry.offset(entry);
        if ((entry & ~(L2Entry.COPIED | L2Entry.OFFSET)) != 0 || !geometry.isAligned(offset) || offset != 0 && offset >= file.length()) {
            throw Damage.in(file, "entry " + index + " of the L1 table is 0x" + Long.toHexString(entry));
        }
        return offset;
    }

    /** A new table, or a copy of one that a snapshot shares. */
    private void ownTable(int index) throws IOException {
        long shared = L2Entry.offset(l1[index]);
        long own = refcounts.allocate();
        try {
            space.reserve(l1EntryOffset(index));
            slices.forget(own, geometry.clusterSize());
            if (shared == 0) {
                file.resize(Math.max(file.length(), own + geometry.clusterSize()));
            } else {
                refcounts.checkCounted(shared, geometry.clusterSize());
                file.write(own, PaddedFile.read(file, shared, geometry.clusterSize()));
                refcounts.giveBack(shared, geometry.clusterSize());
                refcounts.areas().removeTable(shared);
            }
        } catch (IOException e) {
            refcounts.release(own);
            throw e;
        }
        refcounts.areas().addTable(own);
        l1[index] = own | L2Entry.COPIED;
        changed.set(index);
    }

    BitSet takeChanges() {
        BitSet taken = (BitSet) changed.clone();
        changed.clear();
        return taken;
    }

    ByteBuffer l1Entry(int index) {
        return ByteBuffer.allocate(Long.BYTES).putLong(0, l1[index]);
    }

    long l1EntryOffset(int index) {
        return header.l1Offset() + (long) index * Long.BYTES;
    }

    boolean isChanged() {
        return !changed.isEmpty();
    }

    void notWritten(BitSet entries) {
        changed.or(entries);
    }
}
