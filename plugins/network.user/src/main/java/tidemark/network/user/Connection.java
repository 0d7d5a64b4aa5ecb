package tidemark.network.user;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One TCP connection of the guest's: the state machine of RFC 9293, sections 3.3.2 and 3.10, between the guest and a socket of the host's. Work that
 * segments cause on the socket, and what is to be sent, is done by {@link #settle} once for all that arrived together.
 */
final class Connection {
    /** RFC 9293, figure 5. OPENING stands before SYN_RECEIVED while the host is not connected yet: the guest is answered when it is. */
    enum State {
        OPENING, SYN_SENT, SYN_RECEIVED, ESTABLISHED, FIN_WAIT_1, FIN_WAIT_2, CLOSE_WAIT, CLOSING, LAST_ACK, TIME_WAIT, CLOSED
    }

    /** Short: segments cannot be old on a cable. */
    static final long TIME_WAIT_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

    private final EventLoop loop;
    private final Tcp tcp;
    private final Flow flow;
    private final HostStream host;
    private final Transmitter transmitter;
    private final Sender sender;
    private final Timers.Timer timeWait;
    private Receiver receiver;
    private State state;
    private boolean over;
    /** The guest's SYN while the host is being connected. */
    private Segment syn;
    private Datagram origin;

    Connection(EventLoop loop, Tcp tcp, Flow flow, SocketChannel channel, int iss) throws IOException {
        this.loop = loop;
        this.tcp = tcp;
        this.flow = flow;
        host = new HostStream(loop, channel, this);
        transmitter = new Transmitter(loop, tcp, flow);
        sender = new Sender(loop, transmitter, this::reset, iss);
        timeWait = loop.timer(this::over);
    }

    Flow flow() {
        return flow;
    }

    // Opening

    /** The guest asks for a connection: the host is connected first. */
    void openPassive(Segment guestSyn, Datagram datagram, InetSocketAddress remote) {
        state = State.OPENING;
        syn = guestSyn;
        origin = datagram;
        host.connect(remote);
    }

    /** The host has a connection that the guest is to be asked for. */
    void openActive() {
        state = State.SYN_SENT;
        sender.output();
    }

    void hostConnected() {
        state = State.SYN_RECEIVED;
        synArrived(syn);
        syn = null;
        origin = null;
        sender.output();
    }

    void hostFailed(boolean refused) {
        if (refused) {
            tcp.reset(flow, syn);
        } else {
            tcp.unreachable(origin);
        }
        close();
    }

    private void synArrived(Segment guestSyn) {
        boolean scaled = guestSyn.windowShift() >= 0;
        sender.open(guestSyn, scaled ? guestSyn.windowShift() : 0);
        receiver = new Receiver(guestSyn.sequence(), scaled);
        transmitter.setReceiver(receiver);
    }

    // Segments, section 3.10.7

    void input(Segment segment) {
        switch (state) {
            case OPENING -> opening(segment);
            case SYN_SENT -> synSent(segment);
            default -> synchronizedInput(segment);
        }
    }

    /** The guest repeats its SYN, or has had enough. */
    private void opening(Segment segment) {
        if (segment.has(Segment.RST)) {
            abort();
        }
    }

    /** Section 3.10.7.3. */
    private void synSent(Segment segment) {
        boolean acknowledges = segment.has(Segment.ACK);
        if (acknowledges && segment.acknowledgment() != sender.next()) {
            tcp.reset(flow, segment);
        } else if (segment.has(Segment.RST)) {
            if (acknowledges) {
                abort();
            }
        } else if (segment.has(Segment.SYN)) {
            if (acknowledges) {
                sender.acknowledge(segment);
            }
            synArrived(segment);
            state = acknowledges ? State.ESTABLISHED : State.SYN_RECEIVED;
            transmitter.owe();
        }
    }

    /** Section 3.10.7.4, with the answers of RFC 5961 to resets and SYNs that may be forged or old. */
    private void synchronizedInput(Segment segment) {
        boolean acceptable = receiver.isAcceptable(segment);
        if (segment.has(Segment.RST)) {
            if (acceptable && segment.sequence() == receiver.next()) {
                abort();
            } else if (acceptable) {
                challenge();
            }
        } else if (!acceptable || segment.has(Segment.SYN)) {
            challenge();
        } else if (segment.has(Segment.ACK)) {
            sender.heard();
            acknowledged(segment);
        }
    }

    private void challenge() {
        transmitter.challenge(sender.next());
    }

    private void acknowledged(Segment segment) {
        if (state == State.SYN_RECEIVED && segment.acknowledgment() != sender.next()) {
            tcp.reset(flow, segment);
            return;
        }
        if (!sender.acknowledge(segment)) {
            challenge();
            return;
        }
        if (state == State.SYN_RECEIVED) {
            state = State.ESTABLISHED;
        }
        if (sender.isFinAcknowledged()) {
            finAcknowledged();
        }
        if (state != State.CLOSED && segment.length() > 0) {
            text(segment);
        }
    }

    private void finAcknowledged() {
        switch (state) {
            case FIN_WAIT_1 -> state = State.FIN_WAIT_2;
            case CLOSING -> waitForOldSegments();
            case LAST_ACK -> {
                state = State.TIME_WAIT;
                over();
            }
            default -> {
                // It was acknowledged before
            }
        }
    }

    /** "Seventh, process the segment text", "eighth, check the FIN bit". */
    private void text(Segment segment) {
        boolean finished = receiver.isFinished();
        if (receiver.accept(segment)) {
            transmitter.owe();
        } else {
            transmitter.send(0, sender.next());
        }
        if (receiver.isFinished() && !finished) {
            switch (state) {
                case ESTABLISHED -> state = State.CLOSE_WAIT;
                case FIN_WAIT_1 -> state = State.CLOSING;
                case FIN_WAIT_2 -> waitForOldSegments();
                default -> throw new IllegalStateException("The guest's FIN arrives in state " + state);
            }
        }
    }

    // What follows from what arrived

    /** Moves data between the sender, the receiver and the host, and answers the guest. */
    void settle() {
        if (state == State.CLOSED || state == State.OPENING) {
            return;
        }
        if (sender.isSynAcknowledged() && !exchange()) {
            return;
        }
        if (state != State.TIME_WAIT) {
            sender.output();
        }
        if (transmitter.isOwing()) {
            transmitter.send(0, sender.next());
        }
    }

    /** @return false if that was the end */
    private boolean exchange() {
        try {
            host.exchange(sender, receiver);
        } catch (IOException e) {
            LOG.debug("The host's side of {} is gone", flow, e);
            reset();
            return false;
        }
        if (host.isEnded() && (state == State.ESTABLISHED || state == State.CLOSE_WAIT)) {
            sender.finish();
            state = state == State.ESTABLISHED ? State.FIN_WAIT_1 : State.LAST_ACK;
        }
        if (over && host.isDone()) {
            close();
        }
        return state != State.CLOSED;
    }

    // The end

    private void waitForOldSegments() {
        state = State.TIME_WAIT;
        sender.stop();
        timeWait.set(loop.now() + TIME_WAIT_NANOS);
    }

    /** The guest and we have no more to say to each other. The host may still have to take what the guest said. */
    private void over() {
        over = true;
        if (host.isDone()) {
            close();
        }
    }

    /** Whether a SYN with the same addresses and ports is a new connection (RFC 9293, section 3.10.7.4; RFC 6191). */
    boolean isSupersededBy(Segment segment) {
        return state == State.TIME_WAIT && host.isDone() && segment.has(Segment.SYN) && !segment.has(Segment.ACK)
                && Seq.after(segment.sequence(), receiver.next());
    }

    /** Nobody answers, on one side or the other: both are told. */
    private void reset() {
        transmitter.send(Segment.RST, sender.next());
        abort();
    }

    /** Ends at once; the host's peer is told by a reset. */
    void abort() {
        host.abort();
        close();
    }

    void close() {
        state = State.CLOSED;
        sender.stop();
        timeWait.cancel();
        host.close();
        tcp.forget(this);
    }
}
