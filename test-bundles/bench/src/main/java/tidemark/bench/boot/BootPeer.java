package tidemark.bench.boot;

import java.io.IOException;
import tidemark.api.shell.CommandError;
import tidemark.bench.TimedProcess;

/**
 * Who can boot a guest.
 *
 * @param version of it, for people
 * @param starting starts a process whose output is the guest's console
 */
record BootPeer(String name, String version, Starting starting) {
    static final String QEMU = "qemu";

    /** Starts a process. */
    interface Starting {
        TimedProcess start() throws IOException, CommandError;
    }
}
