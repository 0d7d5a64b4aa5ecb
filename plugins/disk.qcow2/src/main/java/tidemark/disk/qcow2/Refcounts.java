package tidemark.disk.qcow2;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tidemark.disk.Storage;

/**
 * How often each cluster of the file is used. A cluster that is given back counts until {@link #reclaim}: what is on disk may still name it. Under the
 * lock of its {@link Metadata}.
 */
final class Refcounts {
    private static final long MAX_OFFSET = 1L << 55;

    private final Storage file;
    private final Header header;
    private final Geometry geometry;
    private final SliceCache slices;
    private final RefcountTable table;
    private Map<Long, Integer> givenBack = new HashMap<>();
    private Areas areas;
    /** No cluster before it is free. */
    private long cursor;

    Refcounts(Storage file, Header header, SliceCache slices, RefcountTable table) {
        this.file = file;
        this.header = header;
        this.geometry = header.geometry();
        this.slices = slices;
        this.table = table;
    }

    private long get(long cluster) throws IOException {
        long block = table.block(cluster / geometry.refcountsPerBlock());
        if (block == 0) {
            return 0;
        }
        long bit = cluster % geometry.refcountsPerBlock() << geometry.refcountOrder();
        ByteBuffer slice = slices.at(block + bit / Byte.SIZE);
        return RefcountField.get(slice, slices.indexOf(block + bit / Byte.SIZE), (int) bit % Byte.SIZE, geometry.refcountOrder());
    }

    private void set(long cluster, long count) throws IOException {
        long block = table.block(cluster / geometry.refcountsPerBlock());
        long bit = cluster % geometry.refcountsPerBlock() << geometry.refcountOrder();
        ByteBuffer slice = slices.toChange(block + bit / Byte.SIZE);
        RefcountField.put(slice, slices.indexOf(block + bit / Byte.SIZE), (int) bit % Byte.SIZE, geometry.refcountOrder(), count);
    }

    /** @return the offset of a cluster that is used once from now on, and is zeros */
    long allocate() throws IOException {
        long cluster = free();
        while (table.block(cluster / geometry.refcountsPerBlock()) == 0) {
            addBlocks(cluster / geometry.refcountsPerBlock());
            cluster = free();
        }
        long offset = cluster << geometry.clusterBits();
        areas.checkData(offset, geometry.clusterSize());
        blank(offset, 1);
        set(cluster, 1);
        cursor = cluster + 1;
        return offset;
    }

    private long free() throws IOException {
        while (get(cursor) != 0) {
            cursor++;
        }
        if (cursor >= MAX_OFFSET >>> geometry.clusterBits()) {
            throw full();
        }
        return cursor;
    }

    private IOException full() {
        return new IOException("Qcow2 image " + file + " is at its greatest length; convert it with qemu-img convert -O qcow2, with larger clusters");
    }

    /** Else one of them would be given out as free, or written over. @param l1 the active L1 table */
    void checkTables(long[] l1) throws IOException {
        areas = new Areas(file, header, table, l1);
        checkCounted(0, geometry.clusterSize());
        checkCounted(header.l1Offset(), Math.max((long) l1.length * Long.BYTES, 1));
        checkCounted(table.offset(), Math.max((long) table.length() * Long.BYTES, 1));
        for (int i = 0; i < table.length(); i++) {
            checkCountedIfThere(table.block(i));
        }
        for (long entry : l1) {
            checkCountedIfThere(L2Entry.offset(entry));
        }
    }

    Areas areas() {
        return areas;
    }

    private void checkCountedIfThere(long offset) throws IOException {
        if (offset != 0) {
            checkCounted(offset, geometry.clusterSize());
        }
    }

    private void blank(long offset, int clusters) throws IOException {
        long length = (long) clusters << geometry.clusterBits();
        if (offset < file.length()) {
            file.zero(offset, length);
        }
        slices.forget(offset, length);
    }

    /** For clusters from the first that has no refcount block: a block, which is the first cluster it counts, and a longer table behind it if need be. */
    private void addBlocks(long first) throws IOException {
        int index = Math.toIntExact(first);
        int blocks = 1;
        int tableClusters = 0;
        if (index >= table.length()) {
            tableClusters = longerTable(index + blocks);
            while (blocks + tableClusters > (long) blocks * geometry.refcountsPerBlock()) {
                tableClusters = longerTable(index + ++blocks);
            }
        }
        long cluster = first * geometry.refcountsPerBlock();
        long offset = cluster << geometry.clusterBits();
        areas.checkData(offset, (long) blocks + tableClusters << geometry.clusterBits());
        blank(offset, blocks + tableClusters);
        file.reserve(offset, (long) blocks + tableClusters << geometry.clusterBits());
        if (tableClusters > 0) {
            moveTable(offset + ((long) blocks << geometry.clusterBits()), tableClusters);
        } else {
            table.reserve(index);
        }
        for (int i = 0; i < blocks; i++) {
            table.set(index + i, offset + ((long) i << geometry.clusterBits()));
            areas.addTable(offset + ((long) i << geometry.clusterBits()));
        }
        for (int i = 0; i < blocks + tableClusters; i++) {
            set(cluster + i, 1);
        }
    }

    private int longerTable(int entries) throws IOException {
        long bytes = Math.min(Math.max((entries + entries / 2L) * Long.BYTES, geometry.clusterSize()), Header.MAX_REFCOUNT_TABLE_BYTES);
        if ((long) entries * Long.BYTES > bytes) {
            throw full();
        }
        return (int) geometry.clustersFor(bytes);
    }

    private void moveTable(long offset, int clusters) throws IOException {
        giveBack(table.offset(), (long) table.clusters() << geometry.clusterBits());
        areas.moveRefcountTable(table.offset(), offset, (long) clusters << geometry.clusterBits());
        table.move(offset, clusters);
    }

    /** A cluster that nothing names yet. */
    void release(long offset) throws IOException {
        long cluster = offset >>> geometry.clusterBits();
        set(cluster, 0);
        cursor = Math.min(cursor, cluster);
    }

    /** @throws IOException if some cluster of these bytes is not counted */
    void checkCounted(long offset, long length) throws IOException {
        for (long cluster = offset >>> geometry.clusterBits(); cluster <= offset + length - 1 >>> geometry.clusterBits(); cluster++) {
            if (Long.compareUnsigned(get(cluster), givenBack.getOrDefault(cluster, 0)) <= 0) {
                throw Damage.in(file, "the reference count of the cluster at offset " + (cluster << geometry.clusterBits()) + " is too low");
            }
        }
    }

    /** Each cluster of these bytes is used once less. */
    void giveBack(long offset, long length) throws IOException {
        checkCounted(offset, length);
        for (long cluster = offset >>> geometry.clusterBits(); cluster <= offset + length - 1 >>> geometry.clusterBits(); cluster++) {
            givenBack.merge(cluster, 1, Integer::sum);
        }
    }

    int givenBack() {
        return givenBack.size();
    }

    Map<Long, Integer> takeGivenBack() {
        Map<Long, Integer> taken = givenBack;
        givenBack = new HashMap<>();
        return taken;
    }

    void notReclaimed(Map<Long, Integer> clusters) {
        clusters.forEach((cluster, times) -> givenBack.merge(cluster, times, Integer::sum));
    }

    /** Nothing on disk names these clusters any more, as often as that. @return those that are free now */
    List<Long> reclaim(Map<Long, Integer> clusters) throws IOException {
        List<Long> free = new ArrayList<>();
        Map<Long, Integer> left = new HashMap<>(clusters);
        try {
            for (Map.Entry<Long, Integer> entry : clusters.entrySet()) {
                long cluster = entry.getKey();
                long count = get(cluster) - entry.getValue();
                set(cluster, count);
                left.remove(cluster);
                if (count == 0) {
                    free.add(cluster);
                    cursor = Math.min(cursor, cluster);
                }
            }
            return free;
        } finally {
            notReclaimed(left);
        }
    }
}
