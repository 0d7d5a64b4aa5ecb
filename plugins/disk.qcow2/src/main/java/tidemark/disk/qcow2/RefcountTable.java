package tidemark.disk.qcow2;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;
import tidemark.disk.ReservedTable;
import tidemark.disk.Storage;

/**
 * Where the refcount blocks are (docs/interop/qcow2.txt, "Host cluster management"). All of it in memory, at most 8 MiB. Under the lock of its
 * {@link Metadata}.
 */
final class RefcountTable {
    private final Geometry geometry;
    private long[] blocks;
    private long offset;
    /** Since the last {@link #takeChange}. */
    private final BitSet changed = new BitSet();
    private boolean moved;
    private final ReservedTable space;

    /** Entries to write; if the table moved, all of them, and then the header. */
    record Change(long tableOffset, int tableClusters, long[] blocks, BitSet entries, boolean moved) {
        void write(Storage file) throws IOException {
            if (moved) {
                file.write(tableOffset, bytes(0, blocks.length));
                file.sync();
                ByteBuffer header = ByteBuffer.allocate(12).putLong(tableOffset).putInt(tableClusters).flip();
                file.write(Header.REFCOUNT_TABLE_AT, header);
            } else {
                for (int entry = entries.nextSetBit(0); entry >= 0; entry = entries.nextSetBit(entry + 1)) {
                    file.write(tableOffset + (long) entry * Long.BYTES, bytes(entry, entry + 1));
                }
            }
        }

        private ByteBuffer bytes(int from, int to) {
            ByteBuffer bytes = ByteBuffer.allocate((to - from) * Long.BYTES);
            for (int i = from; i < to; i++) {
                bytes.putLong(blocks[i]);
            }
            return bytes.flip();
        }

        boolean isEmpty() {
            return !moved && entries.isEmpty();
        }
    }

    RefcountTable(Storage file, Header header) throws IOException {
        geometry = header.geometry();
        offset = header.refcountTableOffset();
        space = new ReservedTable(file, offset, geometry.sliceSize());
        int entries = header.refcountTableClusters() * geometry.entriesPerCluster();
        blocks = new long[entries];
        PaddedFile.read(file, offset, entries * Long.BYTES).asLongBuffer().get(blocks);
        check(file);
    }

    private void check(Storage file) throws IOException {
        long[] sorted = Arrays.stream(blocks).filter(block -> block != 0).sorted().toArray();
        for (int i = 0; i < sorted.length; i++) {
            if (!geometry.isAligned(sorted[i]) || sorted[i] < 0 || sorted[i] >= file.length() || i > 0 && sorted[i] == sorted[i - 1]) {
                throw Damage.in(file, "the refcount table names a block at offset " + sorted[i] + ", which is not in the file, no cluster, or named twice");
            }
        }
    }

    int length() {
        return blocks.length;
    }

    long offset() {
        return offset;
    }

    int clusters() {
        return blocks.length / geometry.entriesPerCluster();
    }

    /** 0 if there is none. */
    long block(long index) {
        return index < blocks.length ? blocks[(int) index] : 0;
    }

    /** Before an entry that there is is {@link #set}. */
    void reserve(int index) throws IOException {
        space.reserve(offset + (long) index * Long.BYTES);
    }

    void set(int index, long block) {
        blocks[index] = block;
        changed.set(index);
    }

    /** @param newOffset of clusters that are reserved */
    void move(long newOffset, int clusters) {
        offset = newOffset;
        space.moved(offset, (long) clusters << geometry.clusterBits());
        blocks = Arrays.copyOf(blocks, clusters * geometry.entriesPerCluster());
        moved = true;
    }

    boolean isChanged() {
        return moved || !changed.isEmpty();
    }

    Change takeChange() {
        Change change = new Change(offset, clusters(), isChanged() ? blocks.clone() : blocks, (BitSet) changed.clone(), moved);
        changed.clear();
        moved = false;
        return change;
    }

    void notWritten(Change change) {
        changed.or(change.entries);
        moved |= change.moved;
    }
}
