package tidemark.shell.script;

import java.util.concurrent.atomic.AtomicInteger;

/** The commands of a session that run in the background. */
final class Background {
    private int running;
    private final AtomicInteger failures = new AtomicInteger();

    synchronized void begins() {
        running++;
    }

    synchronized void ends(boolean failed) {
        running--;
        if (failed) {
            failures.incrementAndGet();
        }
        notifyAll();
    }

    /** @return whether all that have ended so far went well */
    synchronized boolean awaitAll() throws InterruptedException {
        while (running > 0) {
            wait();
        }
        return failures.get() == 0;
    }
}
