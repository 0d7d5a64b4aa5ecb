package tidemark.shell;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.ExecutionException;
import org.apache.felix.gogo.runtime.CommandNotFoundException;
import org.apache.felix.gogo.runtime.SyntaxError;
import tidemark.api.checkpoint.CheckpointException;
import tidemark.api.machine.MachineException;
import tidemark.api.shell.CommandError;
import tidemark.shell.script.Evaluator;

/** Whatever a command threw, for people: in one line, but for what a command itself says in several. */
final class Errors {
    private static final int MOST = 4000;

    private Errors() {}

    /** @param command its name, for errors that do not say themselves what failed */
    static CommandError of(String command, Throwable thrown) {
        boolean wrapped = thrown instanceof InvocationTargetException || thrown instanceof ExecutionException;
        Throwable e = wrapped && thrown.getCause() != null ? thrown.getCause() : thrown;
        return e instanceof CommandError error ? error : oneLine(command, e);
    }

    private static CommandError oneLine(String command, Throwable e) {
        return new CommandError(harmless(text(command, e).strip().replaceAll("\\s*\\R\\s*", " ")), e);
    }

    /** A message may quote a stranger's file: control characters, which a terminal would obey, become '?', and a long one is cut. */
    private static String harmless(String message) {
        String cut = message.length() > MOST ? message.substring(0, MOST) + "..." : message;
        return cut.replaceAll("[\\p{Cntrl}\\u0080-\\u009F\\u202A-\\u202E\\u2066-\\u2069]", "?");
    }

    private static String text(String command, Throwable e) {
        return switch (e) {
            case MachineException machine -> machine.getMessage();
            case CheckpointException checkpoint -> checkpoint.getMessage();
            case CommandNotFoundException unknown -> unknown.getMessage();
            case SyntaxError syntax -> command + ": " + syntax.getMessage() + " at line " + (syntax.line() + 1) + ", column "
                    + syntax.column() + "; quotes and brackets must be closed, and ; ends a command";
            case Exception spoken when Evaluator.hasSpoken(spoken) -> spoken.getMessage();
            case NoSuchFileException file -> command + ": there is no file " + file.getFile();
            case FileAlreadyExistsException file -> command + ": " + file.getFile() + " exists already";
            case AccessDeniedException file -> command + ": access to " + file.getFile() + " is denied";
            case FileNotFoundException file -> command + ": " + file.getMessage();
            case IOException io when io.getClass() == IOException.class && io.getMessage() != null -> command + ": " + io.getMessage();
            case InterruptedException interrupted -> command + ": interrupted";
            default -> command + ": " + (e.getMessage() == null ? "failed without a message" : e.getMessage())
                    + " (" + e.getClass().getSimpleName() + ")";
        };
    }
}
