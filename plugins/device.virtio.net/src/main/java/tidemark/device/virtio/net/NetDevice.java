package tidemark.device.virtio.net;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import tidemark.api.device.Network;
import tidemark.api.state.State;
import tidemark.virtio.Chain;
import tidemark.virtio.Feature;
import tidemark.virtio.MalformedQueue;
import tidemark.virtio.Transport;
import tidemark.virtio.VirtioDevice;

/** Network device (5.1) with one pair of queues, no offloads. Frames that wait for a buffer are in the cable: not part of its state. */
final class NetDevice implements VirtioDevice {
    static final long F_MAC = 1L << 5;
    static final long F_MRG_RXBUF = 1L << 15;
    static final long F_STATUS = 1L << 16;
    static final int RECEIVEQ = 0;
    static final int TRANSMITQ = 1;
    static final int QUEUE_SIZE = 256;
    /** struct virtio_net_hdr (5.1.6). */
    static final int HEADER = 12;
    /** The same without num_buffers, which drivers of before VERSION_1 know only together with F_MRG_RXBUF (5.1.6.1). */
    static final int SHORT_HEADER = 10;
    static final int MIN_FRAME = 14;
    /** With a VLAN tag. */
    static final int MAX_FRAME = 1518;
    private static final short LINK_UP = 1;
    private static final int DEVICE_ID = 1;

    private final Transport transport;
    private final Network network;
    private final Receiver receiver;
    private final byte[] config;

    /** @param cable plugs in a cable; takes who receives */
    NetDevice(MacAddress mac, Function<Consumer<byte[]>, Network> cable, Transport transport) {
        this.transport = transport;
        receiver = new Receiver(transport);
        config = ByteBuffer.allocate(MacAddress.LENGTH + Short.BYTES).order(ByteOrder.LITTLE_ENDIAN).put(mac.bytes()).putShort(LINK_UP).array();
        network = cable.apply(receiver::arrived);
    }

    @Override
    public int id() {
        return DEVICE_ID;
    }

    @Override
    public long features() {
        return F_MAC | F_STATUS | F_MRG_RXBUF;
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
        return queue == TRANSMITQ ? transmit() : receiver.deliver();
    }

    private boolean transmit() throws MalformedQueue {
        for (int i = 0; i < QUEUE_SIZE; i++) {
            Optional<Chain> chain = transport.queue(TRANSMITQ).next();
            if (chain.isEmpty()) {
                return false;
            }
            transmit(chain.get());
        }
        return true;
    }

    /** The length of the header before each frame. */
    static int header(Transport transport) {
        return transport.negotiated(Feature.VERSION_1) || transport.negotiated(F_MRG_RXBUF) ? HEADER : SHORT_HEADER;
    }

    /** What is no frame is lost, as on a wire. */
    private void transmit(Chain chain) throws MalformedQueue {
        int header = header(transport);
        long length = chain.readableLength() - header;
        if (length >= MIN_FRAME && length <= MAX_FRAME) {
            byte[] frame = new byte[(int) length];
            chain.read(header, frame, 0, frame.length);
            network.transmit(frame);
        }
        transport.queue(TRANSMITQ).use(chain, 0);
    }

    @Override
    public void reset() {
        receiver.reset();
    }

    @Override
    public int stateVersion() {
        return 1;
    }

    @Override
    public void save(State state) {
        // All is in the queues.
    }

    @Override
    public void load(State state) {
        receiver.reset();
    }

    @Override
    public void close() {
        network.close();
    }
}
