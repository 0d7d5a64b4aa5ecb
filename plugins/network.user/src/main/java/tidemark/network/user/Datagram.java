package tidemark.network.user;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * An IPv4 datagram or a fragment of one, RFC 791, section 3.1.
 *
 * @param header with options; checked
 * @param payload as long as the header says; of length 0 or more
 */
record Datagram(ByteBuffer header, ByteBuffer payload) {
    static final int HEADER = 20;
    static final int MAX_LENGTH = 65_535;

    static final int DONT_FRAGMENT = 0x4000;
    static final int MORE_FRAGMENTS = 0x2000;
    private static final int FRAGMENT_OFFSET = 0x1FFF;

    /** @return nothing if it is not a whole, undamaged packet of version 4 */
    static Optional<Datagram> parse(ByteBuffer packet) {
        if (packet.remaining() < HEADER || packet.get(0) >>> 4 != 4) {
            return Optional.empty();
        }
        int headerLength = (packet.get(0) & 0xF) * 4;
        int totalLength = packet.getShort(2) & 0xFFFF;
        if (headerLength < HEADER || totalLength < headerLength || totalLength > packet.remaining()) {
            return Optional.empty();
        }
        ByteBuffer header = packet.slice(0, headerLength);
        return Checksum.of(header) == 0 ? Optional.of(new Datagram(header, packet.slice(headerLength, totalLength - headerLength))) : Optional.empty();
    }

    int identification() {
        return header.getShort(4) & 0xFFFF;
    }

    boolean moreFragments() {
        return (header.getShort(6) & MORE_FRAGMENTS) != 0;
    }

    /** In bytes. */
    int fragmentOffset() {
        return (header.getShort(6) & FRAGMENT_OFFSET) * 8;
    }

    int timeToLive() {
        return header.get(8) & 0xFF;
    }

    int protocol() {
        return header.get(9) & 0xFF;
    }

    int source() {
        return header.getInt(12);
    }

    int destination() {
        return header.getInt(16);
    }
}
