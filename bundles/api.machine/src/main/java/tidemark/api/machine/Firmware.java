package tidemark.api.machine;

import org.osgi.annotation.versioning.ConsumerType;
import tidemark.api.cpu.Hart;
import tidemark.api.state.State;
import tidemark.api.state.StateException;

/** Serves the environment calls of one machine's S-mode. M-mode is never entered in such a machine. */
@ConsumerType
public interface Firmware extends AutoCloseable {
    /**
     * Brings harts that are as after power-on to where the kernel begins. While no hart runs.
     *
     * @param kernel physical address of its first instruction
     * @param deviceTree physical address
     */
    void boot(long kernel, long deviceTree);

    /**
     * An ECALL from S-mode: changes the hart as the call demands, {@code pc} included, which is that of the ECALL. On the hart's thread; several harts at
     * once. Must not block.
     */
    void call(Hart hart);

    /** What it knows beyond the harts' own state, under {@code context.name()}. While no hart runs. */
    State save();

    /** While no hart runs; the firmware is unchanged if that fails. */
    void load(State state) throws StateException;

    @Override
    void close();
}
