package tidemark.shell;

import org.apache.felix.service.command.CommandSession;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;
import tidemark.api.shell.CommandError;

/** Asks whoever sits at the terminal. */
final class Question {
    private Question() {}

    /**
     * @return whether the answer is yes; Ctrl-C is a no
     * @throws EndOfFileException at the end of input
     */
    static boolean ask(Terminal terminal, String question) {
        LineReader reader = LineReaderBuilder.builder().terminal(terminal).variable(LineReader.DISABLE_HISTORY, true)
                .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true).build();
        try {
            return reader.readLine(question + " [y/N] ").strip().matches("(?i)y(es)?");
        } catch (UserInterruptException e) {
            return false;
        }
    }

    /** @throws CommandError without a yes, or without a terminal to ask at */
    static void require(CommandSession session, String what, String wayOut) throws CommandError {
        if (!(session.get(".terminal") instanceof Terminal terminal) || terminal.getType().startsWith(Terminal.TYPE_DUMB)) {
            throw new CommandError(what + "; " + wayOut);
        }
        try {
            if (ask(terminal, what + ". Do it?")) {
                return;
            }
        } catch (EndOfFileException e) {
            // that is no yes
        }
        throw new CommandError("Nothing was done");
    }
}
