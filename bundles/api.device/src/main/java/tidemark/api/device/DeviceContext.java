package tidemark.api.device;

import java.util.Map;
import java.util.function.Consumer;
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

    /**
     * Has {@code action} run on a hart thread at an instruction boundary soon; never while the machine stands, so that what it does to RAM is wholly before
     * or wholly after a checkpoint's instant. Any thread; in the order of asking. Forgotten if the device is reset, loaded or closed first.
     */
    void post(Runnable action);

    /**
     * Does slow work beside the guest: {@code work} on a thread of the machine's, several at once, without touching RAM; then {@code done} as by
     * {@link #post}. With a clock that counts instructions, {@code done} runs at the same instruction in every run. Work whose {@code done} has not run
     * is part of the device's state: after a load it has to be asked for again.
     */
    void background(Runnable work, Runnable done);

    /** The device's own interrupt line, to the machine's interrupt controller. */
    InterruptLine interrupt();

    /** For interrupt controllers: line {@code bit} (of mip, see {@code Hart}) of a hart. */
    InterruptLine hartLine(int hart, long bit);

    /**
     * For interrupt controllers: tells the machine to connect devices' interrupt lines to {@code inputs}. At most one device of a machine may.
     */
    void interruptController(InterruptController inputs);

    int harts();

    /** A serial line of this device's own. The machine's console is that of the first device that has one. */
    Console console();

    /**
     * The disk that option {@code file} names, of the format of option {@code format} or the one that its first bytes tell. The machine owns it: it stays
     * the same object while layers are put on it, and is closed with the machine.
     *
     * @throws IllegalArgumentException if there is no such option, or the file cannot be opened: with what is wrong and the way out
     */
    Disk disk();

    /**
     * Plugs a cable into the network part that option {@code backend} names; {@code user} if there is none. The device closes it.
     *
     * @param received takes frames for the guest; any thread
     * @throws IllegalArgumentException if there is none of that name, or it refuses the options
     */
    Network network(Consumer<byte[]> received);

    Power power();
}
