package tidemark.network.user;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;

/** Makes the segments of one connection. Each acknowledges what arrived and tells the window, if the guest's SYN has arrived. */
final class Transmitter {
    /** RFC 5961, section 7: answers to segments that should not have come, at most one in this time. */
    private static final long CHALLENGE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final SequenceBuffer NOTHING = new SequenceBuffer(0);

    private final EventLoop loop;
    private final Tcp tcp;
    private final Flow flow;
    private Receiver receiver;
    private boolean acknowledgmentDue;
    private long challengedAt = -CHALLENGE_NANOS;

    Transmitter(EventLoop loop, Tcp tcp, Flow flow) {
        this.loop = loop;
        this.tcp = tcp;
        this.flow = flow;
    }

    void setReceiver(Receiver receiver) {
        this.receiver = receiver;
    }

    /** Something arrived that the next segment acknowledges. */
    void owe() {
        acknowledgmentDue = true;
    }

    boolean isOwing() {
        return acknowledgmentDue || receiver != null && receiver.isUpdateDue();
    }

    void send(int flags, int sequence) {
        send(flags, sequence, 0, NOTHING);
    }

    /** Sends the {@code length} bytes from {@code sequence} on. */
    void send(int flags, int sequence, int length, SequenceBuffer data) {
        boolean starts = (flags & Segment.SYN) != 0;
        int options = starts ? options() : 0;
        ByteBuffer packet;
        if (receiver == null) {
            packet = Segment.allocate(flow, sequence, 0, flags, Receiver.MAX_WINDOW_FIELD, options, length);
        } else {
            int window = starts ? Receiver.MAX_WINDOW_FIELD : receiver.window();
            packet = Segment.allocate(flow, sequence, receiver.next(), flags | Segment.ACK, window, options, length);
        }
        Segment.putOptions(packet, options, Tcp.MAXIMUM_SEGMENT_SIZE, Receiver.WINDOW_SHIFT);
        if (length > 0) {
            data.get(sequence, length, packet);
        }
        acknowledgmentDue = false;
        tcp.send(flow, packet);
    }

    private int options() {
        return receiver == null || receiver.isScaled() ? Segment.OPTION_MSS_AND_SCALE : Segment.OPTION_MSS;
    }

    /** Answers a segment that may be forged, or older than this connection. */
    void challenge(int sequence) {
        if (loop.now() - challengedAt >= CHALLENGE_NANOS) {
            challengedAt = loop.now();
            send(0, sequence);
        }
    }
}
