package tidemark.api.shell;

import org.apache.felix.service.command.CommandSession;
import org.jline.terminal.Terminal;
import org.jline.terminal.Terminal.SignalHandler;

/** What Ctrl-C does while a command runs, instead of Gogo's interrupting the command's thread, after which nobody sees how it ended. */
public final class Interruption implements AutoCloseable {
    private final Terminal terminal;
    private final SignalHandler former;

    private Interruption(Terminal terminal, SignalHandler former) {
        this.terminal = terminal;
        this.former = former;
    }

    public static Interruption of(CommandSession session, Runnable action) {
        return session.get(".terminal") instanceof Terminal terminal
                ? new Interruption(terminal, terminal.handle(Terminal.Signal.INT, signal -> action.run())) : new Interruption(null, null);
    }

    /** Interrupts the calling thread. */
    public static Interruption ofThisThread(CommandSession session) {
        return of(session, Thread.currentThread()::interrupt);
    }

    @Override
    public void close() {
        if (terminal != null) {
            terminal.handle(Terminal.Signal.INT, former);
        }
    }
}
