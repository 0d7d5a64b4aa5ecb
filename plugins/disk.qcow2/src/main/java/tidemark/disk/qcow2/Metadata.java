package tidemark.disk.qcow2;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tidemark.disk.Storage;

/**
 * The tables of an image, which change in memory and get into the file by {@link #flush}, in an order in which no table is ever in the file before what it
 * names, nor names what it is not counted to name: after a crash clusters may be counted that nobody uses, not the other way round. Any thread.
 */
final class Metadata {
    private static final int L2_CACHE_BYTES = 8 << 20;
    private static final int REFCOUNT_CACHE_BYTES = 2 << 20;
    private static final int MOST_GIVEN_BACK = 1 << 16;

    private final Storage file;
    private final Geometry geometry;
    private final SliceCache l2Slices;
    private final Mapping mapping;
    // null if it is only read
    private final SliceCache refcountSlices;
    private final RefcountTable refcountTable;
    private final Refcounts refcounts;

    Metadata(Storage file, Header header, boolean writable) throws IOException {
        this.file = file;
        this.geometry = header.geometry();
        int slice = geometry.sliceSize();
        l2Slices = new SliceCache(file, slice, L2_CACHE_BYTES / slice);
        refcountSlices = writable ? new SliceCache(file, slice, REFCOUNT_CACHE_BYTES / slice) : null;
        refcountTable = writable ? new RefcountTable(file, header) : null;
        refcounts = writable ? new Refcounts(file, header, refcountSlices, refcountTable) : null;
        mapping = new Mapping(file, header, l2Slices, refcounts);
    }

    synchronized long entry(long cluster) throws IOException {
        return mapping.entry(cluster);
    }

    /** The same, of a cluster that is about to be written where it is. @throws IOException also if there is metadata */
    synchronized long entryToWrite(long cluster) throws IOException {
        long entry = mapping.entry(cluster);
        if (L2Entry.isAllocated(entry)) {
            refcounts.areas().checkData(L2Entry.offset(entry), geometry.clusterSize());
        }
        return entry;
    }

    /** A cluster of zeros, to take over from where a cluster of the disk is now. */
    synchronized long allocateFor(long old) throws IOException {
        checkGivenBack(old);
        return refcounts.allocate();
    }

    synchronized void release(long offset) throws IOException {
        refcounts.release(offset);
    }

    /** Maps a cluster of the disk to another place, or to zeros. @param old what it is mapped to now */
    synchronized void map(long cluster, long old, long entry) throws IOException {
        checkGivenBack(old);
        mapping.set(cluster, entry);
        if (L2Entry.isCompressed(old)) {
            L2Entry.Compressed place = L2Entry.Compressed.of(old, geometry);
            refcounts.giveBack(place.offset(), place.length());
        } else if (L2Entry.isAllocated(old)) {
            refcounts.giveBack(L2Entry.offset(old), geometry.clusterSize());
        }
    }

    /** That where a cluster of the disk was may be given back: it is data, and counted. */
    private void checkGivenBack(long entry) throws IOException {
        if (L2Entry.isCompressed(entry)) {
            L2Entry.Compressed place = L2Entry.Compressed.of(entry, geometry);
            checkGivenBack(place.offset(), place.length());
        } else if (L2Entry.isAllocated(entry)) {
            checkGivenBack(L2Entry.offset(entry), geometry.clusterSize());
        }
    }

    private void checkGivenBack(long offset, long length) throws IOException {
        refcounts.areas().checkData(offset, length);
        refcounts.checkCounted(offset, length);
    }

    /** Whether it is time to flush, lest the tables' changes take too much memory. */
    synchronized boolean isCrowded() {
        return l2Slices.isCrowded() || refcountSlices.isCrowded() || refcounts.givenBack() > MOST_GIVEN_BACK;
    }

    synchronized boolean isChanged() {
        return l2Slices.isChanged() || refcountSlices.isChanged() || refcountTable.isChanged() || mapping.isChanged() || refcounts.givenBack() > 0;
    }

    /** All changes at one instant. */
    private record Changes(List<SliceCache.Change> refcounts, RefcountTable.Change refcountTable, List<SliceCache.Change> l2, BitSet l1,
            Map<Integer, ByteBuffer> l1Entries, Map<Long, Integer> givenBack) {}

    private synchronized Changes take() {
        BitSet l1 = mapping.takeChanges();
        Map<Integer, ByteBuffer> l1Entries = new LinkedHashMap<>();
        l1.stream().forEach(index -> l1Entries.put(index, mapping.l1Entry(index)));
        return new Changes(refcountSlices.takeChanges(), refcountTable.takeChange(), l2Slices.takeChanges(), l1, l1Entries, refcounts.takeGivenBack());
    }

    private synchronized void end(Changes changes, boolean written) {
        refcountSlices.written(changes.refcounts, written);
        l2Slices.written(changes.l2, written);
        if (!written) {
            refcountTable.notWritten(changes.refcountTable);
            mapping.notWritten(changes.l1);
            refcounts.notReclaimed(changes.givenBack);
        }
    }

    /**
     * Makes durable what was written to the file and then all changes of tables. One thread at a time.
     *
     * @param reclaim called to free clusters; no request may be under way then, as it may have looked up one of them
     */
    void flush(Exclusively reclaim) throws IOException {
        Map<Long, Integer> givenBack = commit();
        if (!givenBack.isEmpty()) {
            reclaim.run(() -> reclaim(givenBack));
            Map<Long, Integer> meanwhile = commit(); // the lower counts, too
            reclaim.run(() -> reclaim(meanwhile));
        }
    }

    /** @return what no table in the file names any more */
    private Map<Long, Integer> commit() throws IOException {
        Changes changes = take();
        boolean written = false;
        try {
            write(changes);
            written = true;
        } finally {
            end(changes, written);
        }
        return changes.givenBack;
    }

    private void write(Changes changes) throws IOException {
        file.sync();
        writeSlices(changes.refcounts);
        if (!changes.refcountTable.isEmpty()) {
            changes.refcountTable.write(file);
            file.sync();
        }
        writeSlices(changes.l2);
        for (Map.Entry<Integer, ByteBuffer> entry : changes.l1Entries.entrySet()) {
            file.write(mapping.l1EntryOffset(entry.getKey()), entry.getValue());
        }
        if (!changes.l1Entries.isEmpty()) {
            file.sync();
        }
    }

    private void writeSlices(List<SliceCache.Change> slices) throws IOException {
        for (SliceCache.Change slice : slices) {
            file.write(slice.offset(), slice.bytes());
        }
        if (!slices.isEmpty()) {
            file.sync();
        }
    }

    private synchronized void reclaim(Map<Long, Integer> givenBack) throws IOException {
        for (long cluster : refcounts.reclaim(givenBack)) {
            file.zero(cluster << geometry.clusterBits(), geometry.clusterSize());
        }
    }

    /** Does something while no request is under way. */
    @FunctionalInterface
    interface Exclusively {
        void run(Action action) throws IOException;
    }

    @FunctionalInterface
    interface Action {
        void run() throws IOException;
    }
}
