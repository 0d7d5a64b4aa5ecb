package tidemark.api.machine;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import org.osgi.annotation.versioning.ProviderType;
import tidemark.api.cpu.Hart;
import tidemark.api.device.Clock;
import tidemark.api.memory.PhysicalMemory;
import tidemark.api.state.State;
import tidemark.api.state.StateException;

/**
 * A virtual machine: harts on threads of their own, RAM, devices. It owns the architectural state; parts own mechanism. Methods may be called from
 * any thread except the machine's own, unless they say otherwise; refused calls throw {@link MachineException} and change nothing.
 */
@ProviderType
public interface Machine {
    String name();

    MachineSpec spec();

    Status status();

    /** Powers on (from {@link Power#OFF}) or goes on (from {@link Power#PAUSED}). */
    void start();

    /** Stops at an instruction boundary and stays there: {@link Power#PAUSED}. Returns when every hart stands. */
    void pause();

    /** Goes on from {@link #pause}. */
    void resume();

    /** Pulls the plug: {@link Power#OFF}. RAM keeps its bytes until the next reset or start. */
    void powerOff();

    /** Back to power-on: RAM cleared and loaded anew, harts and devices reset. Running or paused as before. */
    void reset();

    /** Runs until hart 0 has retired {@code instructions} in total, exactly, then pauses. Only for machines with {@link ClockMode#INSTRUCTIONS}. Returns at once; see {@link #await}. */
    void runTo(long instructions);

    /**
     * Waits until the machine is in {@code power}.
     *
     * @return whether it is; false after the timeout
     */
    boolean await(Power power, Duration timeout) throws InterruptedException;

    /** Retired instructions of all harts since power-on; at most some milliseconds old while running. */
    long instructions();

    /** Of these, the ones that the present engines retired as {@link tidemark.api.cpu.ExecutionEngine#translated translated code}. Any thread. */
    default long translatedInstructions() {
        return 0;
    }

    /** CPU time that the threads of all harts have had; zero where nobody counts it. Any thread. */
    default Duration hartTime() {
        return Duration.ZERO;
    }

    List<Hart> harts();

    PhysicalMemory memory();

    Clock clock();

    /** The console of the first device that has one. */
    ConsoleLog console();

    /** The names of the devices that have a console, in the order of devices. */
    List<String> consoles();

    /** The console of one device, by the device's name. @throws MachineException if it has none, naming those that do */
    ConsoleLog console(String device);

    /** The machine's disks, in the order of its devices. */
    List<DiskInfo> disks();

    /**
     * Freezes the content of all disks at this instant: each goes on in a new, empty layer over the file that it had so far, which nobody writes from now on.
     * In a handshake or hold after {@link #saveState}, or while paused or off. Not durable before {@link FrozenDisks#force}.
     *
     * @throws IOException if a layer cannot be made; every disk goes on as before
     */
    FrozenDisks freezeDisks() throws IOException;

    /**
     * Has disks go on from frozen contents, each in a new, empty layer of its own. While paused, held or off, before {@link #loadState}.
     *
     * @throws IOException if a file is not there or has been written since it was frozen; every disk is as before
     */
    void loadDisks(List<DiskLayer> layers) throws IOException;

    /**
     * Replaces a part while the guest runs, at a handshake: the new one takes over where the former was.
     *
     * @param part {@code cpu}, {@code memory}, {@code firmware}, a device's name, {@code DEVICE.backend} for a network card's network, or {@code DEVICE.image}
     *     for the format of a disk
     * @param name of a deployed part of that kind; the same name again makes a fresh one
     * @return when the guest stood
     * @throws MachineException if there is no such part, or it does not take over: the former part goes on, and so does the guest
     */
    Stop use(String part, String name);

    /** The parts that {@link #use} can replace. */
    List<UsedPart> parts();

    /**
     * A part of a machine.
     *
     * @param part what {@link #use} calls it
     * @param kind as {@link Parts} calls it
     * @param name of the part that is there, or is missed
     * @param since when this one came
     * @param exchanges how many came after the first, by {@link #use} or because they were deployed anew
     * @param pauses for how long the guest stood for each exchange by {@link #use} while it ran, the last thousand of them
     */
    record UsedPart(String part, String kind, String name, Instant since, int exchanges, List<Duration> pauses) {
        public UsedPart {
            pauses = List.copyOf(pauses);
        }
    }

    /** All the time that the guest has stood so far since the machine was made, whatever for: off, paused, frozen, in handshakes. */
    Duration stood();

    /**
     * A handshake: stops all harts at an instruction boundary, runs {@code action} on hart 0's own thread, lets them go on. A
     * machine that is paused or off stays so; its action runs all the same (off: on the calling thread). The action must be short and must not wait for the machine.
     *
     * @return the action's result and when the guest stood
     * @throws Exception what the action threw; the guest goes on
     */
    <T> Handshake<T> handshake(Callable<T> action) throws Exception;

    /**
     * A handshake that is held: returns when every hart stands; the machine runs on when every hold is released and nobody has paused it.
     *
     * @param reason shown in {@link #status} meanwhile
     */
    Hold hold(String reason);

    /** Has every engine forget its cached write addresses. In a handshake or hold, after the dirty log was exchanged or flipped. */
    void flushWrites();

    /** States of all harts, the clock and all devices, in a fixed order. In a handshake or hold, or while paused or off. */
    List<State> saveState();

    /**
     * Takes over what {@link #saveState} gave, here or elsewhere, and has engines forget everything; RAM is the caller's. While paused, held or off.
     *
     * @throws StateException if a part is missing on one side, or refuses its state; the machine must then not be run
     */
    void loadState(List<State> states) throws StateException;

    /**
     * Makes this machine another than those that the same states were loaded into: devices renew what must differ, and tell the
     * guest. After {@link #loadState}, before the machine goes on. A machine that is to repeat the run of another does without.
     */
    void renewIdentity();

    /** What the machine is doing. */
    enum Power {
        /** Not powered on yet, or powered off by the guest or from outside. */
        OFF,
        RUNNING,
        /** By {@link #pause} or at the end of {@link #runTo}. */
        PAUSED,
        /** A part is missing; goes on when it is back. */
        FROZEN
    }

    /**
     * @param reason why it is frozen, held or off, or has paused itself, in words; empty otherwise, and if the user paused it
     * @param exitCode the guest's code at power-off; 0 if it gave none
     */
    record Status(Power power, String reason, int exitCode) {}
}
