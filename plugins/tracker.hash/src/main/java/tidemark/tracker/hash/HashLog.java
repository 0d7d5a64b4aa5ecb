package tidemark.tracker.hash;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import tidemark.api.memory.Barrier;
import tidemark.api.memory.DirtyLog;
import tidemark.api.memory.PageDigest;
import tidemark.api.memory.PageSet;
import tidemark.api.memory.PhysicalMemory;

/**
 * The digest of each page's last copy. A page is compared with what the image holds of it, not with what it held at the last look: one
 * that was changed, copied and changed back is dirty, one that was changed and changed back between copies is not. Looking while harts
 * write is sound: what changes afterwards is found at the next look, the last of which is at a pause. A look is at all of RAM: nobody
 * says what was written. Digests are in blocks of 4,096 pages that exist from their first copy on, so that opening a log takes no time.
 */
final class HashLog implements DirtyLog {
    private static final VarHandle DIGEST = MethodHandles.arrayElementVarHandle(long[].class);
    private static final VarHandle BLOCK = MethodHandles.arrayElementVarHandle(long[][].class);
    private static final int BLOCK_SHIFT = 12;
    private static final int BLOCK_PAGES = 1 << BLOCK_SHIFT;
    /** A page whose digest happens to be this is copied in every round; that is all. */
    private static final long NEVER_COPIED = 0;

    private final PhysicalMemory memory;
    private final long[][] blocks;

    HashLog(PhysicalMemory memory) {
        this.memory = memory;
        this.blocks = new long[Math.toIntExact(Math.ceilDiv(memory.pages(), BLOCK_PAGES))][];
    }

    @Override
    public Barrier barrier() {
        return Barrier.NONE;
    }

    @Override
    public void mark(long page) {}

    @Override
    public void copied(long page, long copy) {
        DIGEST.setRelease(block((int) (page >>> BLOCK_SHIFT)), (int) page & BLOCK_PAGES - 1, PageDigest.of(copy));
    }

    /** Made by the first of several threads that ask for it at once. */
    private long[] block(int index) {
        long[] block = (long[]) BLOCK.getAcquire(blocks, index);
        if (block == null) {
            BLOCK.compareAndSet(blocks, index, (long[]) null, new long[BLOCK_PAGES]);
            block = (long[]) BLOCK.getAcquire(blocks, index);
        }
        return block;
    }

    @Override
    public void flip() {}

    @Override
    public void collect(PageSet into) {
        long host = memory.hostAddress();
        for (long page = 0; page < memory.pages(); page++) {
            long copied = lastCopy(page);
            if (copied == NEVER_COPIED || copied != PageDigest.of(host + (page << PhysicalMemory.PAGE_SHIFT))) {
                into.add(page);
            }
        }
    }

    private long lastCopy(long page) {
        long[] block = (long[]) BLOCK.getAcquire(blocks, (int) (page >>> BLOCK_SHIFT));
        return block == null ? NEVER_COPIED : (long) DIGEST.getAcquire(block, (int) page & BLOCK_PAGES - 1);
    }

    @Override
    public void close() {}

    @Override
    public String toString() {
        return "content of " + memory.pages() + " pages";
    }
}
