package tidemark.virtio;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tidemark.api.state.State;
import tidemark.api.state.StateException;

/**
 * A device that writes what it reads, as much as there is room for. On queue 0 at once, {@code perCall} chains at a call; on queue 1 with work in the background between.
 */
final class Echo implements VirtioDevice {
    static final int ID = 42;
    static final long FEATURE = 1 << 3;
    static final int QUEUE_SIZE = 8;

    /** What was read from the chains, in order. */
    final List<String> read = new ArrayList<>();
    final byte[] config = {1, 2, 3, 4, 5, 6, 7};
    final Transport transport;
    int perCall = Integer.MAX_VALUE;
    int calls;
    int resets;
    boolean closed;

    Echo(Transport transport) {
        this.transport = transport;
    }

    @Override
    public int id() {
        return ID;
    }

    @Override
    public long features() {
        return FEATURE;
    }

    @Override
    public int[] queueSizes() {
        return new int[] {QUEUE_SIZE, QUEUE_SIZE};
    }

    @Override
    public byte[] config() {
        return config;
    }

    @Override
    public boolean notified(int queue) throws MalformedQueue {
        calls++;
        for (int i = 0; i < perCall; i++) {
            Optional<Chain> chain = transport.queue(queue).next();
            if (chain.isEmpty()) {
                return false;
            }
            take(queue, chain.get());
        }
        return true;
    }

    private void take(int queue, Chain chain) throws MalformedQueue {
        byte[] bytes = new byte[(int) chain.readableLength()];
        chain.read(0, bytes, 0, bytes.length);
        read.add(new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1));
        if (queue == 0) {
            answer(queue, chain, bytes);
        } else {
            transport.background(() -> { }, () -> answer(queue, chain, bytes));
        }
    }

    private void answer(int queue, Chain chain, byte[] bytes) throws MalformedQueue {
        int written = (int) Math.min(bytes.length, chain.writableLength());
        chain.write(0, bytes, 0, written);
        transport.queue(queue).use(chain, written);
    }

    @Override
    public void reset() {
        resets++;
    }

    @Override
    public int stateVersion() {
        return 1;
    }

    @Override
    public void save(State state) {
        state.put("calls", calls);
    }

    @Override
    public void load(State state) throws StateException {
        calls = state.getInt("calls");
    }

    @Override
    public void close() {
        closed = true;
    }
}
