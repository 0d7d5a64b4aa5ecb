package tidemark.network.user;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.api.device.Network;

/**
 * A network of its own for one guest: the protocols, and the one thread that runs them. Frames come to it through a queue of {@value #QUEUE} at most; all else
 * belongs to the thread.
 */
final class UserNetwork implements Network {
    static final int QUEUE = 1024;
    /** Frames that are handled before the sockets get their turn. */
    private static final int FRAMES_AT_A_TIME = 128;
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);

    private static final Logger LOG = LoggerFactory.getLogger(UserNetwork.class);

    private final BlockingQueue<byte[]> frames = new ArrayBlockingQueue<>(QUEUE);
    private final EventLoop loop;
    private final Ethernet ethernet;
    private final Tcp tcp;
    private final List<HostPort> hostPorts = new ArrayList<>();
    private final Thread thread = Thread.ofPlatform().daemon().name("network-user").unstarted(this::run);
    private volatile boolean closed;

    /** @throws IllegalArgumentException if a forward cannot be served */
    UserNetwork(Options options, Consumer<byte[]> guest, LongSupplier nanoTime) throws IOException {
        loop = new EventLoop(nanoTime);
        Outside outside = new Outside(options.restrict(), options.hostLoopback(), new Resolver(options.dns(), Path.of("/etc/resolv.conf")));
        ethernet = new Ethernet(frame -> {
            if (!closed) {
                guest.accept(frame);
            }
        });
        Ipv4 ipv4 = new Ipv4(ethernet, new Arp(ethernet), new Reassembly(loop));
        Icmp icmp = new Icmp(ipv4);
        Udp udp = new Udp(ipv4);
        tcp = new Tcp(loop, ipv4, icmp, outside, new SecureRandom().nextInt());
        udp.add(new Dhcp(ipv4, options.restrict()));
        options.forwards().forEach(forward -> hostPorts.add(hostPort(forward, udp)));
        udp.add(new UdpNat(loop, udp, icmp, outside));
        try {
            hostPorts.forEach(HostPort::open);
        } catch (IllegalArgumentException e) {
            loop.close();
            throw e;
        }
    }

    private HostPort hostPort(Forward forward, Udp udp) {
        if (forward.protocol() == Forward.Protocol.TCP) {
            return new HostPort(loop, forward, new TcpForward(loop, tcp, forward.guestPort())::listen);
        }
        UdpForward udpForward = new UdpForward(loop, udp, forward.guestPort());
        udp.add(udpForward);
        return new HostPort(loop, forward, udpForward::listen);
    }

    UserNetwork start() {
        thread.start();
        return this;
    }

    /** Where the forwards listen, in the order of the options; null for one that waits for its port. */
    List<InetSocketAddress> listening() {
        List<InetSocketAddress> addresses = new ArrayList<>();
        hostPorts.forEach(port -> addresses.add(port.bound()));
        return addresses;
    }

    int connections() {
        return tcp.size();
    }

    /** Errors of ours that did not get out: none, one hopes. */
    long faults() {
        return loop.faults();
    }

    @Override
    public void transmit(byte[] frame) {
        if (!closed && frame.length <= Ethernet.HEADER + Ethernet.MTU && frames.offer(frame)) {
            loop.wake();
        }
    }

    private void run() {
        try {
            while (!closed) {
                turn();
            }
        } catch (UncheckedIOException e) {
            LOG.error("The user-mode network ends: its guest is without network", e);
        } finally {
            closed = true;
            release();
        }
    }

    /** Waits for something to do, and does it. */
    void turn() {
        loop.select(() -> closed || !frames.isEmpty());
        for (int i = 0; i < FRAMES_AT_A_TIME; i++) {
            byte[] frame = frames.poll();
            if (frame == null) {
                break;
            }
            loop.guard(() -> ethernet.input(frame));
        }
        tcp.settle();
        loop.expireTimers();
    }

    /** Gives everything back. On the network's thread, or if it has none. */
    void release() {
        tcp.close();
        loop.close();
    }

    /** Returns when all sockets are given back; does not wait for long if the guest's end is being called and does not return. */
    @Override
    public void close() {
        closed = true;
        loop.wake();
        try {
            if (thread != Thread.currentThread() && !thread.join(CLOSE_TIMEOUT)) {
                LOG.debug("The network's thread is still with the guest; its sockets are closed when it returns");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // it ends all the same
        }
    }
}
