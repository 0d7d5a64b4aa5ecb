package tidemark.shell;

import java.io.FileNotFoundException;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import org.apache.felix.gogo.runtime.CommandNotFoundException;
import org.apache.felix.gogo.runtime.SyntaxError;
import tidemark.api.checkpoint.CheckpointException;
import tidemark.api.machine.MachineException;
import tidemark.api.shell.CommandError;

/** Whatever a command threw, in one line for people. */
final class Errors {
    private Errors() {}

    /** @param command its name, for errors that do not say themselves what failed */
    static CommandError of(String command, Throwable thrown) {
        Throwable e = thrown instanceof InvocationTargetException && thrown.getCause() != null ? thrown.getCause() : thrown;
        return switch (e) {
            case CommandError error -> error;
            case MachineException machine -> new CommandError(machine.getMessage(), e);
            case CheckpointException checkpoint -> new CommandError(checkpoint.getMessage(), e);
            case CommandNotFoundException unknown -> new CommandError(unknown.getMessage(), e);
            case SyntaxError syntax -> new CommandError(command + ": " + syntax.getMessage() + " at line " + (syntax.line() + 1) + ", column "
                    + syntax.column() + "; quotes and brackets must be closed, and ; ends a command", e);
            case NoSuchFileException file -> new CommandError(command + ": there is no file " + file.getFile(), e);
            case FileAlreadyExistsException file -> new CommandError(command + ": " + file.getFile() + " exists already", e);
            case AccessDeniedException file -> new CommandError(command + ": access to " + file.getFile() + " is denied", e);
            case FileNotFoundException file -> new CommandError(command + ": " + file.getMessage(), e);
            case InterruptedException interrupted -> new CommandError(command + ": interrupted", e);
            default -> new CommandError(command + ": " + (e.getMessage() == null ? "failed without a message" : e.getMessage())
                    + " (" + e.getClass().getSimpleName() + ")", e);
        };
    }
}
