package tidemark.bench.tracking;

import java.lang.management.ManagementFactory;
import tidemark.api.cpu.Hart;
import tidemark.api.machine.Machine;

/**
 * What a guest did in a while.
 *
 * @param instructions that it retired
 * @param nanos of CPU time that its hart's thread took for them
 */
record Window(long instructions, long nanos) {
    /** Instructions for each microsecond of CPU time. */
    double mips() {
        return instructions * 1e3 / nanos;
    }

    Window since(Window begin) {
        return new Window(instructions - begin.instructions, nanos - begin.nanos);
    }

    /** From power-on to now, exactly: read on the hart's own thread between two instructions. */
    static Window now(Machine machine) throws Exception {
        return machine.handshake(() -> new Window(machine.harts().stream().mapToLong((Hart hart) -> hart.instret).sum(),
                ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime())).result();
    }
}
