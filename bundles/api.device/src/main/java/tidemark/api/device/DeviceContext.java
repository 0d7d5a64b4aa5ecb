package tidemark.api.device;

import java.util.Map;
import org.osgi.annotation.versioning.ProviderType;
import tidemark.api.memory.PhysicalMemory;

/** What a machine gives to one of its devices. */
@ProviderType
public interface DeviceContext {
    /** The device's name in its machine, for example {@code uart0}; the name of its state. */
    String name();

    /** Further settings from the machine's specification, without prefix. */
    Map<String, String> options();

    /** Guest RAM, for DMA. */
    PhysicalMemory memory();

    Clock clock();

    /** A new timer of this device. */
    Timer timer(Runnable expired);

    /** The device's own interrupt line, to the machine's interrupt controller. */
    InterruptLine interrupt();

    /** For interrupt controllers: line {@code bit} (of mip, see {@code Hart}) of a hart. */
    InterruptLine hartLine(int hart, long bit);

    /**
     * For interrupt controllers: tells the machine to connect devices' interrupt lines to {@code inputs}. At most one device of a machine may.
     */
    void interruptController(InterruptController inputs);

    int harts();

    Console console();

    Power power();
}
