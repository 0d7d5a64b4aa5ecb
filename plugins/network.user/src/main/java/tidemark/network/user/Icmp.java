package tidemark.network.user;

import java.nio.ByteBuffer;

/**
 * The Internet Control Message Protocol, RFC 792. Our addresses answer echo requests. Echo does not leave the host: Java has no ICMP sockets, and raw ones
 * need root.
 */
final class Icmp {
    static final int PROTOCOL = 1;

    static final int ECHO_REPLY = 0;
    static final int DESTINATION_UNREACHABLE = 3;
    static final int ECHO = 8;
    static final int TIME_EXCEEDED = 11;

    // Codes of DESTINATION_UNREACHABLE; the last is of RFC 1812, section 5.2.7.1
    static final int HOST_UNREACHABLE = 1;
    static final int PROTOCOL_UNREACHABLE = 2;
    static final int PORT_UNREACHABLE = 3;
    static final int PROHIBITED = 13;

    private static final int HEADER = 8;
    /** So much of the packet's payload a message about it shows. */
    private static final int QUOTE = 8;

    private final Ipv4 ipv4;

    Icmp(Ipv4 ipv4) {
        this.ipv4 = ipv4;
        ipv4.on(PROTOCOL, this::input);
        ipv4.onOtherProtocols(datagram -> unreachable(datagram, PROTOCOL_UNREACHABLE));
        ipv4.onExpired(this::timeExceeded);
    }

    private void input(Datagram datagram) {
        ByteBuffer message = datagram.payload();
        if (message.remaining() < HEADER || Checksum.of(message) != 0 || message.get(0) != ECHO) {
            return;
        }
        if (Subnet.isOurs(datagram.destination())) {
            echoReply(datagram);
        } else {
            unreachable(datagram, PROHIBITED);
        }
    }

    private void echoReply(Datagram request) {
        ByteBuffer packet = Ipv4.allocate(request.payload().remaining()).put(request.payload().duplicate());
        packet.putShort(Ipv4.HEADROOM, (short) (ECHO_REPLY << 8));
        send(request.destination(), request.source(), packet);
    }

    /** Says that a packet of the guest's does not get where it should. */
    void unreachable(Datagram about, int code) {
        send(about, DESTINATION_UNREACHABLE, code);
    }

    private void timeExceeded(Datagram about) {
        send(about, TIME_EXCEEDED, 0);
    }

    /** Nothing is said about packets to groups, nor about messages of this protocol but echo requests (RFC 1122, section 3.2.2). */
    private void send(Datagram about, int type, int code) {
        boolean error = about.protocol() == PROTOCOL && (about.payload().remaining() == 0 || about.payload().get(0) != ECHO);
        if (error || about.fragmentOffset() > 0 || !Subnet.isGuest(about.source()) || !Subnet.isUnicast(about.destination())) {
            return;
        }
        ByteBuffer quote = about.payload().slice(0, Math.min(QUOTE, about.payload().remaining()));
        ByteBuffer packet = Ipv4.allocate(HEADER + about.header().remaining() + quote.remaining());
        packet.put((byte) type).put((byte) code).putShort((short) 0).putInt(0).put(about.header().duplicate()).put(quote);
        send(Subnet.GATEWAY, about.source(), packet);
    }

    private void send(int source, int destination, ByteBuffer packet) {
        packet.putShort(Ipv4.HEADROOM + 2, (short) 0);
        packet.putShort(Ipv4.HEADROOM + 2, (short) Checksum.of(Ipv4.payload(packet)));
        ipv4.send(source, destination, PROTOCOL, packet);
    }
}
