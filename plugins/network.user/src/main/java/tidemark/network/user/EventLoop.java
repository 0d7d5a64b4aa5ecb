package tidemark.network.user;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits for sockets, timers and a call from outside, and runs what belongs to them. One thread only, but for {@link #wake}. */
final class EventLoop implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EventLoop.class);
    /** A timer that is a little late does no harm; waking for each does. */
    private static final long GRAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final Selector selector;
    private final LongSupplier nanoTime;
    private final long start;
    private final Timers timers = new Timers();
    private final AtomicBoolean asleep = new AtomicBoolean();
    private long faults;

    /** What to do when a socket is ready. */
    interface Handler {
        void ready(SelectionKey key);
    }

    EventLoop(LongSupplier nanoTime) throws IOException {
        this.nanoTime = nanoTime;
        start = nanoTime.getAsLong();
        selector = Selector.open();
    }

    /** Nanoseconds since the loop was made. */
    long now() {
        return nanoTime.getAsLong() - start;
    }

    Timers.Timer timer(Runnable expired) {
        return timers.timer(expired);
    }

    SelectionKey register(SelectableChannel channel, int operations, Handler handler) throws IOException {
        channel.configureBlocking(false);
        return channel.register(selector, operations, handler);
    }

    /** Any thread: the loop does not wait, now or next time. */
    void wake() {
        if (asleep.getAndSet(false)) {
            selector.wakeup();
        }
    }

    /** Waits for sockets unless {@code busy} says that there is work, and handles those that are ready. */
    void select(java.util.function.BooleanSupplier busy) {
        asleep.set(true);
        long timeout = busy.getAsBoolean() ? 0 : timers.next() - now();
        try {
            if (timeout <= 0) {
                selector.selectNow();
            } else {
                selector.select(timers.next() == Long.MAX_VALUE ? 0 : TimeUnit.NANOSECONDS.toMillis(timeout + GRAIN_NANOS));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The host's selector fails", e);
        }
        asleep.set(false);
        for (SelectionKey key : selector.selectedKeys()) {
            guard(() -> handle(key));
        }
        selector.selectedKeys().clear();
    }

    private static void handle(SelectionKey key) {
        if (key.isValid()) {
            ((Handler) key.attachment()).ready(key);
        }
    }

    void expireTimers() {
        for (Runnable expired = timers.expired(now()); expired != null; expired = timers.expired(now())) {
            guard(expired);
        }
    }

    /** Whatever happens in {@code action}, the loop goes on. */
    void guard(Runnable action) {
        try {
            action.run();
        } catch (RuntimeException e) {
            if (faults++ == 0) {
                LOG.error("A fault of the user-mode network; it goes on, further ones are not logged", e);
            }
        }
    }

    /** Errors of ours that {@link #guard} has stopped: none, one hopes. */
    long faults() {
        return faults;
    }

    @Override
    public void close() {
        for (SelectionKey key : selector.keys()) {
            Closing.quietly(key.channel());
        }
        Closing.quietly(selector);
    }
}
