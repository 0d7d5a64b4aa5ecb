package tidemark.shell;

import java.util.ArrayList;
import java.util.List;
import org.apache.felix.gogo.runtime.Parser;
import org.apache.felix.gogo.runtime.Token;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Converter;
import tidemark.api.shell.CommandError;

/** Runs Gogo text statement by statement, showing the result of each; ends at the first that fails. */
final class Script {
    /** Where commands are looked for by their bare names, in this order. */
    static final String SCOPE = "vm:checkpoint:disk:part:demo:shell:gogo:*";

    private Script() {}

    /** @param trace whether errors come with their stack traces */
    static int run(CommandSession session, String text, java.io.PrintStream out, java.io.PrintStream err, boolean trace) {
        session.put("SCOPE", SCOPE);
        try {
            for (String statement : statements(text)) {
                Object result = session.execute(statement);
                if (result != null && !isAssignment(statement)) {
                    out.println(session.format(result, Converter.INSPECT).toString().stripTrailing());
                }
            }
            return 0;
        } catch (Exception e) {
            CommandError error = Errors.of("script", e);
            err.println("tidemark: " + error.getMessage().strip());
            if (trace) {
                e.printStackTrace(err);
            }
            return 1;
        } finally {
            out.flush();
            err.flush();
        }
    }

    /** The statements of a program; those joined by {@code &&}, {@code ||}, or sent to the background, as one. */
    static List<String> statements(String text) {
        List<String> statements = new ArrayList<>();
        int start = -1;
        int end = -1;
        for (Token token : new Parser(text).program().tokens()) {
            boolean ends = token instanceof Parser.Operator && (Token.eq(";", token) || token.toString().isBlank());
            if (ends && start >= 0) {
                statements.add(text.substring(start, end));
                start = -1;
            } else if (!ends) {
                start = start < 0 ? token.start() : start;
                end = token.start() + token.length();
            }
        }
        if (start >= 0) {
            statements.add(text.substring(start, end));
        }
        return statements;
    }

    private static boolean isAssignment(String statement) {
        return statement.matches("(?s)[\\w.-]+\\s*=\\s.*");
    }
}
