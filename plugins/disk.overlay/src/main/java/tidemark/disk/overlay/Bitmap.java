package tidemark.disk.overlay;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReferenceArray;
import tidemark.disk.ReservedTable;
import tidemark.disk.Storage;

/** Which blocks are in the file: all of it in memory, 35 MiB for each TiB that was written. Any thread; a bit is set when its block is written. */
final class Bitmap {
    private static final int READ_AT_ONCE = 1 << 16;

    private final long identity;
    /** Null where no bit is set. */
    private final AtomicReferenceArray<BitmapSector> sectors;
    private final Queue<BitmapSector> changed = new ConcurrentLinkedQueue<>();
    private final ReservedTable space;

    /** What a sector is to be in the file. */
    private record Change(BitmapSector sector, ByteBuffer bytes) {}

    private Bitmap(Storage file, Header header) {
        this.space = new ReservedTable(file, Geometry.HEADER_BYTES, Geometry.BLOCK);
        this.identity = header.identity();
        this.sectors = new AtomicReferenceArray<>(header.geometry().bitmapSectors());
    }

    static Bitmap read(Storage file, Header header) throws IOException {
        Bitmap bitmap = new Bitmap(file, header);
        long end = Geometry.sectorOffset(header.geometry().bitmapSectors());
        ByteBuffer bytes = ByteBuffer.allocate(READ_AT_ONCE);
        for (long at = file.nextData(Geometry.HEADER_BYTES); at < end; at = file.nextData(at + bytes.limit())) {
            at &= -BitmapSector.BYTES;
            file.read(at, bytes.clear().limit((int) Math.min(READ_AT_ONCE, end - at)));
            bitmap.decode(file, header, at, bytes.flip());
        }
        return bitmap;
    }

    private void decode(Storage file, Header header, long offset, ByteBuffer bytes) throws IOException {
        for (int at = 0; at < bytes.limit(); at += BitmapSector.BYTES) {
            int number = (int) ((offset + at - Geometry.HEADER_BYTES) / BitmapSector.BYTES);
            sectors.set(number, BitmapSector.decode(file, header, number, bytes.slice(at, BitmapSector.BYTES)));
        }
    }

    boolean has(long block) {
        return (word(block) >>> block & 1) != 0;
    }

    /** Where blocks from {@code block} on, before {@code end}, cease to be in the file, or not to be there. */
    long runEnd(long block, long end, boolean there) {
        long same = there ? -1 : 0;
        for (long at = block; at < end; at = (at | Long.SIZE - 1) + 1) {
            long others = (word(at) ^ same) >>> at;
            if (others != 0) {
                return Math.min(end, at + Long.numberOfTrailingZeros(others));
            }
        }
        return end;
    }

    /** That of the 64 blocks, from a multiple of 64, of which {@code block} is one. */
    private long word(long block) {
        long word = block / Long.SIZE;
        BitmapSector sector = sectors.getAcquire((int) (word / BitmapSector.WORDS));
        return sector == null ? 0 : sector.word((int) (word % BitmapSector.WORDS));
    }

    /** Before a block is written that is to be {@link #set}. @throws IOException if the host has no room for its bit */
    void reserve(long block) throws IOException {
        space.reserve(Geometry.sectorOffset((int) (block / Long.SIZE / BitmapSector.WORDS)));
    }

    /** Of 64 blocks from a multiple of 64, at least one and none of another 64. */
    void set(long block, long end) {
        long word = block / Long.SIZE;
        BitmapSector sector = sector((int) (word / BitmapSector.WORDS));
        if (sector.set((int) (word % BitmapSector.WORDS), -1L << block & -1L >>> -end)) {
            changed.add(sector);
        }
    }

    private BitmapSector sector(int number) {
        BitmapSector sector = sectors.getAcquire(number);
        if (sector == null) {
            BitmapSector created = new BitmapSector(number);
            sector = sectors.compareAndExchange(number, null, created);
            return sector == null ? created : sector;
        }
        return sector;
    }

    boolean isChanged() {
        return !changed.isEmpty();
    }

    /** Makes durable what was written to the file and then which blocks that are. One thread at a time. */
    void flush(Storage file) throws IOException {
        List<Change> changes = takeChanges();
        try {
            file.sync();
            for (Change change : changes) {
                file.write(change.sector.offset(), change.bytes);
            }
            if (!changes.isEmpty()) {
                file.sync();
            }
        } catch (IOException e) {
            changes.stream().map(Change::sector).filter(BitmapSector::markChanged).forEach(changed::add);
            throw e;
        }
    }

    private List<Change> takeChanges() {
        List<Change> changes = new ArrayList<>();
        for (BitmapSector sector = changed.poll(); sector != null; sector = changed.poll()) {
            changes.add(new Change(sector, sector.takeChange(identity)));
        }
        return changes;
    }
}
