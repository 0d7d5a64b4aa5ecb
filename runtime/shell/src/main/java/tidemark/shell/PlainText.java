package tidemark.shell;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * What a terminal's output says, without what moves its cursor or asks it something: escape sequences (ECMA-48) and control characters are left out,
 * but tabs, backspaces and line ends, which become {@code \n}. Takes it in pieces.
 */
final class PlainText {
    private static final int LONGEST_SEQUENCE = 64;
    private enum State { TEXT, ESCAPE, CONTROL_SEQUENCE, STRING, STRING_ESCAPE }

    private final CharsetDecoder utf8 = StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPLACE)
            .onUnmappableCharacter(CodingErrorAction.REPLACE);
    private final boolean colours;
    private final StringBuilder text = new StringBuilder();
    private final StringBuilder sequence = new StringBuilder();
    private ByteBuffer rest = ByteBuffer.allocate(0);
    private State state = State.TEXT;

    /** @param colours whether sequences that set colours and the like (SGR) stay */
    PlainText(boolean colours) {
        this.colours = colours;
    }

    static String of(String output, boolean colours) {
        PlainText plain = new PlainText(colours);
        plain.add(output.getBytes(StandardCharsets.UTF_8));
        return plain.text.toString();
    }

    /** All of it so far. */
    StringBuilder text() {
        return text;
    }

    /** What there is since the last call. */
    String take() {
        String taken = text.toString();
        text.setLength(0);
        return taken;
    }

    void add(byte[] bytes) {
        ByteBuffer in = ByteBuffer.allocate(rest.remaining() + bytes.length).put(rest).put(bytes).flip();
        CharBuffer out = CharBuffer.allocate(in.remaining() + 1);
        utf8.decode(in, out, false);
        rest = in;
        out.flip();
        while (out.hasRemaining()) {
            add(out.get());
        }
    }

    private void add(char c) {
        switch (state) {
            case TEXT -> addText(c);
            case ESCAPE -> state = switch (c) {
                case '[' -> State.CONTROL_SEQUENCE;
                case ']', 'P', 'X', '^', '_' -> State.STRING;
                default -> c >= 0x20 && c < 0x30 ? State.ESCAPE : State.TEXT;
            };
            case CONTROL_SEQUENCE -> addToSequence(c);
            case STRING -> state = c == '\u001b' ? State.STRING_ESCAPE : c == '\u0007' ? State.TEXT : State.STRING;
            case STRING_ESCAPE -> state = c == '\\' ? State.TEXT : State.STRING;
        }
    }

    private void addText(char c) {
        if (c == '\u001b') {
            state = State.ESCAPE;
            sequence.setLength(0);
        } else if (c == '\n' && !text.isEmpty() && text.charAt(text.length() - 1) == '\r') {
            text.setCharAt(text.length() - 1, '\n');
        } else if (c >= 0x20 && c != 0x7F || "\n\r\t\b".indexOf(c) >= 0) {
            text.append(c);
        }
    }

    private void addToSequence(char c) {
        sequence.append(c);
        boolean ends = c >= 0x40 && c <= 0x7E;
        if (ends || sequence.length() == LONGEST_SEQUENCE) {
            state = State.TEXT;
        }
        if (ends && colours && c == 'm') {
            text.append("\u001b[").append(sequence);
        }
    }
}
