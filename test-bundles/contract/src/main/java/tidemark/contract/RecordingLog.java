package tidemark.contract;

import tidemark.api.memory.Barrier;
import tidemark.api.memory.DirtyLog;
import tidemark.api.memory.PageSet;

/** A dirty log that keeps what it is told; with a card table wherever a test has put one, or without. */
final class RecordingLog implements DirtyLog {
    static final int CARD_SHIFT = 6;

    final PageSet marked;
    private final long cards;

    /** @param cards host address of a card table, or 0 for {@link Barrier#FIRST_WRITE} */
    RecordingLog(long pages, long cards) {
        marked = PageSet.none(pages);
        this.cards = cards;
    }

    @Override
    public Barrier barrier() {
        return cards == 0 ? Barrier.FIRST_WRITE : Barrier.EVERY_STORE;
    }

    @Override
    public long cardTable() {
        return cards;
    }

    @Override
    public int cardShift() {
        return CARD_SHIFT;
    }

    @Override
    public void mark(long page) {
        marked.add(page);
    }

    @Override
    public void flip() {
        marked.clear();
    }

    @Override
    public void collect(PageSet into) {
        into.addAll(marked);
    }

    @Override
    public void close() {}
}
