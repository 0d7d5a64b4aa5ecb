package tidemark.network.user;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.UnsupportedAddressTypeException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Translates the guest's UDP. Each flow has a connected socket of the host's, so that only the flow's other end can answer, and the host's word that
 * nobody listens there reaches the guest. (RFC 4787 calls that address- and port-dependent.) At most {@value #MOST} flows: one more displaces the one
 * that has been silent for longest.
 */
final class UdpNat implements Udp.Service {
    static final int MOST = 256;
    /** RFC 4787, section 4.3: at least two minutes, less for well-known ports. */
    static final long TIMEOUT_NANOS = TimeUnit.MINUTES.toNanos(2);
    static final long DNS_TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(20);
    /** One flow may not keep the loop from the others. */
    private static final int DATAGRAMS_AT_A_TIME = 32;

    private static final Logger LOG = LoggerFactory.getLogger(UdpNat.class);

    private final EventLoop loop;
    private final Udp udp;
    private final Icmp icmp;
    private final Outside outside;
    private final ByteBuffer received = ByteBuffer.allocate(Udp.MAX_DATA);
    private final Map<Flow, Mapping> mappings = new LinkedHashMap<>(16, 0.75f, true);

    UdpNat(EventLoop loop, Udp udp, Icmp icmp, Outside outside) {
        this.loop = loop;
        this.udp = udp;
        this.icmp = icmp;
        this.outside = outside;
    }

    @Override
    public boolean input(Flow flow, ByteBuffer data, Datagram datagram) {
        Mapping mapping = mappings.get(flow);
        if (mapping == null) {
            Optional<InetSocketAddress> remote = outside.route(flow.remote(), flow.remotePort());
            if (remote.isEmpty()) {
                icmp.unreachable(datagram, outside.unreachableCode(flow.remote()));
                return true;
            }
            mapping = open(flow, remote.get());
        }
        if (mapping == null) {
            icmp.unreachable(datagram, Icmp.HOST_UNREACHABLE);
        } else {
            mapping.send(data, datagram);
        }
        return true;
    }

    private Mapping open(Flow flow, InetSocketAddress remote) {
        if (mappings.size() == MOST) {
            mappings.values().iterator().next().close();
        }
        DatagramChannel channel = null;
        try {
            channel = DatagramChannel.open();
            Mapping mapping = new Mapping(flow, remote, channel);
            mappings.put(flow, mapping);
            return mapping;
        } catch (IOException | UnsupportedAddressTypeException e) {
            LOG.debug("No UDP socket to {}", remote, e);
            if (channel != null) {
                Closing.quietly(channel);
            }
            return null;
        }
    }

    private final class Mapping {
        private final Flow flow;
        private final InetSocketAddress remote;
        private final DatagramChannel channel;
        private final SelectionKey key;
        private final Timers.Timer idle = loop.timer(this::close);
        /** What the host says about, if it says that nobody listens. */
        private Datagram last;

        Mapping(Flow flow, InetSocketAddress remote, DatagramChannel channel) throws IOException {
            this.flow = flow;
            this.remote = remote;
            this.channel = channel;
            key = loop.register(channel, SelectionKey.OP_READ, ready -> receive());
            channel.connect(remote);
        }

        void send(ByteBuffer data, Datagram datagram) {
            last = datagram;
            used();
            try {
                if (!data.hasRemaining()) {
                    disconnect();
                }
                if (channel.isConnected()) {
                    channel.write(data);
                } else {
                    channel.send(data, remote);
                }
            } catch (IOException e) {
                failed(e);
            }
        }

        /**
         * Java's connected channels send no datagram without data. Disconnecting makes a new socket of the same port, which the selector has to be told of. It is not
         * connected again: that would throw away what has come meanwhile.
         */
        private void disconnect() throws IOException {
            if (channel.isConnected()) {
                channel.disconnect();
                key.interestOps(0);
                key.interestOps(SelectionKey.OP_READ);
            }
        }

        void receive() {
            try {
                for (int i = 0; i < DATAGRAMS_AT_A_TIME; i++) {
                    SocketAddress from = channel.receive(received.clear());
                    if (from == null) {
                        return;
                    }
                    if (from.equals(remote)) {
                        used();
                        udp.send(flow, received.flip());
                    }
                }
            } catch (IOException e) {
                failed(e);
            }
        }

        private void used() {
            idle.set(loop.now() + (flow.remotePort() == Resolver.PORT ? DNS_TIMEOUT_NANOS : TIMEOUT_NANOS));
        }

        private void failed(IOException e) {
            LOG.debug("UDP {}", flow, e);
            icmp.unreachable(last, e instanceof PortUnreachableException ? Icmp.PORT_UNREACHABLE : Icmp.HOST_UNREACHABLE);
        }

        void close() {
            idle.cancel();
            mappings.remove(flow);
            Closing.quietly(channel);
        }
    }
}
