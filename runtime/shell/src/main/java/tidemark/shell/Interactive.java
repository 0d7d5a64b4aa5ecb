package tidemark.shell;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntConsumer;
import org.apache.felix.gogo.jline.Expander;
import org.apache.felix.gogo.jline.Shell;
import org.apache.felix.gogo.runtime.CommandSessionImpl;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.CommandSessionListener;
import org.jline.reader.LineReader;
import org.jline.reader.LineReader.Option;
import org.jline.reader.LineReaderBuilder;
import org.jline.terminal.Terminal;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import tidemark.api.machine.Machine;
import tidemark.api.machine.Machine.Power;
import tidemark.api.machine.Machines;
import tidemark.api.shell.Screen;

/**
 * Begins the interactive shell on the session that Gogo makes for the terminal, when Gogo has run its profile in it. Gogo's own loop is not used: it ends, and the
 * platform with it, when a completer throws.
 */
@Component(service = CommandSessionListener.class)
public final class Interactive implements CommandSessionListener {
    private static final long ENDS_WITHIN_MS = 2000;

    private final boolean wanted;
    private final Completion completion;
    private final Machines machines;
    private final IntConsumer exit;
    private final AtomicBoolean begun = new AtomicBoolean();
    private volatile Prompt prompt;
    private volatile Thread thread;

    @Activate
    public Interactive(BundleContext context, @Reference Completion completion, @Reference Machines machines,
            @Reference(target = "(tidemark.role=exit)") IntConsumer exit) {
        this.wanted = context.getProperty("tidemark.script") == null;
        this.completion = completion;
        this.machines = machines;
        this.exit = exit;
    }

    @Deactivate
    void deactivate() throws InterruptedException {
        if (prompt != null && Thread.currentThread() != thread) {
            prompt.end();
            thread.interrupt();
            thread.join(ENDS_WITHIN_MS);
        }
    }

    @Override
    public void beforeExecute(CommandSession session, CharSequence line) {}

    @Override
    public void afterExecute(CommandSession session, CharSequence line, Exception exception) {
        begin(session);
    }

    @Override
    public void afterExecute(CommandSession session, CharSequence line, Object result) {
        begin(session);
    }

    private void begin(CommandSession session) {
        if (wanted && session.get(Shell.VAR_TERMINAL) instanceof Terminal terminal && begun.compareAndSet(false, true)) {
            session.put("SCOPE", Script.SCOPE);
            prompt = new Prompt(session, terminal, reader(session, terminal), this::running);
            thread = Thread.ofPlatform().name("shell").unstarted(() -> exit.accept(prompt.run()));
            thread.start();
        }
    }

    private List<String> running() {
        return machines.list().stream().filter(machine -> machine.status().power() != Power.OFF).map(Machine::name).toList();
    }

    private LineReader reader(CommandSession session, Terminal terminal) {
        session.put(Shell.VAR_COMPLETIONS, new HashMap<>());
        session.put(LineReader.HISTORY_FILE, Path.of(System.getProperty("user.home"), ".gogo.history"));
        LineReader reader = LineReaderBuilder.builder().terminal(terminal).variables(((CommandSessionImpl) session).getVariables())
                .completer(completion.completer(session)).highlighter(new Colours(session, Screen.isColourWanted())).parser(new Words())
                .expander(new Expander(session)).option(Option.AUTO_FRESH_LINE, true).option(Option.GROUP, true).build();
        session.put(Shell.VAR_READER, reader);
        return reader;
    }
}
