package tidemark.disk.qcow2;

import java.util.Arrays;

/** Offsets of clusters, sorted: 8 bytes for each, however many an image names. */
final class ClusterSet {
    private long[] offsets;
    private int size;

    /** @param offsets sorted; used up */
    ClusterSet(long[] offsets) {
        this.offsets = offsets;
        this.size = offsets.length;
    }

    boolean contains(long offset) {
        return indexOf(offset) >= 0;
    }

    private int indexOf(long offset) {
        return Arrays.binarySearch(offsets, 0, size, offset);
    }

    void add(long offset) {
        int at = indexOf(offset);
        if (at < 0) {
            if (size == offsets.length) {
                offsets = Arrays.copyOf(offsets, size + size / 2 + 8);
            }
            System.arraycopy(offsets, ~at, offsets, ~at + 1, size++ - ~at);
            offsets[~at] = offset;
        }
    }

    void remove(long offset) {
        int at = indexOf(offset);
        if (at >= 0) {
            System.arraycopy(offsets, at + 1, offsets, at, --size - at);
        }
    }
}
