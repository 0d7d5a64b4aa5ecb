package tidemark.network.user;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A TCP port of the host's that leads to the guest. */
final class TcpForward {
    private static final int ACCEPTED_AT_A_TIME = 16;
    /** How long not to accept when the host cannot (too many open files). */
    private static final long REST_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final Logger LOG = LoggerFactory.getLogger(TcpForward.class);

    private final EventLoop loop;
    private final Tcp tcp;
    private final int guestPort;
    private ServerSocketChannel channel;

    TcpForward(EventLoop loop, Tcp tcp, int guestPort) {
        this.loop = loop;
        this.tcp = tcp;
        this.guestPort = guestPort;
    }

    /** A {@link HostPort.Listener}. */
    InetSocketAddress listen(Forward forward) throws IOException {
        ServerSocketChannel opened = ServerSocketChannel.open();
        try {
            opened.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            opened.bind(forward.host());
            loop.register(opened, SelectionKey.OP_ACCEPT, this::accept);
        } catch (IOException e) {
            opened.close();
            throw e;
        }
        channel = opened;
        return (InetSocketAddress) opened.getLocalAddress();
    }

    private void accept(SelectionKey key) {
        try {
            for (int i = 0; i < ACCEPTED_AT_A_TIME; i++) {
                SocketChannel client = channel.accept();
                if (client == null) {
                    return;
                }
                if (!tcp.forward(client, guestPort)) {
                    LOG.debug("Too many connections: a client of the guest's port {} is turned away", guestPort);
                    client.close();
                }
            }
        } catch (IOException e) {
            LOG.debug("Accepting a client of the guest's port {}", guestPort, e);
            key.interestOps(0);
            loop.timer(() -> key.interestOps(SelectionKey.OP_ACCEPT)).set(loop.now() + REST_NANOS);
        }
    }
}
