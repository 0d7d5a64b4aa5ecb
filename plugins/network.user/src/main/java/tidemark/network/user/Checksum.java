package tidemark.network.user;

import java.nio.ByteBuffer;

/** The Internet checksum, RFC 1071: the complement of the one's complement sum of 16-bit words. Right packets sum up to 0. */
final class Checksum {
    private Checksum() {}

    /** Of the buffer's remaining bytes. */
    static int of(ByteBuffer bytes) {
        return complement(sum(bytes));
    }

    /** Of a transport's packet with its pseudo header (RFC 9293, section 3.1; RFC 768). */
    static int of(int source, int destination, int protocol, ByteBuffer packet) {
        long pseudoHeader = (source & 0xFFFF_FFFFL) + (destination & 0xFFFF_FFFFL) + protocol + packet.remaining();
        return complement(pseudoHeader + sum(packet));
    }

    /** Two words at a time: carries between them are folded in at the end. */
    private static long sum(ByteBuffer bytes) {
        long sum = 0;
        int at = bytes.position();
        int end = bytes.limit();
        for (; at + 4 <= end; at += 4) {
            sum += bytes.getInt(at) & 0xFFFF_FFFFL;
        }
        if (at + 2 <= end) {
            sum += bytes.getShort(at) & 0xFFFF;
            at += 2;
        }
        return at < end ? sum + ((bytes.get(at) & 0xFF) << 8) : sum;
    }

    private static int complement(long sum) {
        long folded = sum;
        while (folded >>> 16 != 0) {
            folded = (folded & 0xFFFF) + (folded >>> 16);
        }
        return (int) ~folded & 0xFFFF;
    }
}
