package tidemark.device.virtio.console;

import java.util.Optional;
import tidemark.api.device.Console;
import tidemark.api.state.State;
import tidemark.api.state.StateException;
import tidemark.virtio.Chain;
import tidemark.virtio.MalformedQueue;
import tidemark.virtio.Transport;
import tidemark.virtio.VirtioDevice;

/** Console device (5.3), port 0. Input waits with the host until the guest gives a buffer for it. */
final class ConsoleDevice implements VirtioDevice {
    static final int RECEIVEQ = 0;
    static final int TRANSMITQ = 1;
    static final int QUEUE_SIZE = 64;
    /** What is moved in one action, in bytes. */
    static final int MAX_AT_ONCE = 64 << 10;
    /** A chain counts as so many bytes more. */
    private static final int CHAIN_COST = 64;
    private static final int PIECE = 4096;
    private static final int NONE = -1;
    private static final int DEVICE_ID = 3;
    private static final byte[] NO_CONFIG = {};

    private final Console console;
    private final Transport transport;
    private final byte[] piece = new byte[PIECE];
    /** The chain whose bytes are being sent, and how many of them were. */
    private Chain sending;
    private long sent;
    /** A byte of input that was taken from the host before there was a buffer, or none. */
    private int ahead = NONE;

    ConsoleDevice(Console console, Transport transport) {
        this.console = console;
        this.transport = transport;
        console.onInput(this::inputArrived);
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
        return new int[] {QUEUE_SIZE, QUEUE_SIZE};
    }

    @Override
    public byte[] config() {
        return NO_CONFIG;
    }

    @Override
    public boolean notified(int queue) throws MalformedQueue {
        return queue == TRANSMITQ ? transmit() : receive();
    }

    // From the guest

    private boolean transmit() throws MalformedQueue {
        for (long left = MAX_AT_ONCE; left > 0; ) {
            if (sending == null) {
                sending = transport.queue(TRANSMITQ).next().orElse(null);
                left -= CHAIN_COST;
            }
            if (sending == null) {
                return false;
            }
            left -= transmitPiece();
        }
        return true;
    }

    private int transmitPiece() throws MalformedQueue {
        int size = Math.clamp(sending.readableLength() - sent, 0, PIECE);
        sending.read(size == 0 ? 0 : sent, piece, 0, size);
        for (int i = 0; i < size; i++) {
            console.transmit(piece[i]);
        }
        sent += size;
        if (sent >= sending.readableLength()) {
            transport.queue(TRANSMITQ).use(sending, 0);
            sending = null;
            sent = 0;
        }
        return size;
    }

    // To the guest

    /** On any thread. */
    private void inputArrived() {
        transport.post(this::receiveAll);
    }

    private void receiveAll() throws MalformedQueue {
        if (receive()) {
            inputArrived();
        }
    }

    private boolean receive() throws MalformedQueue {
        for (int left = MAX_AT_ONCE; left > 0; ) {
            Optional<Chain> chain = inputWaits() ? transport.queue(RECEIVEQ).next() : Optional.empty();
            if (chain.isEmpty()) {
                return false;
            }
            left -= CHAIN_COST + fill(chain.get());
        }
        return true;
    }

    private boolean inputWaits() {
        ahead = ahead == NONE ? console.receive() : ahead;
        return ahead != NONE;
    }

    private int fill(Chain chain) throws MalformedQueue {
        int room = (int) Math.min(chain.writableLength(), PIECE);
        int size = 0;
        while (size < room && inputWaits()) {
            piece[size++] = (byte) ahead;
            ahead = NONE;
        }
        chain.write(0, piece, 0, size);
        transport.queue(RECEIVEQ).use(chain, size);
        return size;
    }

    // Life

    @Override
    public void reset() {
        sending = null;
        sent = 0;
    }

    @Override
    public int stateVersion() {
        return 1;
    }

    @Override
    public void save(State state) {
        state.put("sent", sent).put("ahead", ahead);
    }

    /** Input may wait already. */
    @Override
    public void load(State state) throws StateException {
        long savedSent = state.getLong("sent");
        int savedAhead = state.getInt("ahead");
        if (savedSent < 0 || savedAhead < NONE || savedAhead > 0xFF) {
            throw new StateException("State '" + state.name() + "': " + savedSent + " bytes sent, input " + savedAhead);
        }
        sending = null;
        sent = savedSent;
        ahead = savedAhead;
        inputArrived();
    }

    @Override
    public void close() {
        console.onInput(() -> { });
    }
}
