package tidemark.api.machine;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;
import tidemark.api.cpu.Hart;
import tidemark.api.device.Console;
import tidemark.api.device.Power;
import tidemark.api.memory.PhysicalMemory;

/** What a machine gives to its firmware. */
@ProviderType
public interface FirmwareContext {
    /** The name of the firmware's state. */
    String name();

    List<Hart> harts();

    PhysicalMemory memory();

    /** The machine's first serial line. */
    Console console();

    Power power();

    /** Has {@code action} run on another hart's thread, or for a hart that stands, before that hart's next instruction, and wakes it. Any hart thread. */
    void post(int hart, Runnable action);

    /**
     * Has a hart forget what {@code fence} says before its next instruction. The calling hart executes nothing before that is so: it comes to a boundary after
     * the present instruction and stays there, where handshakes find it.
     */
    void fence(Hart caller, int hart, Fence fence);

    /** What is forgotten. */
    enum Fence {
        /** Address translations: SFENCE.VMA of all addresses. */
        TRANSLATIONS,
        /** Decoded code and translations: FENCE.I. */
        EVERYTHING
    }

    /** To be called on a hart's thread after its stimecmp or menvcfg was changed. */
    void timerChanged(Hart hart);
}
