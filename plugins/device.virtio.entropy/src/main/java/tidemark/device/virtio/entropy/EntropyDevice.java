package tidemark.device.virtio.entropy;

import java.util.Optional;
import java.util.random.RandomGenerator;
import tidemark.api.state.State;
import tidemark.virtio.Chain;
import tidemark.virtio.MalformedQueue;
import tidemark.virtio.Transport;
import tidemark.virtio.VirtioDevice;

/** Entropy device (5.4). Random bytes are never saved: what was asked for and not yet given is drawn anew after a restore. */
final class EntropyDevice implements VirtioDevice {
    static final int QUEUE_SIZE = 8;
    /** The most that a request is given; the driver asks again. */
    static final int MAX_BYTES = 64 << 10;
    private static final int DEVICE_ID = 4;
    private static final byte[] NO_CONFIG = {};

    private final RandomGenerator random;
    private final Transport transport;

    EntropyDevice(RandomGenerator random, Transport transport) {
        this.random = random;
        this.transport = transport;
    }

    @Override
    public int id() {
        return DEVICE_ID;
    }

    @Override
    public long features() {
        return 0;
    }

    @Override
    public int[] queueSizes() {
        return new int[] {QUEUE_SIZE};
    }

    @Override
    public byte[] config() {
        return NO_CONFIG;
    }

    /** No more than the queue holds can be under way. */
    @Override
    public boolean notified(int queue) throws MalformedQueue {
        for (int i = 0; i < QUEUE_SIZE; i++) {
            Optional<Chain> chain = transport.queue(0).next();
            if (chain.isEmpty()) {
                return false;
            }
            draw(chain.get());
        }
        return true;
    }

    private void draw(Chain chain) {
        byte[] bytes = new byte[(int) Math.min(chain.writableLength(), MAX_BYTES)];
        transport.background(() -> random.nextBytes(bytes), () -> {
            chain.write(0, bytes, 0, bytes.length);
            transport.queue(0).use(chain, bytes.length);
        });
    }

    @Override
    public void reset() {
        // All is in the queue.
    }

    @Override
    public int stateVersion() {
        return 1;
    }

    @Override
    public void save(State state) {
        // All is in the queue.
    }

    @Override
    public void load(State state) {
        // All is in the queue.
    }

    @Override
    public void close() {
        // It holds nothing.
    }
}
