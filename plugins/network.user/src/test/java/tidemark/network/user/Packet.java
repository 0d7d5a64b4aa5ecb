package tidemark.network.user;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Frames as the guest makes and reads them: written from the RFCs once more, so that an error of the plug-in's is not its own judge. */
record Packet(byte[] frame) {
    static final long GUEST_STATION = 0x5254_0012_3456L;
    static final int GUEST = 0x0A00_020F;
    static final int GATEWAY = 0x0A00_0202;
    static final int DNS = 0x0A00_0203;
    static final long GATEWAY_STATION = 0x5255_0A00_0202L;

    static final int FIN = 1;
    static final int SYN = 2;
    static final int RST = 4;
    static final int PSH = 8;
    static final int ACK = 16;

    // Making

    static byte[] ethernet(long destination, long source, int type, byte[] payload) {
        ByteBuffer frame = ByteBuffer.allocate(14 + payload.length);
        station(frame, destination);
        station(frame, source);
        return frame.putShort((short) type).put(payload).array();
    }

    static byte[] arp(int operation, long sender, int senderAddress, long target, int targetAddress) {
        ByteBuffer packet = ByteBuffer.allocate(28).putShort((short) 1).putShort((short) 0x0800).put((byte) 6).put((byte) 4).putShort((short) operation);
        station(packet, sender);
        packet.putInt(senderAddress);
        station(packet, target);
        packet.putInt(targetAddress);
        return ethernet(operation == 1 ? 0xFFFF_FFFF_FFFFL : GATEWAY_STATION, sender, 0x0806, packet.array());
    }

    static byte[] ip(int source, int destination, int protocol, byte[] payload) {
        return fragment(source, destination, protocol, 1, 0, false, 64, payload);
    }

    static byte[] fragment(int source, int destination, int protocol, int identification, int offset, boolean more, int timeToLive, byte[] payload) {
        ByteBuffer packet = ByteBuffer.allocate(20 + payload.length);
        packet.put((byte) 0x45).put((byte) 0).putShort((short) (20 + payload.length)).putShort((short) identification);
        packet.putShort((short) (offset / 8 | (more ? 0x2000 : 0))).put((byte) timeToLive).put((byte) protocol).putShort((short) 0);
        packet.putInt(source).putInt(destination);
        packet.putShort(10, (short) sum(0, Arrays.copyOf(packet.array(), 20)));
        packet.put(payload);
        return ethernet(destination == -1 ? 0xFFFF_FFFF_FFFFL : GATEWAY_STATION, GUEST_STATION, 0x0800, packet.array());
    }

    static byte[] udp(int source, int sourcePort, int destination, int destinationPort, byte[] data) {
        return ip(source, destination, 17, udpPayload(source, sourcePort, destination, destinationPort, data));
    }

    static byte[] udpPayload(int source, int sourcePort, int destination, int destinationPort, byte[] data) {
        ByteBuffer packet = ByteBuffer.allocate(8 + data.length).putShort((short) sourcePort).putShort((short) destinationPort);
        packet.putShort((short) packet.capacity()).putShort((short) 0).put(data);
        packet.putShort(6, (short) sum(pseudo(source, destination, 17, packet.capacity()), packet.array()));
        return packet.array();
    }

    static byte[] echo(int destination, int identifier, byte[] data) {
        return ip(GUEST, destination, 1, echoPayload(identifier, data));
    }

    static byte[] echoPayload(int identifier, byte[] data) {
        ByteBuffer packet = ByteBuffer.allocate(8 + data.length).put((byte) 8).put((byte) 0).putShort((short) 0).putShort((short) identifier).putShort((short) 1);
        packet.put(data);
        return packet.putShort(2, (short) sum(0, packet.array())).array();
    }

    /** @param options whole words */
    static byte[] tcp(int sourcePort, int destination, int destinationPort, int sequence, int acknowledgment, int flags, int window, byte[] options, byte[] data) {
        ByteBuffer packet = ByteBuffer.allocate(20 + options.length + data.length);
        packet.putShort((short) sourcePort).putShort((short) destinationPort).putInt(sequence).putInt(acknowledgment);
        packet.put((byte) (5 + options.length / 4 << 4)).put((byte) flags).putShort((short) window).putInt(0).put(options).put(data);
        packet.putShort(16, (short) sum(pseudo(GUEST, destination, 6, packet.capacity()), packet.array()));
        return ip(GUEST, destination, 6, packet.array());
    }

    static void station(ByteBuffer into, long station) {
        into.putShort((short) (station >> 32)).putInt((int) station);
    }

    private static long pseudo(int source, int destination, int protocol, int length) {
        return (source >>> 16) + (source & 0xFFFF) + (destination >>> 16) + (destination & 0xFFFF) + protocol + length;
    }

    static int sum(long start, byte[] bytes) {
        long sum = start;
        for (int i = 0; i < bytes.length; i++) {
            sum += (bytes[i] & 0xFF) << (i % 2 == 0 ? 8 : 0);
        }
        while (sum > 0xFFFF) {
            sum = (sum >> 16) + (sum & 0xFFFF);
        }
        return (int) (~sum & 0xFFFF);
    }

    // Reading

    int type() {
        return at(12, 2);
    }

    boolean isArp() {
        return type() == 0x0806;
    }

    boolean isIp(int protocol) {
        return type() == 0x0800 && at(23, 1) == protocol;
    }

    boolean isIcmp(int icmpType) {
        return isIp(1) && at(34, 1) == icmpType;
    }

    /** Every sum in the frame is right, every length is that of the frame, and it comes from a station of the gateway's. */
    void check() {
        if (station(6) >>> 8 != GATEWAY_STATION >>> 8 || frame.length > 1514) {
            throw new AssertionError("Frame of " + frame.length + " bytes from " + Long.toHexString(station(6)));
        }
        if (type() != 0x0800) {
            return;
        }
        if (at(14, 1) != 0x45 || sum(0, Arrays.copyOfRange(frame, 14, 34)) != 0 || at(16, 2) != frame.length - 14) {
            throw new AssertionError("IPv4 header: " + this);
        }
        byte[] payload = Arrays.copyOfRange(frame, 34, frame.length);
        boolean whole = (at(20, 2) & 0x3FFF) == 0;
        long start = isIp(1) ? 0 : pseudo(source(), destination(), at(23, 1), payload.length);
        if (whole && sum(start, payload) != 0) {
            throw new AssertionError("Checksum: " + this);
        }
    }

    long station(int offset) {
        return (long) at(offset, 2) << 32 | at(offset + 2, 4) & 0xFFFF_FFFFL;
    }

    int source() {
        return at(26, 4);
    }

    int destination() {
        return at(30, 4);
    }

    int identification() {
        return at(18, 2);
    }

    int fragmentOffset() {
        return (at(20, 2) & 0x1FFF) * 8;
    }

    boolean moreFragments() {
        return (at(20, 2) & 0x2000) != 0;
    }

    /** What is behind the IPv4 header. */
    byte[] payload() {
        return Arrays.copyOfRange(frame, 34, frame.length);
    }

    int sourcePort() {
        return at(34, 2);
    }

    int destinationPort() {
        return at(36, 2);
    }

    byte[] udpData() {
        return Arrays.copyOfRange(frame, 42, frame.length);
    }

    int icmpCode() {
        return at(35, 1);
    }

    int sequence() {
        return at(38, 4);
    }

    int acknowledgment() {
        return at(42, 4);
    }

    boolean has(int flag) {
        return (at(47, 1) & flag) == flag;
    }

    int window() {
        return at(48, 2);
    }

    byte[] tcpOptions() {
        return Arrays.copyOfRange(frame, 54, 34 + (at(46, 1) >> 4) * 4);
    }

    byte[] tcpData() {
        return Arrays.copyOfRange(frame, 34 + (at(46, 1) >> 4) * 4, frame.length);
    }

    int at(int offset, int size) {
        int value = 0;
        for (int i = 0; i < size; i++) {
            value = value << 8 | frame[offset + i] & 0xFF;
        }
        return value;
    }

    @Override
    public String toString() {
        return java.util.HexFormat.of().formatHex(frame, 0, Math.min(frame.length, 74));
    }
}
