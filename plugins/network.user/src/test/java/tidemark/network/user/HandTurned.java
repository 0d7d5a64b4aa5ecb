package tidemark.network.user;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A network without a thread, whose time passes when a test says so. */
final class HandTurned implements AutoCloseable {
    private final List<Packet> received = new ArrayList<>();
    private final UserNetwork network;
    private long time;

    HandTurned(Map<String, String> options) throws IOException {
        network = new UserNetwork(Options.parse(options), frame -> received.add(new Packet(frame)), () -> time);
        input(Packet.arp(1, Packet.GUEST_STATION, Packet.GUEST, 0, Packet.GUEST));
    }

    UserNetwork network() {
        return network;
    }

    void input(byte[] frame) {
        network.transmit(frame);
        turn();
    }

    /** Time passes, and what is due then happens. */
    void pass(long nanos) {
        time += nanos;
        turn();
    }

    /** There is a frame to nobody, so that the network does not wait. */
    void turn() {
        network.transmit(new byte[14]);
        network.turn();
    }

    /** What came since this was called last. */
    List<Packet> received() {
        List<Packet> packets = List.copyOf(received);
        received.clear();
        packets.forEach(Packet::check);
        return packets;
    }

    @Override
    public void close() {
        network.release();
    }
}
