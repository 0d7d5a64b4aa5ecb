package tidemark.cpu.translator;

import java.util.concurrent.ConcurrentLinkedQueue;

/** A hart's engine as the {@link Workshop} sees it. */
final class Customer {
    private final ConcurrentLinkedQueue<Region> delivered = new ConcurrentLinkedQueue<>();
    private boolean gone;

    void deliver(Region region) {
        delivered.add(region);
    }

    /** What was delivered, one by one; null if there is nothing. On the hart's thread. */
    Region next() {
        return delivered.isEmpty() ? null : delivered.poll();
    }

    /** Does something that needs this hart's RAM, unless the engine is closed. @return whether it was done */
    synchronized boolean whileThere(Runnable action) {
        if (!gone) {
            action.run();
        }
        return !gone;
    }

    /** From now on RAM is not touched for this engine. Waits until it is not. */
    synchronized void leave() {
        gone = true;
        delivered.clear();
    }
}
