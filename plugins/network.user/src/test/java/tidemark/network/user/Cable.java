package tidemark.network.user;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** The guest's end of a network, frame by frame. It has the address of the lease, and answers to ARP. */
final class Cable implements AutoCloseable {
    /** Options of a guest that may reach the servers of a test. */
    static final Map<String, String> HOST_LOOPBACK = Map.of("host-loopback", "on");
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** The echo request that ends the answers. */
    private static final int MARK = 0xABCD;

    private final BlockingQueue<Packet> received = new LinkedBlockingQueue<>();
    private final UserNetwork network;

    Cable(Map<String, String> options) {
        this(options, true);
    }

    /** @param announced whether the guest tells its station at once, as guests do that have just got their address */
    Cable(Map<String, String> options, boolean announced) {
        network = network(options);
        network.start();
        if (announced) {
            send(Packet.arp(1, Packet.GUEST_STATION, Packet.GUEST, 0, Packet.GUEST));
        }
    }

    private UserNetwork network(Map<String, String> options) {
        try {
            return new UserNetwork(Options.parse(options), frame -> receive(new Packet(frame)), System::nanoTime);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void receive(Packet packet) {
        packet.check();
        received.add(packet);
        if (packet.isArp() && packet.at(20, 2) == 1 && packet.at(38, 4) == Packet.GUEST) {
            send(Packet.arp(2, Packet.GUEST_STATION, Packet.GUEST, Packet.GATEWAY_STATION, Packet.GATEWAY));
        }
    }

    UserNetwork network() {
        return network;
    }

    void send(byte[] frame) {
        network.transmit(frame);
    }

    /** The next frame of that kind; those before it are thrown away. */
    Packet await(Predicate<Packet> kind) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        try {
            for (long left = PATIENCE.toNanos(); left > 0; left = deadline - System.nanoTime()) {
                Packet packet = received.poll(left, TimeUnit.NANOSECONDS);
                if (packet != null && kind.test(packet)) {
                    return packet;
                }
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        throw new AssertionError("No such frame came within " + PATIENCE);
    }

    /** What the network says to frames at once. */
    List<Packet> answers(byte[]... frames) {
        received.clear();
        for (byte[] frame : frames) {
            send(frame);
        }
        send(Packet.echo(Packet.GATEWAY, MARK, new byte[0]));
        List<Packet> answers = new ArrayList<>();
        for (Packet packet = await(p -> true); !packet.isIcmp(0) || packet.at(38, 2) != MARK; packet = await(p -> true)) {
            answers.add(packet);
        }
        return answers;
    }

    @Override
    public void close() {
        network.close();
        if (network.faults() > 0) {
            throw new AssertionError(network.faults() + " faults in the network");
        }
    }
}
