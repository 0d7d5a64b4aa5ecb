package tidemark.shell.script;

import java.util.ArrayList;
import java.util.List;
import org.apache.felix.gogo.runtime.Parser.Executable;
import org.apache.felix.gogo.runtime.Parser.Operator;
import org.apache.felix.gogo.runtime.Parser.Program;
import org.apache.felix.gogo.runtime.Parser.Statement;
import org.apache.felix.gogo.runtime.Token;

/**
 * What stands between two ends of statements: one executable, or several with {@code &&} and {@code ||} between them.
 *
 * @param operators one less than executables
 */
record Lists(List<Executable> executables, List<Operator> operators, boolean isBackground) {
    static List<Lists> of(Program program) {
        List<Lists> all = new ArrayList<>();
        List<Executable> executables = new ArrayList<>();
        List<Operator> operators = new ArrayList<>();
        for (Executable each : program.tokens()) {
            if (!(each instanceof Operator operator)) {
                executables.add(each);
            } else if (Token.eq("&&", operator) || Token.eq("||", operator)) {
                operators.add(operator);
            } else {
                add(all, executables, operators, Token.eq("&", operator));
                executables = new ArrayList<>();
                operators = new ArrayList<>();
            }
        }
        add(all, executables, operators, false);
        return all;
    }

    private static void add(List<Lists> all, List<Executable> executables, List<Operator> operators, boolean background) {
        boolean empty = executables.isEmpty() || executables.size() == 1 && isEmpty(executables.getFirst());
        if (!empty) {
            all.add(new Lists(executables, operators, background));
        }
    }

    private static boolean isEmpty(Executable executable) {
        return executable instanceof Statement statement && statement.tokens().isEmpty() && statement.redirections().isEmpty();
    }
}
