package tidemark.network.user;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The guest's end of a network with a TCP of its own: as plain as can be, and no relation of the plug-in's. One thread runs it. */
final class GuestTcp implements AutoCloseable {
    private static final long TICK_MILLIS = 10;

    private final BlockingQueue<byte[]> arrived = new LinkedBlockingQueue<>();
    private final Map<Integer, GuestSocket> sockets = new HashMap<>();
    private final Map<Integer, BlockingQueue<GuestSocket>> listeners = new HashMap<>();
    private final UserNetwork network;
    private final Weather outward;
    private final Weather inward;
    private final Thread thread = new Thread(this::run, "guest");
    private int port = 40_000;
    private volatile boolean closed;
    private volatile Throwable failure;

    GuestTcp(Map<String, String> options, Weather outward, Weather inward) {
        this.outward = outward;
        this.inward = inward;
        try {
            network = new UserNetwork(Options.parse(options), this::receive, System::nanoTime).start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        network.transmit(Packet.arp(1, Packet.GUEST_STATION, Packet.GUEST, 0, Packet.GUEST));
        thread.start();
    }

    GuestTcp(Map<String, String> options) {
        this(options, Weather.fine(), Weather.fine());
    }

    UserNetwork network() {
        return network;
    }

    private void receive(byte[] frame) {
        new Packet(frame).check();
        arrived.addAll(inward.pass(frame));
    }

    void send(byte[] frame) {
        outward.pass(frame).forEach(network::transmit);
    }

    private void run() {
        try {
            long tick = System.nanoTime();
            while (!closed) {
                byte[] frame = arrived.poll(TICK_MILLIS, TimeUnit.MILLISECONDS);
                synchronized (this) {
                    if (frame != null) {
                        input(new Packet(frame));
                    }
                    if (System.nanoTime() - tick > TimeUnit.MILLISECONDS.toNanos(TICK_MILLIS)) {
                        tick = System.nanoTime();
                        arrived.addAll(inward.release());
                        outward.release().forEach(network::transmit);
                        sockets.values().forEach(GuestSocket::tick);
                    }
                    notifyAll();
                }
            }
        } catch (InterruptedException | RuntimeException | AssertionError e) {
            failure = e;
        }
    }

    private void input(Packet packet) {
        if (!packet.isIp(6)) {
            return;
        }
        GuestSocket socket = sockets.get(packet.destinationPort() << 16 | packet.sourcePort());
        if (socket == null && packet.has(Packet.SYN) && listeners.containsKey(packet.destinationPort())) {
            socket = add(new GuestSocket(this, packet.destinationPort(), packet.source(), packet.sourcePort()));
            listeners.get(packet.destinationPort()).add(socket);
        }
        if (socket != null) {
            socket.input(packet);
        } else if (!packet.has(Packet.RST)) {
            refuse(packet);
        }
    }

    private void refuse(Packet packet) {
        int length = packet.tcpData().length + (packet.has(Packet.SYN) ? 1 : 0) + (packet.has(Packet.FIN) ? 1 : 0);
        send(Packet.tcp(packet.destinationPort(), packet.source(), packet.sourcePort(), packet.has(Packet.ACK) ? packet.acknowledgment() : 0,
                packet.sequence() + length, Packet.RST | Packet.ACK, 0, new byte[0], new byte[0]));
    }

    private GuestSocket add(GuestSocket socket) {
        sockets.put(socket.port() << 16 | socket.remotePort(), socket);
        return socket;
    }

    /** Asks for a connection; does not wait for it. */
    synchronized GuestSocket open(int address, int remotePort) {
        GuestSocket socket = add(new GuestSocket(this, ++port, address, remotePort));
        socket.connect();
        return socket;
    }

    GuestSocket connect(int remotePort) {
        GuestSocket socket = open(Packet.GATEWAY, remotePort);
        socket.await(socket::isEstablished, "a connection");
        return socket;
    }

    synchronized BlockingQueue<GuestSocket> listen(int guestPort) {
        BlockingQueue<GuestSocket> accepted = new LinkedBlockingQueue<>();
        listeners.put(guestPort, accepted);
        return accepted;
    }

    void check() {
        if (failure != null) {
            throw new AssertionError("The guest failed", failure);
        }
    }

    @Override
    public void close() {
        closed = true;
        network.close();
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        check();
        if (network.faults() > 0) {
            throw new AssertionError(network.faults() + " faults in the network");
        }
    }
}
