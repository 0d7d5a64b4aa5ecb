package tidemark.machine;

import java.util.List;
import tidemark.api.cpu.Hart;
import tidemark.api.device.Console;
import tidemark.api.device.Power;
import tidemark.api.machine.Firmware;
import tidemark.api.machine.FirmwareContext;
import tidemark.api.machine.FirmwarePart;
import tidemark.api.machine.MachineException;
import tidemark.api.machine.MachineSpec;
import tidemark.api.memory.PhysicalMemory;
import tidemark.api.state.State;
import tidemark.api.state.StateException;

/** The place of the platform's own firmware in a machine, empty if it has none. Keeps its state while its part is away. Changed only while no hart runs. */
final class FirmwareSlot extends Slot<FirmwarePart> implements FirmwareContext {
    static final String NAME = "firmware";

    private final VirtualMachine machine;
    private Firmware firmware;
    /** Where the kernel began, for firmware that comes after that. */
    private GuestLoader.Entry entry;
    /** Of the firmware that is away; null for that after power-on. */
    private State kept;

    FirmwareSlot(VirtualMachine machine) {
        super(FirmwarePart.class, "firmware", part(machine.spec()));
        this.machine = machine;
    }

    /** The name of the part that a machine asks for, empty if it runs M-mode code of its own. */
    static String part(MachineSpec spec) {
        return isFile(spec) ? "" : spec.firmware();
    }

    static boolean isFile(MachineSpec spec) {
        return spec.hasFirmwareFile();
    }

    @Override
    synchronized void enter(FirmwarePart part) throws StateException {
        Firmware made = part.create(this);
        try {
            if (kept != null) {
                made.load(kept);
            } else if (entry != null) {
                made.boot(entry.pc(), entry.deviceTree());
            }
        } catch (StateException | RuntimeException | Error e) {
            made.close();
            throw e;
        }
        firmware = made;
        kept = null;
        machine.hartsChanged();
    }

    @Override
    synchronized void leave() {
        machine.hartThreads().forEach(HartThread::servePosted); // by the firmware that posted it
        kept = firmware.save();
        close();
    }

    synchronized void close() {
        if (firmware != null) {
            firmware.close();
            firmware = null;
        }
    }

    /** On a hart's thread. @return whether there is firmware */
    boolean call(Hart hart) {
        Firmware present = firmware;
        if (present == null) {
            return false;
        }
        present.call(hart);
        return true;
    }

    synchronized void boot(GuestLoader.Entry now) {
        kept = null;
        entry = now;
        if (firmware != null) {
            firmware.boot(entry.pc(), entry.deviceTree());
        }
    }

    /** Whether the machine has a state of firmware. */
    static boolean has(MachineSpec spec) {
        return !part(spec).isEmpty();
    }

    synchronized State save() {
        if (firmware == null && kept == null) {
            throw new MachineException("The firmware of machine " + machine.name() + " has no state: its part is gone and the machine was reset since; deploy it again");
        }
        return firmware == null ? kept : firmware.save();
    }

    synchronized void load(State state) throws StateException {
        if (firmware == null) {
            kept = state;
        } else {
            firmware.load(state);
        }
    }

    // FirmwareContext

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<Hart> harts() {
        return machine.harts();
    }

    @Override
    public PhysicalMemory memory() {
        return machine.memory();
    }

    @Override
    public Console console() {
        return machine.console().guestEnd(inputArrived -> {
            throw new UnsupportedOperationException("Firmware asks for input, it is not told of it");
        });
    }

    @Override
    public Power power() {
        return machine.power();
    }

    @Override
    public void post(int hart, Runnable action) {
        machine.hartThread(hart).post(action);
    }

    @Override
    public void fence(Hart caller, int hart, Fence fence) {
        machine.hartThread(caller.id).fence(machine.hartThread(hart), fence);
    }

    @Override
    public void timerChanged(Hart hart) {
        machine.hartThread(hart.id).timerChanged();
    }
}
