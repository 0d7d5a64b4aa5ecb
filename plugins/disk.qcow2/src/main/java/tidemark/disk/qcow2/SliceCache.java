package tidemark.disk.qcow2;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tidemark.disk.Storage;

/** Pieces of L2 tables or refcount blocks, the last ones used. Under the lock of its {@link Metadata}. Those that changed stay until they are in the file. */
final class SliceCache {
    private final Storage file;
    private final int sliceSize;
    private final int capacity;
    private final Map<Long, Slice> slices = new LinkedHashMap<>(16, 0.75f, true);
    private int changed;

    /** A piece of a table. */
    private static final class Slice {
        private final long offset;
        private final ByteBuffer bytes;
        private boolean changed;
        private boolean beingWritten;
        /** Its space in the file, so that it can be written there even if the host is full then. */
        private boolean reserved;

        Slice(long offset, ByteBuffer bytes) {
            this.offset = offset;
            this.bytes = bytes;
        }
    }

    /** A piece as it was when it was taken to be written. */
    record Change(Object slice, long offset, ByteBuffer bytes) {}

    SliceCache(Storage file, int sliceSize, int capacity) {
        this.file = file;
        this.sliceSize = sliceSize;
        this.capacity = capacity;
    }

    /** The piece in which the byte at {@code offset} of the file is; for reading. */
    ByteBuffer at(long offset) throws IOException {
        return slice(offset).bytes;
    }

    /** The same; for changing it at once. @throws IOException also if the host has no room for it; it is not changed then */
    ByteBuffer toChange(long offset) throws IOException {
        Slice slice = slice(offset);
        if (!slice.reserved) {
            file.reserve(slice.offset, sliceSize);
            slice.reserved = true;
        }
        if (!slice.changed) {
            slice.changed = true;
            changed++;
        }
        return slice.bytes;
    }

    int indexOf(long offset) {
        return (int) (offset & sliceSize - 1);
    }

    boolean isCrowded() {
        return changed > capacity / 2;
    }

    boolean isChanged() {
        return changed > 0;
    }

    private Slice slice(long offset) throws IOException {
        long start = offset & -sliceSize;
        Slice slice = slices.get(start);
        if (slice == null) {
            makeRoom();
            slice = new Slice(start, PaddedFile.read(file, start, sliceSize));
            slices.put(start, slice);
        }
        return slice;
    }

    private void makeRoom() {
        for (Iterator<Slice> all = slices.values().iterator(); slices.size() >= capacity && all.hasNext();) {
            Slice slice = all.next();
            if (!slice.changed && !slice.beingWritten) {
                all.remove();
            }
        }
    }

    /** The file there is another table's from now on. */
    void forget(long offset, long length) {
        for (long at = offset; at < offset + length; at += sliceSize) {
            Slice slice = slices.remove(at);
            changed -= slice != null && slice.changed ? 1 : 0;
        }
    }

    List<Change> takeChanges() {
        List<Change> changes = new ArrayList<>();
        for (Slice slice : slices.values()) {
            if (slice.changed) {
                slice.changed = false;
                slice.beingWritten = true;
                changes.add(new Change(slice, slice.offset, ByteBuffer.wrap(slice.bytes.array().clone())));
            }
        }
        changed = 0;
        return changes;
    }

    /** @param inFile whether they have all been written */
    void written(List<Change> changes, boolean inFile) {
        for (Change change : changes) {
            Slice slice = (Slice) change.slice;
            slice.beingWritten = false;
            if (!inFile && !slice.changed && slices.get(slice.offset) == slice) {
                slice.changed = true;
                changed++;
            }
        }
    }
}
