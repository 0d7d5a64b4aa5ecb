package tidemark.network.user;

/** The window that the guest offers: SND.WND, SND.WL1 and SND.WL2 of RFC 9293, section 3.3.1, with the scale of RFC 7323. */
final class SendWindow {
    private int size;
    private int largest;
    private int shift;
    private int lastSequence;
    private int lastAcknowledgment;

    int size() {
        return size;
    }

    /** The largest that the guest ever offered: about the size of its buffer. */
    int largest() {
        return largest;
    }

    /** @param scale of the guest's window scale option, 0 if either side has none; the SYN's own window is not scaled */
    void open(Segment syn, int scale) {
        set(syn, syn.window());
        shift = scale;
    }

    boolean isSame(Segment segment) {
        return segment.window() << shift == size;
    }

    /** Section 3.10.7.4: an older segment's window does not replace that of a newer one. */
    void update(Segment segment) {
        boolean newer = Seq.before(lastSequence, segment.sequence())
                || lastSequence == segment.sequence() && !Seq.after(lastAcknowledgment, segment.acknowledgment());
        if (newer) {
            set(segment, segment.window() << shift);
        }
    }

    private void set(Segment segment, int newSize) {
        size = newSize;
        largest = Math.max(largest, newSize);
        lastSequence = segment.sequence();
        lastAcknowledgment = segment.acknowledgment();
    }
}
