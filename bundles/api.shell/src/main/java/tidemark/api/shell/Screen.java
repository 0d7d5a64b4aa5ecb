package tidemark.api.shell;

import java.io.PrintStream;
import java.util.function.IntSupplier;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Job;
import org.apache.felix.service.command.Process;
import org.jline.terminal.Terminal;

/**
 * Where a session's output goes and what it can show.
 *
 * @param colour whether ANSI colours may be written
 * @param live whether a line can be rewritten
 * @param columns its width now
 */
public record Screen(PrintStream out, boolean colour, boolean live, IntSupplier columns) {
    private static final int DEFAULT_COLUMNS = 120;

    public static Screen of(CommandSession session) {
        Process process = Process.Utils.current();
        boolean piped = process != null && isPiped(process);
        Terminal terminal = session.get(".terminal") instanceof Terminal t && !t.getType().startsWith(Terminal.TYPE_DUMB) ? t : null;
        boolean live = !piped && (terminal != null || session.get(".terminal") == null && System.console() != null && System.console()
                .isTerminal());
        return new Screen(session.getConsole(), live && isColourWanted(), live, () -> columns(terminal));
    }

    /** Also if it is inside of braces that are piped or redirected: Gogo asks only the innermost command. */
    private static boolean isPiped(Process process) {
        boolean piped = !process.isTty(1);
        for (Job job = process.job() == null ? null : process.job().parent(); job != null; job = job.parent()) {
            piped |= job.processes().stream().anyMatch(outer -> !outer.isTty(1));
        }
        return piped;
    }

    /** No colours, nothing rewritten. */
    public static Screen plain(PrintStream out) {
        return new Screen(out, false, false, () -> DEFAULT_COLUMNS);
    }

    /** Whether the environment does not forbid colours, by {@code NO_COLOR}. */
    public static boolean isColourWanted() {
        String value = System.getenv("NO_COLOR");
        return value == null || value.isEmpty();
    }

    /** How long a line may be: as the terminal is wide; without one there is no limit. */
    public int width() {
        return live ? Math.max(1, columns.getAsInt()) : Integer.MAX_VALUE;
    }

    private static int columns(Terminal terminal) {
        return terminal != null && terminal.getWidth() > 0 ? terminal.getWidth() : DEFAULT_COLUMNS;
    }

    public String paint(Style style, String text) {
        return colour && style != Style.PLAIN && !text.isEmpty() ? "\u001b[" + style.code + "m" + text + "\u001b[0m" : text;
    }

    /** How a text looks where there are colours. */
    public enum Style {
        PLAIN(0), BOLD(1), DIM(2), RED(31), GREEN(32), YELLOW(33), CYAN(36);

        private final int code;

        Style(int code) {
            this.code = code;
        }
    }
}
