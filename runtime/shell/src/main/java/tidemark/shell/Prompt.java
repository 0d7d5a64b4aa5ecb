package tidemark.shell;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.channels.ClosedByInterruptException;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;
import org.apache.felix.gogo.jline.Shell;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Converter;
import org.apache.felix.service.command.Job;
import org.apache.felix.service.command.Job.Status;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;
import org.jline.terminal.Terminal.Signal;
import tidemark.api.shell.Screen;
import tidemark.shell.script.Evaluator;
import tidemark.shell.script.ExitException;

/**
 * The loop of the interactive shell: reads a line, runs it, shows what comes of it. Machines live in this process, so that nothing but {@code exit}, the end of the
 * input, or the platform's end ends it: not what a command, a completer or the line editor throws.
 */
final class Prompt {
    /** The line editor fails again and again only if there is no terminal any more. */
    private static final int MOST_FAILURES = 20;
    private static final int ENDS_OF_INPUT = 3;

    private final CommandSession session;
    private final Terminal terminal;
    private final LineReader reader;
    private final Supplier<List<String>> running;
    private final Evaluator evaluator;
    private final boolean colour;
    private volatile boolean interrupted;
    private volatile boolean ended;

    /** @param running the names of the machines that run */
    Prompt(CommandSession session, Terminal terminal, LineReader reader, Supplier<List<String>> running) {
        this.session = session;
        this.terminal = terminal;
        this.reader = reader;
        this.running = running;
        this.colour = Screen.isColourWanted();
        this.evaluator = new Evaluator(session, this::message);
    }

    /** The platform goes down. */
    void end() {
        ended = true;
    }

    /** @return the exit code */
    int run() {
        terminal.handle(Signal.INT, signal -> interrupt());
        terminal.handle(Signal.TSTP, signal -> suspend());
        session.setJobListener(this::changed);
        int failures = 0;
        while (!ended && failures < MOST_FAILURES) {
            try {
                String line = reader.readLine(Shell.getPrompt(session));
                failures = 0;
                evaluate(line);
            } catch (UserInterruptException e) {
                failures = 0;
            } catch (EndOfFileException e) {
                if (mayLeave()) {
                    break;
                }
            } catch (ExitException e) {
                if (mayLeave()) {
                    save();
                    return e.code();
                }
                evaluator.stay();
            } catch (Throwable e) {
                failures++;
                say(terminal.writer(), "tidemark: the shell failed and goes on: " + e);
            }
        }
        save();
        return 0;
    }

    private void evaluate(String line) throws InterruptedException {
        interrupted = false;
        try {
            evaluator.run(line, this::show);
        } catch (ExitException e) {
            throw e;
        } catch (Exception e) {
            session.put(Shell.VAR_EXCEPTION, e);
            say(terminal.writer(), message(e));
        }
        awaitJobs();
    }

    private void show(Object result) {
        session.put(Shell.VAR_RESULT, result);
        terminal.writer().println(session.format(result, Converter.INSPECT));
        terminal.flush();
    }

    /** One that {@code fg} has brought to the foreground. */
    private void awaitJobs() throws InterruptedException {
        for (Job job = session.foregroundJob(); job != null; job = session.foregroundJob()) {
            synchronized (job) {
                if (job.status() == Status.Foreground) {
                    job.wait();
                }
            }
        }
    }

    // Messages

    /** Empty for what somebody interrupted, who knows. */
    private String message(Throwable failure) {
        return interrupted || isInterruption(failure) ? "" : Errors.of("shell", failure).getMessage().strip();
    }

    private static boolean isInterruption(Throwable failure) {
        for (Throwable e = failure; e != null; e = e.getCause()) {
            if (e instanceof InterruptedException || e instanceof CancellationException || e instanceof ClosedByInterruptException) {
                return true;
            }
        }
        return false;
    }

    private void say(PrintWriter writer, String text) {
        if (!text.isEmpty()) {
            writer.println(colour && terminalShowsColours() ? "\u001b[31m" + text + "\u001b[39m" : text);
            writer.flush();
        }
    }

    private boolean terminalShowsColours() {
        return !terminal.getType().startsWith(Terminal.TYPE_DUMB);
    }

    // Jobs

    private void interrupt() {
        interrupted = true;
        Job job = session.foregroundJob();
        if (job != null) {
            job.interrupt();
        }
    }

    private void suspend() {
        Job job = session.foregroundJob();
        if (job != null) {
            job.suspend();
        }
    }

    private void changed(Job job, Status before, Status now) {
        boolean told = List.of(Status.Background, Status.Suspended).contains(before) || List.of(Status.Background, Status.Suspended).contains(now);
        if (told && !ended) {
            reader.printAbove("[" + job.id() + "] " + now.name().toLowerCase(java.util.Locale.ROOT) + "  " + job.command());
        }
    }

    // The end

    /** Asks, if machines would end. Someone who answers nothing but the end of input three times is gone. */
    private boolean mayLeave() {
        List<String> names = running.get();
        if (names.isEmpty() || !terminalShowsColours()) {
            return true;
        }
        String question = (names.size() == 1 ? "Machine " + names.getFirst() + " is running." : "Machines " + String.join(", ", names) + " are running.")
                + " End " + (names.size() == 1 ? "it" : "them") + " and leave?";
        for (int i = 0; i < ENDS_OF_INPUT && !ended; i++) {
            try {
                return Question.ask(terminal, question);
            } catch (EndOfFileException e) {
                terminal.writer().println();
            }
        }
        return true;
    }

    private void save() {
        try {
            reader.getHistory().save();
        } catch (IOException | RuntimeException e) {
            say(terminal.writer(), "The history of commands was not saved: " + e.getMessage());
        }
    }
}
