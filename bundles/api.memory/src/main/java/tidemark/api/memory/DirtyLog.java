package tidemark.api.memory;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Which pages of one RAM were written, epoch after epoch. Opened by a {@link DirtyTracker} while no hart runs.
 *
 * <p>The discipline: harts mark a page before they store to it, and an epoch ends only at a handshake at which every
 * engine flushes its writes. Devices run concurrently: they store first, then mark with release semantics; a mark that races with
 * {@link #flip} appears in the epoch that closes or in the next, never in none.
 */
@ConsumerType
public interface DirtyLog extends AutoCloseable {
    /** No tracking. */
    DirtyLog NONE = new DirtyLog() {
        @Override
        public Barrier barrier() {
            return Barrier.NONE;
        }

        @Override
        public void mark(long page) {}

        @Override
        public void flip() {}

        @Override
        public void collect(PageSet into) {}

        @Override
        public void close() {}

        @Override
        public String toString() {
            return "no tracking";
        }
    };

    Barrier barrier();

    /** With {@link Barrier#EVERY_STORE}: host address of the card of RAM's first byte. Constant between handshakes; engines read it when they enter. */
    default long cardTable() {
        throw new UnsupportedOperationException(this + " has no card table");
    }

    /** With {@link Barrier#EVERY_STORE}: log2 of the bytes that a card covers. */
    default int cardShift() {
        throw new UnsupportedOperationException(this + " has no card table");
    }

    /**
     * Marks a page. Any thread: harts before their first store to it in an epoch (from {@link PhysicalMemory#writable}), devices after a store. Lock-free or nearly so.
     */
    void mark(long page);

    /**
     * Tells the log what bytes of a page went into an image: called by the copier after it has taken its copy. Any thread.
     *
     * @param copy host address of the copy that was taken, one page; not of RAM
     */
    default void copied(long page, long copy) {}

    /** Ends the epoch and begins the next. At a handshake: no hart runs. Quick: it is part of the guest's pause. */
    void flip();

    /**
     * Adds the pages written in epochs that have ended and were not yet collected to {@code into}. While harts run, or at
     * a pause; one thread at a time. May add pages that were not written, never leaves out one that was: a page whose bytes differ from
     * those last given to {@link #copied}, or never copied, and written in an ended epoch, is added.
     */
    void collect(PageSet into);

    /** While no hart runs. */
    @Override
    void close();
}
