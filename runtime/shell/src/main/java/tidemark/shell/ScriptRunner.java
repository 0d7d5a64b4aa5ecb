package tidemark.shell;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.function.IntConsumer;
import java.util.function.IntSupplier;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.FrameworkListener;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.util.tracker.ServiceTracker;

/**
 * Runs the text of the framework property {@code tidemark.script}, if there is one, when the framework has started and the platform's
 * commands are there, and
 * hands the exit code to the service that the launcher registered. {@code tidemark.trace=true} shows errors with their stack traces.
 */
@Component(service = ScriptRunner.class, immediate = true)
public final class ScriptRunner {
    private static final long COMMANDS_WITHIN_MS = 30_000;
    private static final List<String> NEEDED = List.of("vm:create", "vm:start", "vm:console", "checkpoint:take", "disk:create", "part:list", "demo:run");
    /** Of a process that fails in a way that nobody has foreseen. */
    private static final int ABNORMAL_END = 70;
    // not System.out: Gogo has replaced it by a stream of its own that would feed back into the session
    private static final PrintStream OUT = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    private static final PrintStream ERR = new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);

    private final BundleContext context;
    private final CommandProcessor processor;

    @Activate
    public ScriptRunner(BundleContext context, @Reference CommandProcessor processor,
            @Reference(target = "(tidemark.role=exit)") IntConsumer exit) {
        this.context = context;
        this.processor = processor;
        String text = context.getProperty("tidemark.script");
        if (text != null) {
            whenStarted(() -> Thread.ofPlatform().name("script").start(() -> exit.accept(codeOf(() -> run(text), ERR))));
        }
    }

    private void whenStarted(Runnable action) {
        if (context.getBundle(0).getState() == Bundle.ACTIVE) {
            action.run();
            return;
        }
        context.addFrameworkListener(new FrameworkListener() {
            @Override
            public void frameworkEvent(FrameworkEvent event) {
                if (event.getType() == FrameworkEvent.STARTED) {
                    context.removeFrameworkListener(this);
                    action.run();
                }
            }
        });
    }

    /** @return the exit code, whatever the script throws: without one the process would never end */
    static int codeOf(IntSupplier script, PrintStream err) {
        try {
            return script.getAsInt();
        } catch (Throwable e) {
            err.println("tidemark: the script ends, since the shell failed: " + e);
            e.printStackTrace(err);
            return ABNORMAL_END;
        }
    }

    private int run(String text) {
        for (String command : NEEDED) {
            if (!comes(command)) {
                ERR.println("tidemark: the command " + command + " did not come within " + COMMANDS_WITHIN_MS / 1000
                        + " s: a bundle that it needs is missing or has failed; the log in the platform's home says which");
                return 1;
            }
        }
        try (CommandSession session = processor.createSession(InputStream.nullInputStream(), OUT, ERR)) {
            String file = Objects.requireNonNullElse(context.getProperty("tidemark.script.file"), "");
            return new Script(text, file, OUT, ERR, Boolean.parseBoolean(context.getProperty("tidemark.trace"))).run(session);
        }
    }

    private boolean comes(String command) {
        int colon = command.indexOf(':');
        String filter = "(&(" + CommandProcessor.COMMAND_SCOPE + "=" + command.substring(0, colon) + ")("
                + CommandProcessor.COMMAND_FUNCTION + "=" + command.substring(colon + 1) + "))";
        try {
            ServiceTracker<Object, Object> tracker = new ServiceTracker<>(context, context.createFilter(filter), null);
            tracker.open();
            try {
                return tracker.waitForService(COMMANDS_WITHIN_MS) != null;
            } finally {
                tracker.close();
            }
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
