package tidemark.network.user;

import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import java.util.concurrent.TimeUnit;

/**
 * The sending half of a connection: RFC 9293, section 3.8, with the variables of section 3.3.1. SYN and FIN are octets of the stream before and
 * behind the data, so that retransmission and probes of the window treat them alike.
 */
final class Sender {
    /** How long a connection may be silent before the guest is asked whether it still knows it (RFC 9293, section 3.8.4). */
    static final long KEEP_ALIVE_NANOS = TimeUnit.MINUTES.toNanos(2);
    /** A guest may be paused for so long; a connection that it has forgotten is told of by a reset anyway. */
    static final long GIVE_UP_NANOS = TimeUnit.HOURS.toNanos(2);
    static final int SYN_ATTEMPTS = 8;
    /** RFC 9293, section 3.7.1. */
    private static final int DEFAULT_SEGMENT = 536;
    /** What a guest may ask for at least: many tiny segments are much work. */
    private static final int LEAST_SEGMENT = 48;

    private final EventLoop loop;
    private final Transmitter transmitter;
    private final Runnable unanswered;
    private final Timers.Timer timer;
    private final RetransmissionTimeout timeout = new RetransmissionTimeout();
    private final SequenceBuffer data;

    // SND.*; max is the first sequence number never sent, nxt is less while segments are sent again
    private final int iss;
    private int una;
    private int nxt;
    private int max;
    private final SendWindow window = new SendWindow();

    private int segment = DEFAULT_SEGMENT;
    private CongestionControl congestion;
    private boolean finished;
    /** The timer is that of RFC 6298, not the one for keep-alive. */
    private boolean timing;
    private int sampled;
    private long sampledAt = -1;
    private long heardAt;

    /** @param unanswered what to do when the guest does not answer any more */
    Sender(EventLoop loop, Transmitter transmitter, Runnable unanswered, int iss) {
        this.loop = loop;
        this.transmitter = transmitter;
        this.unanswered = unanswered;
        this.iss = iss;
        una = iss;
        nxt = iss;
        max = iss;
        data = new SequenceBuffer(iss + 1);
        congestion = new CongestionControl(segment, iss);
        timer = loop.timer(this::timeout);
        heardAt = loop.now();
    }

    /** The guest's SYN arrived. @param shift of its window scale option, 0 if either side has none */
    void open(Segment syn, int shift) {
        segment = syn.maximumSegmentSize() < 0 ? DEFAULT_SEGMENT : Math.clamp(syn.maximumSegmentSize(), LEAST_SEGMENT, Tcp.MAXIMUM_SEGMENT_SIZE);
        congestion = new CongestionControl(segment, iss);
        window.open(syn, shift);
    }

    /** The sequence number of a segment without data: also while others are sent again, it is what the guest expects at most. */
    int next() {
        return max;
    }

    boolean isSynAcknowledged() {
        return una != iss;
    }

    boolean isFinAcknowledged() {
        return finished && una == endOfStream();
    }

    boolean hasRoom() {
        return !finished && data.room() > 0;
    }

    /** Takes what there is room for. @return false at the channel's end */
    boolean fill(ReadableByteChannel channel) throws IOException {
        return data.fill(channel);
    }

    /** FIN follows the data. */
    void finish() {
        finished = true;
    }

    void heard() {
        heardAt = loop.now();
    }

    void stop() {
        timer.cancel();
    }

    private int endOfStream() {
        return data.end() + (finished ? 1 : 0);
    }

    // Section 3.10.7.4, "fifth, check the ACK field"

    /** @return false if it acknowledges what was not sent yet */
    boolean acknowledge(Segment incoming) {
        int acknowledgment = incoming.acknowledgment();
        if (Seq.after(acknowledgment, max)) {
            return false;
        }
        if (Seq.after(acknowledgment, una)) {
            advance(acknowledgment);
        } else if (isDuplicate(incoming) && congestion.duplicate(una, max - una, max)) {
            sendFirstAgain();
        }
        if (!Seq.before(acknowledgment, una)) {
            window.update(incoming);
        }
        return true;
    }

    private void advance(int acknowledgment) {
        if (sampledAt >= 0 && !Seq.before(acknowledgment, sampled)) {
            timeout.sample(loop.now() - sampledAt);
            sampledAt = -1;
        }
        timeout.progress();
        boolean syn = una == iss;
        int bytes = acknowledgment - una;
        una = acknowledgment;
        nxt = Seq.max(nxt, una);
        data.release(Seq.min(una, data.end()));
        if (!syn && congestion.acknowledged(una, bytes, max - una)) {
            sendFirstAgain();
        }
        timing = false;
    }

    /** RFC 5681, section 2. */
    private boolean isDuplicate(Segment incoming) {
        return incoming.acknowledgment() == una && una != max && incoming.length() == 0 && window.isSame(incoming);
    }

    // Sending

    /** Sends what the windows permit. */
    void output() {
        if (nxt == iss) {
            sendSyn();
        }
        while (isSynAcknowledged() && sendNext()) {
            // one segment after the other
        }
        schedule();
    }

    private boolean sendNext() {
        int usable = Math.min(window.size(), congestion.window()) - (nxt - una);
        int left = endOfStream() - nxt;
        int length = Math.min(Math.min(left, usable), segment);
        boolean worthIt = length == left || length == segment || length >= window.largest() / 2; // section 3.8.6.2.1
        if (length > 0 && worthIt) {
            send(length);
            return true;
        }
        return false;
    }

    private void sendSyn() {
        transmitter.send(Segment.SYN, iss);
        sent(1);
    }

    /** @param length of what is left, FIN included */
    private void send(int length) {
        int bytes = Math.min(length, data.end() - nxt);
        int flags = (nxt + bytes == data.end() ? Segment.PSH : 0) | (length > bytes ? Segment.FIN : 0);
        transmitter.send(flags, nxt, bytes, data);
        sent(length);
    }

    private void sent(int length) {
        if (nxt == max && sampledAt < 0) {
            sampled = nxt + length;
            sampledAt = loop.now();
        }
        nxt += length;
        max = Seq.max(max, nxt);
    }

    private void sendFirstAgain() {
        int resume = nxt;
        nxt = una;
        sampledAt = -1;
        send(first());
        nxt = Seq.max(nxt, resume);
    }

    /** The length of the first segment that is not acknowledged: at least one octet, whatever the window. */
    private int first() {
        return Math.min(Math.min(endOfStream() - una, segment), Math.max(1, window.size()));
    }

    // Time

    private boolean isWaiting() {
        return una != max || isSynAcknowledged() && nxt != endOfStream();
    }

    /** RFC 6298, section 5; restarted when something new is acknowledged. */
    private void schedule() {
        boolean waiting = isWaiting();
        if (waiting && !timing) {
            timer.set(loop.now() + timeout.nanos());
        } else if (!waiting) {
            timer.set(loop.now() + KEEP_ALIVE_NANOS);
        }
        timing = waiting;
    }

    private void timeout() {
        if (loop.now() - heardAt > GIVE_UP_NANOS || una == iss && timeout.backOffs() == SYN_ATTEMPTS) {
            unanswered.run();
            return;
        }
        if (!isWaiting()) {
            transmitter.send(0, nxt - 1);
        } else if (una == max) {
            timeout.backOff();
            send(1); // the window is closed: probe it (section 3.8.6.1)
        } else {
            retransmit();
        }
        timing = false;
        schedule();
    }

    private void retransmit() {
        if (window.size() > 0) {
            congestion.timedOut(max - una, max);
        }
        timeout.backOff();
        sampledAt = -1;
        nxt = una;
        if (una == iss) {
            sendSyn();
        } else {
            send(first());
        }
    }
}
