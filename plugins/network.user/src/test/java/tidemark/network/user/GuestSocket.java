package tidemark.network.user;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** A connection of the guest's. Places in both streams count from the SYN, which is 0. Its methods hold the lock of its TCP. */
final class GuestSocket {
    private static final int WINDOW = 200_000;
    private static final int SHIFT = 3;
    private static final long RETRANSMIT_NANOS = TimeUnit.MILLISECONDS.toNanos(60);
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final GuestTcp tcp;
    private final int port;
    private final int address;
    private final int remotePort;

    private final int iss = 0xFFFF_F000; // wraps soon
    private byte[] out = new byte[1 << 16];
    private int outLength;
    private boolean outEnded;
    private long una;
    private long nxt;
    private long sent;
    private int peerWindow = 65_535;
    private int peerShift;
    private int peerSegment = 536;
    private long progressAt;

    private int irs;
    private boolean synchronised;
    private long rcv = 1;
    private long fin = -1;
    private final TreeMap<Long, byte[]> early = new TreeMap<>();
    private final ByteArrayOutputStream in = new ByteArrayOutputStream();
    private int taken;
    private boolean reading = true;
    private boolean reset;

    GuestSocket(GuestTcp tcp, int port, int address, int remotePort) {
        this.tcp = tcp;
        this.port = port;
        this.address = address;
        this.remotePort = remotePort;
    }

    int port() {
        return port;
    }

    int remotePort() {
        return remotePort;
    }

    // What tests do

    void connect() {
        output();
    }

    void write(byte[] data) {
        synchronized (tcp) {
            out = Arrays.copyOf(out, Math.max(out.length, outLength + data.length));
            System.arraycopy(data, 0, out, outLength, data.length);
            outLength += data.length;
            output();
        }
    }

    void shutdownOutput() {
        synchronized (tcp) {
            outEnded = true;
            output();
        }
    }

    /** Whether what arrives is taken out of the window. */
    void setReading(boolean on) {
        synchronized (tcp) {
            reading = on;
            if (on) {
                taken = in.size();
                acknowledge();
            }
        }
    }

    void sendReset() {
        synchronized (tcp) {
            segment(Packet.RST | Packet.ACK, nxt, new byte[0], new byte[0]);
        }
    }

    byte[] received() {
        synchronized (tcp) {
            return in.toByteArray();
        }
    }

    /** Bytes in the guest's window that nobody has read. */
    int unread() {
        synchronized (tcp) {
            return in.size() - taken;
        }
    }

    /** All until the other side's FIN. */
    byte[] readAll() {
        await(() -> isEnded() || reset, "the end of the stream");
        if (!isEnded()) {
            throw new AssertionError("Reset after " + in.size() + " bytes");
        }
        return received();
    }

    boolean isEstablished() {
        return una > 0 && synchronised;
    }

    boolean isReset() {
        return reset;
    }

    boolean isEnded() {
        return fin >= 0 && rcv > fin;
    }

    /** Bytes of ours that the other side has not acknowledged. */
    int unacknowledged() {
        synchronized (tcp) {
            return (int) (outLength + 1 - Math.max(1, una));
        }
    }

    int peerWindow() {
        synchronized (tcp) {
            return peerWindow;
        }
    }

    boolean isFinAcknowledged() {
        return outEnded && una == outLength + 2L;
    }

    void await(BooleanSupplier condition, String what) {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        synchronized (tcp) {
            while (!condition.getAsBoolean()) {
                tcp.check();
                if (System.nanoTime() > deadline) {
                    throw new AssertionError("Waited in vain for " + what + ": " + this);
                }
                try {
                    tcp.wait(100);
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }
        }
    }

    // The protocol

    void input(Packet packet) {
        if (packet.has(Packet.RST)) {
            reset = true;
            return;
        }
        if (packet.has(Packet.SYN)) {
            synchronize(packet);
        }
        if (packet.has(Packet.ACK) && synchronised) {
            acknowledged(packet);
        }
        byte[] data = packet.tcpData();
        if (data.length > 0 || packet.has(Packet.FIN)) {
            text(packet, data);
        }
        if (packet.has(Packet.SYN)) {
            acknowledge();
        }
        output();
    }

    private void synchronize(Packet syn) {
        irs = syn.sequence();
        synchronised = true;
        byte[] options = syn.tcpOptions();
        for (int at = 0; at < options.length && options[at] != 0; at += options[at] == 1 ? 1 : options[at + 1]) {
            if (options[at] == 2) {
                peerSegment = (options[at + 2] & 0xFF) << 8 | options[at + 3] & 0xFF;
            } else if (options[at] == 3) {
                peerShift = options[at + 2];
            }
        }
    }

    private void acknowledged(Packet packet) {
        long acknowledged = una + (packet.acknowledgment() - (iss + (int) una));
        if (acknowledged > sent) {
            throw new AssertionError("Acknowledged: " + acknowledged + ", of " + sent);
        }
        if (acknowledged > una) {
            una = acknowledged;
            nxt = Math.max(nxt, una);
            progressAt = System.nanoTime();
        }
        peerWindow = packet.has(Packet.SYN) ? packet.window() : packet.window() << peerShift;
    }

    private void text(Packet packet, byte[] data) {
        long from = rcv + (packet.sequence() - (irs + (int) rcv));
        if (from + data.length > rcv + WINDOW) {
            throw new AssertionError("Beyond the window: " + this);
        }
        if (packet.has(Packet.FIN)) {
            fin = from + data.length;
        }
        if (data.length > 0) {
            early.merge(from, data, (a, b) -> a.length > b.length ? a : b);
        }
        for (Map.Entry<Long, byte[]> first = early.firstEntry(); first != null && first.getKey() <= rcv; first = early.firstEntry()) {
            early.pollFirstEntry();
            int known = (int) (rcv - first.getKey());
            if (known < first.getValue().length) {
                in.write(first.getValue(), known, first.getValue().length - known);
                rcv = first.getKey() + first.getValue().length;
            }
        }
        taken = reading ? in.size() : taken;
        if (rcv == fin) {
            rcv++;
        }
        acknowledge();
    }

    void output() {
        if (nxt == 0 && una == 0) {
            segment(Packet.SYN | (synchronised ? Packet.ACK : 0), 0, new byte[] {2, 4, 5, (byte) 180, 1, 3, 3, SHIFT}, new byte[0]);
            nxt = 1;
            sent = Math.max(sent, 1);
        }
        long end = outLength + 1L;
        while (una > 0 && nxt < end && nxt < una + peerWindow) {
            int length = (int) Math.min(Math.min(peerSegment, end - nxt), una + peerWindow - nxt);
            segment(Packet.ACK, nxt, new byte[0], Arrays.copyOfRange(out, (int) nxt - 1, (int) nxt - 1 + length));
            nxt += length;
            sent = Math.max(sent, nxt);
        }
        if (una > 0 && outEnded && nxt == end) {
            segment(Packet.ACK | Packet.FIN, nxt++, new byte[0], new byte[0]);
            sent = Math.max(sent, nxt);
        }
    }

    void tick() {
        boolean allSaid = una == outLength + (outEnded ? 2L : 1L);
        if (!allSaid && !reset && System.nanoTime() - progressAt > RETRANSMIT_NANOS) {
            progressAt = System.nanoTime();
            nxt = una;
            if (una > 0 && peerWindow == 0 && outLength + 1L > una) {
                segment(Packet.ACK, una, new byte[0], new byte[] {out[(int) una - 1]}); // probes the window
                sent = Math.max(sent, una + 1);
            }
            output();
        }
    }

    private void acknowledge() {
        segment(Packet.ACK, sent, new byte[0], new byte[0]);
    }

    private void segment(int flags, long place, byte[] options, byte[] data) {
        int window = WINDOW - (in.size() - taken);
        int field = (flags & Packet.SYN) != 0 ? 65_535 : window >> SHIFT;
        tcp.send(Packet.tcp(port, address, remotePort, iss + (int) place, synchronised ? irs + (int) rcv : 0, flags, field, options, data));
    }

    @Override
    public String toString() {
        return "sent " + outLength + ", acknowledged " + una + ", received " + in.size() + ", window " + peerWindow + (reset ? ", reset" : "") + (isEnded() ? ", ended" : "");
    }
}
