package tidemark.network.user;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** The User Datagram Protocol, RFC 768. */
final class Udp {
    static final int PROTOCOL = 17;
    static final int HEADER = 8;
    /** What the longest datagram carries. */
    static final int MAX_DATA = Datagram.MAX_LENGTH - Datagram.HEADER - HEADER;

    private final Ipv4 ipv4;
    private final List<Service> services = new ArrayList<>();

    /** Takes the guest's datagrams. */
    interface Service {
        /** @return false if they are not for this service */
        boolean input(Flow flow, ByteBuffer data, Datagram datagram);
    }

    Udp(Ipv4 ipv4) {
        this.ipv4 = ipv4;
        ipv4.on(PROTOCOL, this::input);
    }

    /** The service is asked after those that were added before. */
    void add(Service service) {
        services.add(service);
    }

    private void input(Datagram datagram) {
        ByteBuffer packet = datagram.payload();
        int length = packet.remaining() < HEADER ? 0 : packet.getShort(4) & 0xFFFF;
        if (length < HEADER || length > packet.remaining() || !isSumRight(datagram, packet.slice(0, length))) {
            return;
        }
        Flow flow = new Flow(datagram.source(), packet.getShort(0) & 0xFFFF, datagram.destination(), packet.getShort(2) & 0xFFFF);
        ByteBuffer data = packet.slice(HEADER, length - HEADER);
        for (Service service : services) {
            if (service.input(flow, data, datagram)) {
                return;
            }
        }
    }

    /** A checksum of 0 means that there is none. */
    private static boolean isSumRight(Datagram datagram, ByteBuffer packet) {
        return packet.getShort(6) == 0 || Checksum.of(datagram.source(), datagram.destination(), PROTOCOL, packet) == 0;
    }

    /** Sends the remaining bytes to the guest, from the flow's other end. */
    void send(Flow flow, ByteBuffer data) {
        ipv4.send(flow.remote(), flow.guest(), PROTOCOL, packet(flow, data));
    }

    /** A packet for the flow's guest; {@link Ipv4#allocate}. */
    static ByteBuffer packet(Flow flow, ByteBuffer data) {
        int length = HEADER + data.remaining();
        ByteBuffer packet = Ipv4.allocate(length);
        packet.putShort((short) flow.remotePort()).putShort((short) flow.guestPort()).putShort((short) length).putShort((short) 0).put(data);
        int sum = Checksum.of(flow.remote(), flow.guest(), PROTOCOL, Ipv4.payload(packet));
        return packet.putShort(Ipv4.HEADROOM + 6, (short) (sum == 0 ? 0xFFFF : sum));
    }
}
