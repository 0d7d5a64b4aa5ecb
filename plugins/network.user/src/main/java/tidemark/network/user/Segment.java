package tidemark.network.user;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * A TCP segment, RFC 9293, section 3.1; window scale option of RFC 7323, section 2.
 *
 * @param window as it stands in the header, not scaled
 * @param maximumSegmentSize of the option, or -1
 * @param windowShift of the option, or -1
 */
record Segment(int sourcePort, int destinationPort, int sequence, int acknowledgment, int flags, int window, int maximumSegmentSize, int windowShift, ByteBuffer data) {
    static final int HEADER = 20;

    static final int FIN = 0x01;
    static final int SYN = 0x02;
    static final int RST = 0x04;
    static final int PSH = 0x08;
    static final int ACK = 0x10;

    /** Options of ours: maximum segment size; the same with window scale, padded. */
    static final int OPTION_MSS = 4;
    static final int OPTION_MSS_AND_SCALE = 8;

    private static final int END_OF_OPTIONS = 0;
    private static final int NO_OPERATION = 1;
    private static final int MAXIMUM_SEGMENT_SIZE = 2;
    private static final int WINDOW_SCALE = 3;
    /** RFC 7323, section 2.3. */
    private static final int MAX_SHIFT = 14;

    /** @return nothing if it is too short, or damaged */
    static Optional<Segment> parse(Datagram datagram) {
        ByteBuffer packet = datagram.payload();
        int headerLength = packet.remaining() < HEADER ? 0 : (packet.get(12) >>> 4 & 0xF) * 4;
        if (headerLength < HEADER || headerLength > packet.remaining()
                || Checksum.of(datagram.source(), datagram.destination(), Tcp.PROTOCOL, packet) != 0) {
            return Optional.empty();
        }
        ByteBuffer options = packet.slice(HEADER, headerLength - HEADER);
        return Optional.of(new Segment(packet.getShort(0) & 0xFFFF, packet.getShort(2) & 0xFFFF, packet.getInt(4), packet.getInt(8), packet.get(13) & 0x3F,
                packet.getShort(14) & 0xFFFF, option(options, MAXIMUM_SEGMENT_SIZE, 4), Math.min(MAX_SHIFT, option(options, WINDOW_SCALE, 3)),
                packet.slice(headerLength, packet.remaining() - headerLength)));
    }

    /** @return the value of the first option of that kind, or -1 if there is none of that length */
    private static int option(ByteBuffer options, int kind, int length) {
        int at = 0;
        while (at < options.limit() && options.get(at) != END_OF_OPTIONS) {
            int step = options.get(at) == NO_OPERATION ? 1 : at + 1 < options.limit() ? options.get(at + 1) & 0xFF : 0;
            if (step == 0 || at + step > options.limit() || step == 1 && options.get(at) != NO_OPERATION) {
                return -1;
            }
            if (options.get(at) == kind && step == length) {
                return length == 3 ? options.get(at + 2) & 0xFF : options.getShort(at + 2) & 0xFFFF;
            }
            at += step;
        }
        return -1;
    }

    boolean has(int flag) {
        return (flags & flag) != 0;
    }

    /** SEG.LEN: the sequence numbers that it takes. */
    int length() {
        return data.remaining() + (has(SYN) ? 1 : 0) + (has(FIN) ? 1 : 0);
    }

    /** A segment to be sent in a flow. @return a packet of {@link Ipv4#allocate}, with {@code data} bytes to come, then {@link #sum} */
    static ByteBuffer allocate(Flow flow, int sequence, int acknowledgment, int flags, int window, int options, int data) {
        ByteBuffer packet = Ipv4.allocate(HEADER + options + data);
        packet.putShort((short) flow.remotePort()).putShort((short) flow.guestPort()).putInt(sequence).putInt(acknowledgment);
        return packet.put((byte) ((HEADER + options) / 4 << 4)).put((byte) flags).putShort((short) window).putInt(0);
    }

    static void putOptions(ByteBuffer packet, int options, int maximumSegmentSize, int windowShift) {
        if (options >= OPTION_MSS) {
            packet.put((byte) MAXIMUM_SEGMENT_SIZE).put((byte) 4).putShort((short) maximumSegmentSize);
        }
        if (options == OPTION_MSS_AND_SCALE) {
            packet.put((byte) NO_OPERATION).put((byte) WINDOW_SCALE).put((byte) 3).put((byte) windowShift);
        }
    }

    static void sum(Flow flow, ByteBuffer packet) {
        packet.putShort(Ipv4.HEADROOM + 16, (short) Checksum.of(flow.remote(), flow.guest(), Tcp.PROTOCOL, Ipv4.payload(packet)));
    }
}
