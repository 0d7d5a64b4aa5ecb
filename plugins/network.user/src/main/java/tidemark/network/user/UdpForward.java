package tidemark.network.user;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A UDP port of the host's that leads to the guest. Each client has a port at the gateway by which the guest's answers find back: its own if that is free.
 * At most {@value #MOST} clients: one more displaces the one that has been silent for longest.
 */
final class UdpForward implements Udp.Service {
    static final int MOST = 256;
    private static final int DATAGRAMS_AT_A_TIME = 32;
    private static final int FIRST_EPHEMERAL = 49_152;

    private static final Logger LOG = LoggerFactory.getLogger(UdpForward.class);

    private final EventLoop loop;
    private final Udp udp;
    private final int guestPort;
    private final ByteBuffer received = ByteBuffer.allocate(Udp.MAX_DATA);
    private final Map<InetSocketAddress, Client> clients = new LinkedHashMap<>(16, 0.75f, true);
    private final Map<Flow, Client> byFlow = new HashMap<>();
    private DatagramChannel channel;

    private final class Client {
        private final InetSocketAddress address;
        private final Flow flow;
        private final Timers.Timer idle = loop.timer(this::forget);

        Client(InetSocketAddress address, Flow flow) {
            this.address = address;
            this.flow = flow;
        }

        Client used() {
            idle.set(loop.now() + UdpNat.TIMEOUT_NANOS);
            return this;
        }

        void forget() {
            idle.cancel();
            clients.remove(address);
            byFlow.remove(flow);
        }
    }

    UdpForward(EventLoop loop, Udp udp, int guestPort) {
        this.loop = loop;
        this.udp = udp;
        this.guestPort = guestPort;
    }

    /** A {@link HostPort.Listener}. */
    InetSocketAddress listen(Forward forward) throws IOException {
        DatagramChannel opened = DatagramChannel.open();
        try {
            opened.bind(forward.host());
            loop.register(opened, SelectionKey.OP_READ, key -> receive());
        } catch (IOException e) {
            opened.close();
            throw e;
        }
        channel = opened;
        return (InetSocketAddress) opened.getLocalAddress();
    }

    private void receive() {
        try {
            for (int i = 0; i < DATAGRAMS_AT_A_TIME; i++) {
                InetSocketAddress from = (InetSocketAddress) channel.receive(received.clear());
                if (from == null) {
                    return;
                }
                udp.send(client(from).used().flow, received.flip());
            }
        } catch (IOException e) {
            LOG.debug("UDP forward to port {}", guestPort, e);
        }
    }

    private Client client(InetSocketAddress address) {
        Client known = clients.get(address);
        if (known != null) {
            return known;
        }
        if (clients.size() == MOST) {
            clients.values().iterator().next().forget();
        }
        Client client = new Client(address, freeFlow(address.getPort()));
        clients.put(address, client);
        byFlow.put(client.flow, client);
        return client;
    }

    private Flow freeFlow(int wanted) {
        Flow flow = new Flow(Subnet.GUEST, guestPort, Subnet.GATEWAY, wanted);
        for (int port = FIRST_EPHEMERAL; byFlow.containsKey(flow); port++) {
            flow = new Flow(Subnet.GUEST, guestPort, Subnet.GATEWAY, port);
        }
        return flow;
    }

    @Override
    public boolean input(Flow flow, ByteBuffer data, Datagram datagram) {
        Client client = byFlow.get(flow);
        if (client == null) {
            return false;
        }
        try {
            channel.send(data, client.used().address);
        } catch (IOException e) {
            LOG.debug("UDP forward from port {} to {}", guestPort, client.address, e);
        }
        return true;
    }
}
