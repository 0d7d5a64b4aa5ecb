package tidemark.network.user;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Transmission Control Protocol, RFC 9293: finds the connection of a segment, opens new ones, refuses the rest. At most {@value #MOST} connections, each
 * with at most two buffers of {@value SequenceBuffer#CAPACITY} bytes.
 */
final class Tcp {
    static final int PROTOCOL = 6;
    static final int MOST = 256;
    static final int MAXIMUM_SEGMENT_SIZE = Ethernet.MTU - Datagram.HEADER - Segment.HEADER;
    private static final int FIRST_EPHEMERAL = 49_152;
    /** The clock of initial sequence numbers, RFC 9293, section 3.4.1. */
    private static final int ISS_TICK_NANOS = 4_000;

    private static final Logger LOG = LoggerFactory.getLogger(Tcp.class);

    private final EventLoop loop;
    private final Ipv4 ipv4;
    private final Icmp icmp;
    private final Outside outside;
    private final int issOffset;
    private final Map<Flow, Connection> connections = new HashMap<>();
    /** Those that segments came for since {@link #settle}. */
    private final Set<Connection> touched = new LinkedHashSet<>();
    private int ephemeral = FIRST_EPHEMERAL;

    /** @param issOffset any number: connections of another network, that the guest remembers, are not to be taken for this one's */
    Tcp(EventLoop loop, Ipv4 ipv4, Icmp icmp, Outside outside, int issOffset) {
        this.loop = loop;
        this.ipv4 = ipv4;
        this.icmp = icmp;
        this.outside = outside;
        this.issOffset = issOffset;
        ipv4.on(PROTOCOL, datagram -> Segment.parse(datagram).ifPresent(segment -> input(segment, datagram)));
    }

    int size() {
        return connections.size();
    }

    private void input(Segment segment, Datagram datagram) {
        Flow flow = new Flow(datagram.source(), segment.sourcePort(), datagram.destination(), segment.destinationPort());
        Connection connection = connections.get(flow);
        if (connection != null && connection.isSupersededBy(segment)) {
            connection.close();
            connection = null;
        }
        if (connection != null) {
            connection.input(segment);
            touched.add(connection);
        } else if (segment.has(Segment.RST)) {
            LOG.trace("A reset of no connection: {}", flow);
        } else if (segment.has(Segment.SYN) && !segment.has(Segment.ACK) && Subnet.isGuest(datagram.source())) {
            open(flow, segment, datagram);
        } else {
            reset(flow, segment);
        }
    }

    /** After a batch of segments: the connections do what follows from them. */
    void settle() {
        for (Connection connection : List.copyOf(touched)) {
            loop.guard(connection::settle);
        }
        touched.clear();
    }

    private void open(Flow flow, Segment syn, Datagram datagram) {
        Optional<InetSocketAddress> remote = outside.route(flow.remote(), flow.remotePort());
        if (remote.isEmpty()) {
            icmp.unreachable(datagram, outside.unreachableCode(flow.remote()));
        } else if (connections.size() >= MOST) {
            LOG.debug("{} connections are open: {} is refused", MOST, flow);
            reset(flow, syn);
        } else {
            connect(flow, remote.get(), syn, datagram);
        }
    }

    private void connect(Flow flow, InetSocketAddress remote, Segment syn, Datagram datagram) {
        try {
            SocketChannel channel = SocketChannel.open();
            Connection connection = new Connection(loop, this, flow, channel, initialSequence(flow));
            connections.put(flow, connection);
            connection.openPassive(syn, datagram, remote);
        } catch (IOException e) {
            LOG.debug("No socket for {}", flow, e);
            unreachable(datagram);
        }
    }

    /** A client of a forward: the guest is asked whether it takes the connection. @return false if there are too many already */
    boolean forward(SocketChannel client, int guestPort) throws IOException {
        if (connections.size() >= MOST) {
            return false;
        }
        Flow flow = freeFlow(guestPort);
        Connection connection = new Connection(loop, this, flow, client, initialSequence(flow));
        connections.put(flow, connection);
        connection.openActive();
        return true;
    }

    private Flow freeFlow(int guestPort) {
        Flow flow;
        do {
            ephemeral = ephemeral == 0xFFFF ? FIRST_EPHEMERAL : ephemeral + 1;
            flow = new Flow(Subnet.GUEST, guestPort, Subnet.GATEWAY, ephemeral);
        } while (connections.containsKey(flow));
        return flow;
    }

    private int initialSequence(Flow flow) {
        return (int) (loop.now() / ISS_TICK_NANOS) + (flow.hashCode() ^ issOffset);
    }

    void forget(Connection connection) {
        connections.remove(connection.flow(), connection);
    }

    /** The network goes. Nobody shall take what came until now for all there was. */
    void close() {
        List.copyOf(connections.values()).forEach(Connection::abort);
    }

    // Sending

    void send(Flow flow, ByteBuffer packet) {
        Segment.sum(flow, packet);
        ipv4.send(flow.remote(), flow.guest(), PROTOCOL, packet);
    }

    /** Answers a segment that no connection takes: section 3.10.7.1. */
    void reset(Flow flow, Segment segment) {
        boolean acknowledges = segment.has(Segment.ACK);
        int sequence = acknowledges ? segment.acknowledgment() : 0;
        int flags = acknowledges ? Segment.RST : Segment.RST | Segment.ACK;
        send(flow, Segment.allocate(flow, sequence, acknowledges ? 0 : segment.sequence() + segment.length(), flags, 0, 0, 0));
    }

    void unreachable(Datagram datagram) {
        icmp.unreachable(datagram, Icmp.HOST_UNREACHABLE);
    }
}
