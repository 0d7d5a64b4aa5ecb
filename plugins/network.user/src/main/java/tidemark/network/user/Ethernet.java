package tidemark.network.user;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/** Ethernet II (RFC 894): destination, source, type, packet. A MAC address is the low 48 bits of a {@code long}. */
final class Ethernet {
    static final int HEADER = 14;
    static final int MTU = 1500;
    static final long BROADCAST = 0xFFFF_FFFF_FFFFL;
    static final int ARP = 0x0806;
    static final int IPV4 = 0x0800;

    private static final long OUR_PREFIX = 0x5255_0000_0000L;

    private final Consumer<byte[]> guest;
    private final Map<Integer, Consumer<ByteBuffer>> protocols = new HashMap<>();

    Ethernet(Consumer<byte[]> guest) {
        this.guest = guest;
    }

    void on(int type, Consumer<ByteBuffer> protocol) {
        protocols.put(type, protocol);
    }

    /** The station address of one of our IPv4 addresses: the same in every network, so a restored guest's ARP cache is right. */
    static long ourStation(int address) {
        return OUR_PREFIX | address & 0xFFFF_FFFFL;
    }

    /** A frame from the guest. */
    void input(byte[] frame) {
        if (frame.length < HEADER) {
            return;
        }
        ByteBuffer packet = ByteBuffer.wrap(frame);
        long destination = station(packet, 0);
        Consumer<ByteBuffer> protocol = protocols.get(packet.getShort(12) & 0xFFFF);
        if (protocol != null && (destination == BROADCAST || Subnet.isOurs((int) destination) && destination == ourStation((int) destination))) {
            protocol.accept(packet.position(HEADER).slice());
        }
    }

    /** @param frame whole: the header's bytes are still free */
    void send(byte[] frame, long destination, long source, int type) {
        ByteBuffer header = ByteBuffer.wrap(frame);
        putStation(header, destination);
        putStation(header, source);
        header.putShort((short) type);
        guest.accept(frame);
    }

    static long station(ByteBuffer packet, int offset) {
        return (packet.getShort(offset) & 0xFFFFL) << 32 | packet.getInt(offset + 2) & 0xFFFF_FFFFL;
    }

    static void putStation(ByteBuffer packet, long station) {
        packet.putShort((short) (station >>> 32)).putInt((int) station);
    }

    /** Whether one station has the address: it is neither a group's nor nobody's. */
    static boolean isUnicast(long station) {
        return (station >>> 40 & 1) == 0 && station != 0;
    }
}
