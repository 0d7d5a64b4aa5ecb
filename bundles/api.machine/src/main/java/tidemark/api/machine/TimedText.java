package tidemark.api.machine;

/**
 * Text whose search ends in time. Some regular expressions take exponential time on some texts, and a guest chooses its text. Each search in this text throws
 * {@link Late} when its time is over or its thread is interrupted. Not thread-safe.
 */
public final class TimedText implements CharSequence {
    private static final int LOOK_EVERY = 1024;

    private final CharSequence text;
    private final long end;
    private int untilLook = LOOK_EVERY;

    /** @param end the deadline, as {@link System#nanoTime} tells time */
    public TimedText(CharSequence text, long end) {
        this.text = text;
        this.end = end;
    }

    /** A search took too long. */
    public static final class Late extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Late() {
            super("the search takes too long", null, false, false);
        }
    }

    @Override
    public char charAt(int index) {
        if (--untilLook <= 0) {
            untilLook = LOOK_EVERY;
            if (System.nanoTime() - end >= 0 || Thread.currentThread().isInterrupted()) {
                throw new Late();
            }
        }
        return text.charAt(index);
    }

    @Override
    public int length() {
        return text.length();
    }

    @Override
    public CharSequence subSequence(int from, int to) {
        return text.subSequence(from, to);
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
