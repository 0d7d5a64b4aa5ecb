package tidemark.shell;

import java.io.PrintStream;
import java.util.List;
import org.apache.felix.gogo.runtime.EOFError;
import org.apache.felix.gogo.runtime.SyntaxError;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Converter;
import tidemark.api.shell.CommandError;
import tidemark.shell.script.Evaluator;
import tidemark.shell.script.ExitException;

/** Runs a script: shows the result of each statement, ends at the first that fails, says in which line that is. */
final class Script {
    /** Where commands are looked for by their bare names, in this order. */
    static final String SCOPE = "vm:checkpoint:disk:part:demo:shell:gogo:*";

    private final String text;
    private final String file;
    private final PrintStream out;
    private final PrintStream err;
    private final boolean trace;

    /** @param file its name; empty for a text of the command line */
    Script(String text, String file, PrintStream out, PrintStream err, boolean trace) {
        this.text = text;
        this.file = file;
        this.out = out;
        this.err = err;
        this.trace = trace;
    }

    /** @param trace whether errors come with their stack traces */
    static int run(CommandSession session, String text, PrintStream out, PrintStream err, boolean trace) {
        return new Script(text, "", out, err, trace).run(session);
    }

    /** @return the exit code */
    int run(CommandSession session) {
        session.put("SCOPE", SCOPE);
        Evaluator evaluator = new Evaluator(session, this::message);
        try {
            evaluator.run(text, result -> show(session, result));
            return evaluator.awaitBackground() ? 0 : 1;
        } catch (ExitException e) {
            return e.code();
        } catch (Exception e) {
            err.println(message(e));
            if (trace) {
                e.printStackTrace(err);
            }
            return Errors.of("script", e).exitCode();
        } finally {
            out.flush();
            err.flush();
        }
    }

    private void show(CommandSession session, Object result) {
        out.println(session.format(result, Converter.INSPECT).toString().stripTrailing());
    }

    private String message(Throwable failure) {
        CommandError error = Errors.of("script", failure);
        return "tidemark: " + place(failure) + error.getMessage().strip();
    }

    /** As compilers say it. A text of one line needs no number. */
    private String place(Throwable failure) {
        boolean syntax = failure instanceof SyntaxError || failure.getCause() instanceof EOFError;
        int line = failure instanceof SyntaxError error ? error.line() + 1 : Evaluator.line(failure).orElse(0);
        if (!file.isEmpty()) {
            return file + ":" + (line > 0 ? line + ":" : "") + " ";
        }
        return line > 0 && !syntax && text.strip().indexOf('\n') >= 0 ? "line " + line + ": " : "";
    }

    static List<String> statements(String text) {
        return Evaluator.statements(text);
    }
}
