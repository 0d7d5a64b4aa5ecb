package tidemark.archetype.tracker;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLongArray;
import tidemark.api.memory.Barrier;
import tidemark.api.memory.DirtyLog;
import tidemark.api.memory.PageSet;

/** A bitmap for each epoch: that of the running one takes marks, those of ended ones wait to be collected. */
final class SampleTrackerLog implements DirtyLog {
    private final int words;
    private volatile AtomicLongArray running;
    private final Queue<AtomicLongArray> ended = new ConcurrentLinkedQueue<>();

    SampleTrackerLog(long pages) {
        words = Math.toIntExact((pages + 63) / 64);
        running = new AtomicLongArray(words);
    }

    /** Engines call {@link #mark} before they first write a page after each flip; {@link Barrier#EVERY_STORE} would give a card table instead. */
    @Override
    public Barrier barrier() {
        return Barrier.FIRST_WRITE;
    }

    /** A device may come here while {@link #flip} ends the epoch: if it did, the mark belongs into the next one, too. */
    @Override
    public void mark(long page) {
        AtomicLongArray marked;
        do {
            marked = running;
            marked.getAndAccumulate((int) (page / 64), 1L << page % 64, (bits, bit) -> bits | bit);
        } while (marked != running);
    }

    /** Part of the guest's pause: keep it short. */
    @Override
    public void flip() {
        ended.add(running);
        running = new AtomicLongArray(words);
    }

    @Override
    public void collect(PageSet into) {
        for (AtomicLongArray epoch = ended.poll(); epoch != null; epoch = ended.poll()) {
            for (int word = 0; word < words; word++) {
                into.addWord(word, epoch.get(word));
            }
        }
    }

    @Override
    public void close() {}
}
