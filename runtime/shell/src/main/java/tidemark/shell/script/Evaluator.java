package tidemark.shell.script;

import java.util.List;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.apache.felix.gogo.runtime.Parser;
import org.apache.felix.gogo.runtime.Parser.Executable;
import org.apache.felix.gogo.runtime.Parser.Program;
import org.apache.felix.gogo.runtime.Parser.Statement;
import org.apache.felix.service.command.CommandSession;

/** Runs text in a session, statement by statement. */
public final class Evaluator {
    private final CommandSession session;
    private final Calls calls;

    /** @param messages what people read of a failure that the text itself handles, or of one in the background; empty for nothing */
    public Evaluator(CommandSession session, java.util.function.Function<Throwable, String> messages) {
        this.session = session;
        calls = new Calls(messages::apply);
        calls.offerTo(session);
    }

    /**
     * Ends at the first statement that fails, with what it threw.
     *
     * @param results takes the result of each statement that is no assignment and has one
     * @throws ExitException where the text says so
     */
    public void run(String text, Consumer<Object> results) throws Exception {
        Rewriter rewriter = new Rewriter(text);
        Program program = new Parser(text).program();
        for (Program statement : rewriter.statements(program)) {
            try {
                Object result = session.execute(statement);
                if (result != null && !isAssignment(statement.tokens().getFirst())) {
                    results.accept(result);
                }
            } catch (Exception e) {
                Place.mark(e, rewriter.line(statement));
                throw e;
            }
        }
    }

    private static boolean isAssignment(Executable executable) {
        return executable instanceof Statement statement && Rewriter.isAssignment(statement.tokens());
    }

    /** After an {@link ExitException} that is not followed. */
    public void stay() {
        session.put(Calls.LEAVING, null);
    }

    /** @return whether all commands in the background have gone well */
    public boolean awaitBackground() throws InterruptedException {
        return calls.background().awaitAll();
    }

    /** The line of the text, from 1, where something was thrown. */
    public static OptionalInt line(Throwable thrown) {
        return Place.of(thrown);
    }

    /** Whether a command of Gogo's own failed, which has said why. */
    public static boolean hasSpoken(Throwable thrown) {
        return thrown instanceof CodeException;
    }

    /** The statements of a text as they are written; those that {@code &&}, {@code ||} or {@code |} join are one. */
    public static List<String> statements(String text) {
        return Lists.of(new Parser(text).program()).stream().map(list -> text.substring(list.executables().getFirst().start(),
                list.executables().getLast().start() + list.executables().getLast().length())).toList();
    }
}
