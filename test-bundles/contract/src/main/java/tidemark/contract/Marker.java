package tidemark.contract;

import java.util.concurrent.atomic.AtomicLong;
import tidemark.api.memory.DirtyLog;
import tidemark.api.memory.PageSet;

/**
 * A device that marks pages, one after the other, each {@code stride} pages from the one before: several of them share the words of a
 * bitmap. Never far ahead of who checks that its marks arrive, so that no page is marked twice in the time in which a loss would show.
 */
final class Marker {
    private static final long AHEAD = 10;

    private final DirtyLog log;
    private final long first;
    private final long stride;
    private final long pages;
    private final AtomicLong marked = new AtomicLong();
    private final Thread thread;
    private volatile long checked;
    private volatile boolean stop;
    private long seen;

    Marker(DirtyLog log, long first, long stride, long pages) {
        this.log = log;
        this.first = first;
        this.stride = stride;
        this.pages = pages;
        thread = Thread.ofPlatform().daemon().name("marker " + first).start(this::run);
    }

    private void run() {
        for (long i = 0; !stop; i++) {
            while (i - checked >= AHEAD && !stop) {
                Thread.onSpinWait();
            }
            log.mark(page(i));
            marked.set(i + 1);
        }
    }

    private long page(long i) {
        return (first + i * stride) % (pages / stride * stride);
    }

    /** Before a flip: which marks have returned. */
    void look() {
        seen = marked.get();
    }

    /** After it: whether they arrived. Takes them out of the set. */
    void check(PageSet arrived) {
        for (long i = checked; i < seen; i++) {
            if (!arrived.contains(page(i))) {
                throw new AssertionError("The mark of page " + page(i) + ", number " + i + " of "
                        + thread.getName() + ", was lost in " + log);
            }
            arrived.remove(page(i));
        }
        checked = seen;
    }

    void stop() throws InterruptedException {
        stop = true;
        thread.join();
    }

    long marks() {
        return marked.get();
    }
}
