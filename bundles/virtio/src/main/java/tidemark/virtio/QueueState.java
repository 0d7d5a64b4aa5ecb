package tidemark.virtio;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import tidemark.api.memory.PhysicalMemory;
import tidemark.api.state.State;
import tidemark.api.state.StateException;

/**
 * What a saved state holds of a virtqueue.
 *
 * @param nextAvailable index of the available ring that the device looks at next, 16 bits
 * @param nextUsed index of the used ring that it fills next, 16 bits
 * @param quiet it has asked the driver for no notifications
 * @param pending the driver has notified and the device has not seen to all of it
 * @param taken heads of the chains that it has taken and not yet used, oldest first
 */
record QueueState(Layout layout, boolean ready, int nextAvailable, int nextUsed, boolean quiet, boolean pending, List<Integer> taken) {
    static final QueueState RESET = new QueueState(Layout.NONE, false, 0, 0, false, false, List.of());

    void save(State state, String prefix) {
        state.put(prefix + "size", layout.size()).put(prefix + "descriptors", layout.descriptors()).put(prefix + "driver", layout.driver())
                .put(prefix + "device", layout.device()).put(prefix + "ready", ready).put(prefix + "nextAvailable", nextAvailable)
                .put(prefix + "nextUsed", nextUsed).put(prefix + "quiet", quiet).put(prefix + "pending", pending)
                .put(prefix + "taken", taken.stream().mapToLong(Integer::longValue).toArray());
    }

    /** Nothing is trusted: a state that no queue can be in is refused. */
    static QueueState read(State state, String prefix, int maxSize, PhysicalMemory memory) throws StateException {
        Layout layout = new Layout(state.getInt(prefix + "size"), state.getLong(prefix + "descriptors"), state.getLong(prefix + "driver"),
                state.getLong(prefix + "device"));
        QueueState queue = new QueueState(layout, state.getBoolean(prefix + "ready"), state.getInt(prefix + "nextAvailable") & 0xFFFF,
                state.getInt(prefix + "nextUsed") & 0xFFFF, state.getBoolean(prefix + "quiet"), state.getBoolean(prefix + "pending"),
                heads(state.getBytes(prefix + "taken")));
        String problem = queue.problem(maxSize, memory);
        if (problem != null) {
            throw new StateException("State '" + state.name() + "', " + prefix + "*: " + problem);
        }
        return queue;
    }

    private static List<Integer> heads(byte[] bytes) {
        ByteBuffer longs = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        List<Integer> heads = new ArrayList<>();
        while (longs.remaining() >= Long.BYTES) {
            heads.add(Math.clamp(longs.getLong(), -1, Integer.MAX_VALUE));
        }
        return heads;
    }

    private String problem(int maxSize, PhysicalMemory memory) {
        try {
            if (ready) {
                layout.check(maxSize, memory);
            }
        } catch (MalformedQueue e) {
            return e.getMessage();
        }
        boolean known = ready && taken.stream().allMatch(head -> head >= 0 && head < layout.size()) && new HashSet<>(taken).size() == taken.size();
        return known || taken.isEmpty() ? null : "chains " + taken + " cannot be taken from a queue of " + layout.size();
    }
}
