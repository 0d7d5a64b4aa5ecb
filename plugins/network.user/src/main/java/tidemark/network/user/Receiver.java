package tidemark.network.user;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * The receiving half of a connection: RFC 9293, section 3.10.7.4, with the variables of section 3.3.1. What arrives early keeps its place in the buffer:
 * there is room for all that the window permits.
 */
final class Receiver {
    /** Our window scale: the whole buffer can be offered (RFC 7323). */
    static final int WINDOW_SHIFT = 2;
    /** What a segment with SYN offers, whose window is never scaled. */
    static final int MAX_WINDOW_FIELD = 0xFFFF;
    /** Blocks of early data that are remembered. More would need a guest, or a network, that means ill. */
    static final int MOST_BLOCKS = 32;

    private record Block(int from, int to) {}

    private final SequenceBuffer data;
    private final List<Block> early = new ArrayList<>();
    private final int shift;
    private int nxt;
    /** The right edge of the window that the guest knows of. */
    private int edge;
    private boolean finKnown;
    private int fin;

    /** @param irs sequence number of the guest's SYN  @param scaled whether both sides scale their windows */
    Receiver(int irs, boolean scaled) {
        nxt = irs + 1;
        edge = nxt + MAX_WINDOW_FIELD;
        data = new SequenceBuffer(nxt);
        shift = scaled ? WINDOW_SHIFT : 0;
    }

    int next() {
        return nxt;
    }

    boolean isScaled() {
        return shift > 0;
    }

    /** All of the guest's stream is here. */
    boolean isFinished() {
        return finKnown && Seq.after(nxt, fin);
    }

    /** Bytes that the host has not taken yet. */
    int pending() {
        return data.size();
    }

    void drain(WritableByteChannel host) throws IOException {
        data.drain(host);
    }

    /**
     * Whether anything of the segment is within the window. Its very right edge counts: a guest that has filled the window acknowledges from there, and
     * would not be heard as long as something before it is lost. So does what is here already: it asks for an acknowledgment.
     */
    boolean isAcceptable(Segment segment) {
        return !Seq.before(segment.sequence() + segment.length(), nxt) && !Seq.after(segment.sequence(), edge);
    }

    /** Takes an acceptable segment's data and FIN. @return whether they were what comes next, so that there is no hurry to acknowledge them */
    boolean accept(Segment segment) {
        int from = segment.sequence();
        int end = from + segment.data().remaining();
        boolean inOrder = !Seq.after(from, nxt) && Seq.after(from + segment.length(), nxt) && early.isEmpty();
        if (segment.has(Segment.FIN) && !finKnown && !Seq.before(end, nxt) && !Seq.after(end, edge)) {
            finKnown = true;
            fin = end;
        }
        store(segment.data(), from, Seq.max(from, nxt), Seq.min(end, finKnown ? Seq.min(fin, edge) : edge));
        if (finKnown && nxt == fin) {
            nxt++;
        }
        return inOrder;
    }

    private void store(ByteBuffer bytes, int sequence, int from, int to) {
        if (!Seq.before(from, to) || from != nxt && early.size() == MOST_BLOCKS) {
            return;
        }
        data.put(from, bytes.slice(from - sequence, to - from));
        nxt = from == nxt && early.isEmpty() ? to : merge(from, to);
        data.extend(nxt);
    }

    /** Adds a block to those that are early. @return up to where there is no gap */
    private int merge(int from, int to) {
        Block merged = new Block(from, to);
        for (Iterator<Block> blocks = early.iterator(); blocks.hasNext();) {
            Block block = blocks.next();
            if (!Seq.after(block.from, merged.to) && !Seq.before(block.to, merged.from)) {
                merged = new Block(Seq.min(block.from, merged.from), Seq.max(block.to, merged.to));
                blocks.remove();
            }
        }
        if (!Seq.after(merged.from, nxt)) {
            return merged.to;
        }
        early.add(merged);
        return nxt;
    }

    // The window

    /** SEG.WND of the next segment. The right edge moves by whole segments or half the buffer at least (section 3.8.6.2.2), and never back. */
    int window() {
        int gain = gain();
        if (gain >= Tcp.MAXIMUM_SEGMENT_SIZE) {
            edge += gain;
        }
        return Math.min(MAX_WINDOW_FIELD, Math.max(0, edge - nxt) >> shift);
    }

    /** By how much the edge could move: as far as there is room, and as the field can say. */
    private int gain() {
        return Seq.min(data.start() + SequenceBuffer.CAPACITY, nxt + (MAX_WINDOW_FIELD << shift)) - edge;
    }

    /** Whether the guest may wait for a word that there is room again. */
    boolean isUpdateDue() {
        int gain = gain();
        return !finKnown && (gain >= SequenceBuffer.CAPACITY / 2 || gain >= Tcp.MAXIMUM_SEGMENT_SIZE && edge - nxt < Tcp.MAXIMUM_SEGMENT_SIZE);
    }
}
