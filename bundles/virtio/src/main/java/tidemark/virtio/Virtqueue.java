package tidemark.virtio;

import java.lang.invoke.VarHandle;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongPredicate;
import tidemark.api.memory.PhysicalMemory;

/**
 * The device's side of a split virtqueue (2.7). Used in actions of the device's {@link Transport} only; what an action used, the driver gets to see at its end. Chains
 * that were taken and not yet used belong to the queue's state: after a load {@link #next} gives them again, oldest first.
 */
public final class Virtqueue {
    private static final int AVAIL_F_NO_INTERRUPT = 1;
    private static final int USED_F_NO_NOTIFY = 1;
    private static final int INDEX = 0xFFFF;

    private final int maxSize;
    private final PhysicalMemory memory;
    private final GuestRam ram;
    private final LongPredicate negotiated;
    private final Map<Integer, Chain> taken = new LinkedHashMap<>();
    /** Heads of chains that were taken before a load, to be taken again. */
    private final ArrayDeque<Integer> again = new ArrayDeque<>();
    private Layout layout = Layout.NONE;
    private boolean ready;
    private int nextAvailable;
    private int nextUsed;
    /** What the used ring's idx shows to the driver. */
    private int shownUsed;
    private boolean quiet;
    private boolean pending;

    /** @param negotiated whether driver and device have agreed on features */
    Virtqueue(int maxSize, PhysicalMemory memory, LongPredicate negotiated) {
        this.maxSize = maxSize;
        this.memory = memory;
        this.negotiated = negotiated;
        ram = new GuestRam(memory);
    }

    // For the device

    /** The next chain; empty if there is none now: the driver then notifies when there is. */
    public Optional<Chain> next() throws MalformedQueue {
        if (!ready || again.isEmpty() && !available()) {
            return Optional.empty();
        }
        int head = again.isEmpty() ? takeHead() : again.poll();
        Chain chain = new ChainWalk(ram, layout, negotiated.test(Feature.RING_INDIRECT_DESC), maxSize).from(head);
        taken.put(head, chain);
        return Optional.of(chain);
    }

    /**
     * Gives a chain back to the driver. One that the driver has taken back meanwhile by resetting the queue is left alone.
     *
     * @param written how many bytes from the first writable one on the device has written
     */
    public void use(Chain chain, long written) throws MalformedQueue {
        if (taken.remove(chain.head(), chain)) {
            ram.writeWords(layout.used(nextUsed), chain.head(), (int) written);
            nextUsed = nextUsed + 1 & INDEX;
        }
    }

    /** Asks the driver not to notify, until {@link #next} finds nothing. The driver need not heed it. */
    public void quiet() throws MalformedQueue {
        if (ready && !quiet) {
            quiet = true;
            if (!negotiated.test(Feature.RING_EVENT_IDX)) {
                ram.writeShort(layout.device() + Layout.FLAGS, USED_F_NO_NOTIFY);
            }
        }
    }

    private boolean available() throws MalformedQueue {
        if (waiting() == 0) {
            askForNotification();
        }
        return waiting() > 0;
    }

    /** How many chains the driver has made available that were not taken. */
    private int waiting() throws MalformedQueue {
        int waiting = ram.readShort(layout.driver() + Layout.IDX) - nextAvailable & INDEX;
        if (waiting > layout.size()) {
            throw new MalformedQueue(waiting + " chains are available at once in a queue of " + layout.size());
        }
        VarHandle.acquireFence(); // before the ring's entry and the descriptors are read
        return waiting;
    }

    private void askForNotification() throws MalformedQueue {
        if (negotiated.test(Feature.RING_EVENT_IDX)) {
            ram.writeShort(layout.availEvent(), nextAvailable);
        } else if (quiet) {
            ram.writeShort(layout.device() + Layout.FLAGS, 0);
        }
        quiet = false;
        VarHandle.fullFence(); // before the driver's idx is read once more: it may have moved before the driver saw the request
    }

    private int takeHead() throws MalformedQueue {
        int head = ram.readShort(layout.available(nextAvailable));
        if (head >= layout.size()) {
            throw new MalformedQueue("A chain begins at descriptor " + head + " of " + layout.size());
        }
        if (taken.containsKey(head)) {
            throw new MalformedQueue("The chain from descriptor " + head + " is made available while the device has it");
        }
        nextAvailable = nextAvailable + 1 & INDEX;
        return head;
    }

    // For the transport

    /** Shows the driver what was used. @return whether it wants to be notified */
    boolean show() throws MalformedQueue {
        if (nextUsed == shownUsed) {
            return false;
        }
        VarHandle.releaseFence();
        ram.writeShort(layout.device() + Layout.IDX, nextUsed);
        VarHandle.fullFence(); // before the driver's wish is read: it may change it and then look at idx
        boolean notify = notificationWanted();
        shownUsed = nextUsed;
        return notify;
    }

    private boolean notificationWanted() throws MalformedQueue {
        if (!negotiated.test(Feature.RING_EVENT_IDX)) {
            return (ram.readShort(layout.driver() + Layout.FLAGS) & AVAIL_F_NO_INTERRUPT) == 0;
        }
        int event = ram.readShort(layout.usedEvent());
        return (nextUsed - event - 1 & INDEX) < (nextUsed - shownUsed & INDEX);
    }

    int maxSize() {
        return maxSize;
    }

    Layout layout() {
        return layout;
    }

    /** Of a queue that is not ready. */
    void layout(Layout where) {
        layout = where;
    }

    boolean ready() {
        return ready;
    }

    /** The driver starts using the queue. */
    void start() throws MalformedQueue {
        layout.check(maxSize, memory);
        state(new QueueState(layout, true, 0, 0, false, pending, List.of()));
    }

    /** The driver stops using it; its chains are the driver's again. */
    void stop() {
        state(new QueueState(layout, false, 0, 0, false, false, List.of()));
    }

    /** Whether the driver has notified and the device has not seen to all of it. */
    boolean pending() {
        return pending;
    }

    void pending(boolean more) {
        pending = more;
    }

    /** Whether a device that begins with this state has something to do here without being notified. */
    boolean unfinished() {
        return pending || !again.isEmpty();
    }

    /** What was taken is taken once more. */
    void takeAgain() {
        state(state());
    }

    QueueState state() {
        List<Integer> heads = new ArrayList<>(taken.keySet());
        heads.addAll(again);
        return new QueueState(layout, ready, nextAvailable, nextUsed, quiet, pending, heads);
    }

    void state(QueueState state) {
        layout = state.layout();
        ready = state.ready();
        nextAvailable = state.nextAvailable();
        nextUsed = state.nextUsed();
        shownUsed = nextUsed;
        quiet = state.quiet();
        pending = state.pending();
        taken.clear();
        again.clear();
        again.addAll(state.taken());
    }
}
