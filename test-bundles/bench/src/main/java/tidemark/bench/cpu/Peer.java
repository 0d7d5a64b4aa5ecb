package tidemark.bench.cpu;

import java.io.IOException;
import java.time.Duration;
import tidemark.api.shell.CommandError;
import tidemark.bench.TimedProcess;

/**
 * Someone who runs guests as processes: one of those that are compared.
 *
 * @param version what it is, for people
 * @param isEngine an engine of this platform; it counts retired instructions
 * @param warmUp the least CPU time that it is given to become fast
 */
record Peer(String name, String version, boolean isEngine, Duration warmUp, Start start) {
    static final String HOST = "host";
    static final String QEMU_USER = "qemu-user";
    static final String QEMU_SYSTEM = "qemu-system";
    static final String INTERPRETER = "interpreter";
    static final String TRANSLATOR = "translator";

    /** Starts a guest with its command line; its console is the process's output. */
    interface Start {
        TimedProcess guest(String name, String arguments) throws IOException, InterruptedException, CommandError;
    }
}
