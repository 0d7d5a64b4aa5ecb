package tidemark.disk.qcow2;

import java.io.IOException;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.LongStream;
import tidemark.disk.Storage;

/**
 * Where the file has metadata, which no data may be written over: header, L1 tables, refcount table and blocks, active L2 tables, snapshot table. An image whose
 * tables say otherwise is damaged (QEMU, docs/interop/qcow2.txt and block/qcow2-refcount.c, overlap checks). Under the lock of its {@link Metadata}.
 */
final class Areas {
    private final Storage file;
    private final Geometry geometry;
    /** By the offset of their first cluster. */
    private final NavigableMap<Long, Area> areas = new TreeMap<>();
    private final ClusterSet tables;

    /** @param end of its last cluster */
    private record Area(String name, long end) {}

    /**
     * @param l1 the active L1 table
     * @throws IOException if any two of them overlap
     */
    Areas(Storage file, Header header, RefcountTable refcounts, long[] l1) throws IOException {
        this.file = file;
        this.geometry = header.geometry();
        addArea("header", 0, geometry.clusterSize());
        addArea("L1 table", header.l1Offset(), (long) l1.length * Long.BYTES);
        addArea("refcount table", refcounts.offset(), (long) refcounts.length() * Long.BYTES);
        Snapshots.read(file, header, this::addArea);
        tables = new ClusterSet(tables(refcounts, l1));
    }

    private void addArea(String name, long offset, long bytes) throws IOException {
        if (bytes == 0) {
            return;
        }
        Area area = new Area(name, offset + (geometry.clustersFor(bytes) << geometry.clusterBits()));
        Map.Entry<Long, Area> before = areas.lowerEntry(area.end);
        if (before != null && before.getValue().end > offset) {
            throw overlap(name, offset, before.getValue().name);
        }
        areas.put(offset, area);
    }

    private long[] tables(RefcountTable refcounts, long[] l1) throws IOException {
        LongStream blocks = LongStream.range(0, refcounts.length()).map(refcounts::block);
        long[] sorted = LongStream.concat(blocks, LongStream.of(l1).map(L2Entry::offset)).filter(offset -> offset != 0).sorted().toArray();
        for (int i = 0; i < sorted.length; i++) {
            if (i > 0 && sorted[i] == sorted[i - 1]) {
                throw overlap("L2 table or refcount block", sorted[i], "L2 table or refcount block");
            }
            checkAreas("L2 table or refcount block", sorted[i], sorted[i]);
        }
        return sorted;
    }

    /** A table or block is there from now on. */
    void addTable(long offset) {
        tables.add(offset);
    }

    void removeTable(long offset) {
        tables.remove(offset);
    }

    void moveRefcountTable(long from, long to, long bytes) throws IOException {
        areas.remove(from);
        addArea("refcount table", to, bytes);
    }

    /** @throws IOException if some of these bytes are metadata */
    void checkData(long offset, long length) throws IOException {
        long last = offset + length - 1;
        checkAreas("data", offset, last);
        for (long cluster = offset & -geometry.clusterSize(); cluster <= last; cluster += geometry.clusterSize()) {
            if (tables.contains(cluster)) {
                throw overlap("data", cluster, "L2 table or refcount block");
            }
        }
    }

    private void checkAreas(String what, long first, long last) throws IOException {
        Map.Entry<Long, Area> area = areas.floorEntry(last);
        if (area != null && area.getValue().end > first) {
            throw overlap(what, first, area.getValue().name);
        }
    }

    private IOException overlap(String what, long offset, String other) {
        return Damage.in(file, "at offset " + offset + " it has " + what + " where its " + other + " is");
    }
}
