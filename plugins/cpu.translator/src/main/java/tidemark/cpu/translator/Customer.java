package tidemark.cpu.translator;

import java.util.concurrent.ConcurrentLinkedQueue;

/** A hart's engine as the {@link Workshop} sees it. */
final class Customer {
    private final ConcurrentLinkedQueue<Delivery> delivered = new ConcurrentLinkedQueue<>();
    private boolean gone;

    /** @param region null if what was ordered cannot be had */
    record Delivery(Order order, Region region) {}

    void deliver(Order order, Region region) {
        delivered.add(new Delivery(order, region));
    }

    /** What was delivered, one by one; null if there is nothing. On the hart's thread. */
    Delivery next() {
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
