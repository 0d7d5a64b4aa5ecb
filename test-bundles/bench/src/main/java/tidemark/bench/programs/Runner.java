package tidemark.bench.programs;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import tidemark.api.machine.MachineSpec;
import tidemark.api.shell.CommandError;
import tidemark.bench.TimedProcess;

/**
 * Someone who runs guests, each in a process of its own whose input and output are the guest's console.
 *
 * @param version what it is, for people
 */
record Runner(String name, String version, Start start) {
    static final String QEMU_SYSTEM = "qemu-system";

    /** Starts a machine. */
    interface Start {
        /** @param disk a raw image for the guest's first disk */
        TimedProcess run(MachineSpec spec, Optional<Path> disk) throws IOException, CommandError;
    }

    boolean isQemu() {
        return name.equals(QEMU_SYSTEM);
    }
}
