package tidemark.shell.script;

import java.lang.reflect.Field;
import org.apache.felix.gogo.runtime.Pipe;
import org.apache.felix.service.command.Process;

/** The error code that a command of Gogo's has given its process. Gogo tells it to nobody, and goes on. */
final class ErrorCode {
    private static final Field ERROR = field();

    private ErrorCode() {}

    private static Field field() {
        try {
            Field error = Pipe.class.getDeclaredField("error");
            error.setAccessible(true);
            return error;
        } catch (NoSuchFieldException e) {
            throw new IllegalStateException("This version of Gogo keeps its error codes elsewhere", e);
        }
    }

    static int of(Process process) {
        try {
            return process instanceof Pipe ? ERROR.getInt(process) : 0;
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }
}
