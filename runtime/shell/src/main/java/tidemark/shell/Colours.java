package tidemark.shell;

import org.apache.felix.gogo.jline.Highlighter;
import org.apache.felix.service.command.CommandSession;
import org.jline.reader.LineReader;
import org.jline.utils.AttributedString;

/** Colours a line while it is typed: as Gogo does, or not at all if {@code NO_COLOR} says so, or Gogo fails. */
final class Colours extends Highlighter {
    private final boolean wanted;

    Colours(CommandSession session, boolean wanted) {
        super(session);
        this.wanted = wanted;
    }

    @Override
    public AttributedString highlight(LineReader reader, String line) {
        try {
            return wanted ? super.highlight(reader, line) : new AttributedString(line);
        } catch (RuntimeException | LinkageError | StackOverflowError e) {
            return new AttributedString(line);
        }
    }
}
