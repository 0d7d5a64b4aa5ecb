package tidemark.network.user;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/** The Internet Protocol, RFC 791, as the guest's gateway speaks it (RFC 1122, section 3.2.1; RFC 1812 for time to live). */
final class Ipv4 {
    /** Bytes that a packet keeps free at its front for the headers of this layer and the one below. */
    static final int HEADROOM = Ethernet.HEADER + Datagram.HEADER;
    private static final int VERSION_AND_LENGTH = 0x45;
    private static final int TIME_TO_LIVE = 64;
    /** What fits into a fragment that is not the last: a multiple of 8. */
    private static final int FRAGMENT = Ethernet.MTU - Datagram.HEADER & ~7;

    private final Ethernet ethernet;
    private final Arp arp;
    private final Reassembly reassembly;
    private final Map<Integer, Consumer<Datagram>> protocols = new HashMap<>();
    private Consumer<Datagram> otherProtocols = datagram -> {};
    private Consumer<Datagram> expired = datagram -> {};
    private int identification;

    Ipv4(Ethernet ethernet, Arp arp, Reassembly reassembly) {
        this.ethernet = ethernet;
        this.arp = arp;
        this.reassembly = reassembly;
        ethernet.on(Ethernet.IPV4, packet -> Datagram.parse(packet).filter(Ipv4::isFromAGuest).ifPresent(this::input));
    }

    void on(int protocol, Consumer<Datagram> handler) {
        protocols.put(protocol, handler);
    }

    void onOtherProtocols(Consumer<Datagram> handler) {
        otherProtocols = handler;
    }

    /** @param handler is told of packets that a router would have had to pass on, and may not */
    void onExpired(Consumer<Datagram> handler) {
        expired = handler;
    }

    /** A guest that has no address yet may broadcast: that is how DHCP begins. */
    private static boolean isFromAGuest(Datagram datagram) {
        return Subnet.isGuest(datagram.source()) || datagram.source() == Subnet.UNSPECIFIED && datagram.destination() == Subnet.LIMITED_BROADCAST;
    }

    private void input(Datagram packet) {
        if (packet.timeToLive() <= 1 && !Subnet.contains(packet.destination()) && Subnet.isUnicast(packet.destination())) {
            expired.accept(packet);
        } else if (packet.moreFragments() || packet.fragmentOffset() > 0) {
            reassembly.add(packet).ifPresent(this::deliver);
        } else {
            deliver(packet);
        }
    }

    private void deliver(Datagram datagram) {
        protocols.getOrDefault(datagram.protocol(), otherProtocols).accept(datagram);
    }

    /** A packet for {@link #send}, {@link #HEADROOM} bytes in: what is put into it is the payload. */
    static ByteBuffer allocate(int payload) {
        return ByteBuffer.allocate(HEADROOM + payload).position(HEADROOM);
    }

    /** The payload of an allocated packet, to be summed up. */
    static ByteBuffer payload(ByteBuffer packet) {
        return packet.slice(HEADROOM, packet.capacity() - HEADROOM);
    }

    /** Sends a packet of {@link #allocate}, in fragments if it is too long for one frame. */
    void send(int source, int destination, int protocol, ByteBuffer packet) {
        identification++;
        int length = packet.capacity() - HEADROOM;
        if (length <= Ethernet.MTU - Datagram.HEADER) {
            arp.send(withHeader(packet, source, destination, protocol, Datagram.DONT_FRAGMENT), destination);
            return;
        }
        for (int from = 0; from < length; from += FRAGMENT) {
            int to = Math.min(length, from + FRAGMENT);
            ByteBuffer fragment = allocate(to - from).put(packet.slice(HEADROOM + from, to - from));
            arp.send(withHeader(fragment, source, destination, protocol, from / 8 | (to < length ? Datagram.MORE_FRAGMENTS : 0)), destination);
        }
    }

    /** Sends a packet of one frame to a station that may not know yet that {@code destination} is its address. */
    void sendTo(long station, int source, int destination, int protocol, ByteBuffer packet) {
        byte[] frame = withHeader(packet, source, destination, protocol, Datagram.DONT_FRAGMENT);
        ethernet.send(frame, station, Ethernet.ourStation(Subnet.GATEWAY), Ethernet.IPV4);
    }

    private byte[] withHeader(ByteBuffer packet, int source, int destination, int protocol, int fragmentation) {
        ByteBuffer header = packet.slice(Ethernet.HEADER, Datagram.HEADER);
        header.put((byte) VERSION_AND_LENGTH).put((byte) 0).putShort((short) (packet.capacity() - Ethernet.HEADER));
        header.putShort((short) identification).putShort((short) fragmentation);
        header.put((byte) TIME_TO_LIVE).put((byte) protocol).putShort((short) 0).putInt(source).putInt(destination);
        header.putShort(10, (short) Checksum.of(header.rewind()));
        return packet.array();
    }
}
