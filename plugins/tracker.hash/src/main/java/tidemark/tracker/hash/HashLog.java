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
 * write is sound: what changes afterwards is found at the next look, the last of which is at a pause.
 */
final class HashLog implements DirtyLog {
    private static final VarHandle DIGEST = MethodHandles.arrayElementVarHandle(long[].class);
    /** A page whose digest happens to be this is copied in every round; that is all. */
    private static final long NEVER_COPIED = 0;

    private final PhysicalMemory memory;
    private final long[] digests;

    HashLog(PhysicalMemory memory) {
        this.memory = memory;
        this.digests = new long[Math.toIntExact(memory.pages())];
    }

    @Override
    public Barrier barrier() {
        return Barrier.NONE;
    }

    @Override
    public void mark(long page) {}

    @Override
    public void copied(long page, long copy) {
        DIGEST.setRelease(digests, (int) page, PageDigest.of(copy));
    }

    @Override
    public void flip() {}

    @Override
    public void collect(PageSet into) {
        long host = memory.hostAddress();
        for (int page = 0; page < digests.length; page++) {
            long copied = (long) DIGEST.getAcquire(digests, page);
            if (copied == NEVER_COPIED || copied != PageDigest.of(host + ((long) page << PhysicalMemory.PAGE_SHIFT))) {
                into.add(page);
            }
        }
    }

    @Override
    public void close() {}

    @Override
    public String toString() {
        return "content of " + digests.length + " pages";
    }
}
