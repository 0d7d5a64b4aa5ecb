package tidemark.network.user;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The host's end of a forward: listens now or, while another has the port, as soon as it is free. So a machine can be restored beside the one that it was
 * taken from, and takes its ports over when that one goes.
 */
final class HostPort {
    private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);
    /** Ports below need a privilege that does not come by waiting. */
    private static final int FIRST_UNPRIVILEGED = 1024;

    private static final Logger LOG = LoggerFactory.getLogger(HostPort.class);

    private final EventLoop loop;
    private final Forward forward;
    private final Listener listener;
    private final Timers.Timer retry;
    private InetSocketAddress bound;

    /** Opens a socket on the forward's port. */
    interface Listener {
        /** @return where it listens */
        InetSocketAddress listen(Forward forward) throws IOException;
    }

    HostPort(EventLoop loop, Forward forward, Listener listener) {
        this.loop = loop;
        this.forward = forward;
        this.listener = listener;
        retry = loop.timer(this::tryAgain);
    }

    /** @throws IllegalArgumentException if it can never listen there */
    void open() {
        try {
            listen();
        } catch (BindException e) {
            if (forward.host().getPort() < FIRST_UNPRIVILEGED || !isOfThisHost()) {
                throw new IllegalArgumentException("Forward " + forward + ": the host cannot listen there: " + e.getMessage()
                        + "; give an address of this host and a port from " + FIRST_UNPRIVILEGED + " on, or 0 for any free one", e);
            }
            LOG.warn("Forward {}: the host's port is taken ({}); it is forwarded as soon as it is free. Port 0 would be any free one", forward, e.getMessage());
            retry.set(loop.now() + RETRY_NANOS);
        } catch (IOException e) {
            throw new IllegalArgumentException("Forward " + forward + ": the host cannot listen there: " + e, e);
        }
    }

    private void tryAgain() {
        try {
            listen();
        } catch (IOException e) {
            LOG.debug("Forward {} still waits", forward, e);
            retry.set(loop.now() + RETRY_NANOS);
        }
    }

    private void listen() throws IOException {
        bound = listener.listen(forward);
        LOG.info("The host's {} port {}:{} leads to the guest's port {}", forward.protocol(), bound.getAddress().getHostAddress(), bound.getPort(), forward.guestPort());
    }

    private boolean isOfThisHost() {
        try (ServerSocket any = new ServerSocket(0, 1, forward.host().getAddress())) {
            return any.isBound();
        } catch (IOException e) {
            LOG.debug("{} is no address of this host", forward.host().getAddress(), e);
            return false;
        }
    }

    /** @return where it listens, or null while it waits for the port */
    InetSocketAddress bound() {
        return bound;
    }
}
