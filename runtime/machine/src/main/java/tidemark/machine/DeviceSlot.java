package tidemark.machine;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import tidemark.api.device.Clock;
import tidemark.api.device.Console;
import tidemark.api.device.Device;
import tidemark.api.device.DeviceContext;
import tidemark.api.device.DeviceNode;
import tidemark.api.device.DevicePart;
import tidemark.api.device.Disk;
import tidemark.api.device.Identity;
import tidemark.api.device.InterruptController;
import tidemark.api.device.InterruptLine;
import tidemark.api.device.Network;
import tidemark.api.device.Power;
import tidemark.api.device.Timer;
import tidemark.api.machine.DeviceSpec;
import tidemark.api.machine.Machine;
import tidemark.api.machine.MachineException;
import tidemark.api.memory.PhysicalMemory;
import tidemark.api.state.State;
import tidemark.api.state.StateException;

/**
 * The place of one device in a machine. Keeps its address, its wires and, while its part is away, its state. The device is exchanged only while no hart
 * runs; bus accesses are ordered after that by the gate.
 */
final class DeviceSlot extends Slot<DevicePart> implements DeviceContext {
    private final VirtualMachine machine;
    private final DeviceSpec spec;
    private final Place place;
    private final List<Timer> timers = new ArrayList<>();
    private final DeviceNode node;
    /** Actions that it posted before it was last reset, loaded or exchanged are not run. */
    private volatile int era;
    private volatile Runnable inputArrived = () -> {};
    /** Stays when the device is exchanged. */
    private ConsoleBuffer console;
    /** Stays when the device is exchanged. */
    private LayeredDisk disk;
    /** Stays when the device is exchanged. */
    private NetworkCable cable;
    private volatile Consumer<byte[]> receiver = frame -> {};
    /** While a device is taken out, its lines keep the levels that they have: the guest must not see it go. */
    private volatile boolean wired;
    private Device device;
    /** Of the device that is away; null for that after power-on. */
    private State kept;
    /** A state came since the last reset. It counts also while the machine is off: a restored machine is switched on later. */
    private boolean loaded;

    DeviceSlot(VirtualMachine machine, DeviceSpec spec, DevicePart part, Place place) {
        super(DevicePart.class, "device", spec.kind());
        this.machine = machine;
        this.spec = spec;
        this.node = part.node();
        this.place = place;
    }

    long address() {
        return place.from();
    }

    long end() {
        return place.to();
    }

    /** What the device tree says of it. */
    DeviceNode node() {
        return node;
    }

    /** The interrupt source that it drives, 0 for none. */
    int source() {
        return place.interrupt();
    }

    /** Its serial line, if it has asked for one. */
    Optional<ConsoleBuffer> ownConsole() {
        return Optional.ofNullable(console);
    }

    /** For the bus, on hart threads. */
    Device device() {
        return device;
    }

    @Override
    synchronized void enter(DevicePart part) throws StateException {
        if (part.windowSize() != end() - address()) {
            throw new MachineException("it has a window of " + part.windowSize() + " bytes, device " + name() + " one of "
                    + (end() - address()));
        }
        wired = kept == null;
        era++;
        Belongings former = new Belongings(console, disk, cable);
        try {
            device = part.create(this);
            wired = true;
            if (kept != null) {
                device.load(kept);
            }
        } catch (StateException | RuntimeException | Error e) {
            unplug();
            giveBackAllBut(former);
            throw e;
        }
        kept = null;
    }

    /** What devices have asked for so far; null for what none has. */
    private record Belongings(ConsoleBuffer console, LayeredDisk disk, NetworkCable cable) {}

    private void giveBackAllBut(Belongings former) {
        if (cable != former.cable) {
            machine.board().pullOut(cable);
        }
        if (disk != former.disk) {
            machine.board().closeDisk(disk);
        }
        console = former.console;
        disk = former.disk;
        cable = former.cable;
    }

    @Override
    synchronized void leave() {
        kept = loaded || machine.status().power() != Machine.Power.OFF ? device.save() : null;
        unplug();
    }

    /** With the machine. */
    synchronized void close() {
        unplug();
        if (disk != null) {
            machine.board().closeDisk(disk);
        }
        if (cable != null) {
            cable.leave();
        }
    }

    private void unplug() {
        wired = false;
        era++;
        if (device != null) {
            device.close();
            device = null;
        }
        machine.board().interrupts().disconnect(name());
        inputArrived = () -> {};
        receiver = frame -> {};
        timers.forEach(machine.timers()::remove);
        timers.clear();
    }

    synchronized void reset() {
        kept = null;
        loaded = false;
        era++;
        if (device != null) {
            device.reset();
        } else {
            machine.board().interrupts().line(source()).set(false);
        }
    }

    synchronized State save() {
        return device == null && kept != null ? kept : present().save();
    }

    synchronized void load(State state) throws StateException {
        era++;
        loaded = true;
        if (device == null) {
            kept = state;
        } else {
            device.load(state);
        }
    }

    synchronized void renewIdentity() {
        if (device instanceof Identity identity) {
            identity.renew();
        }
    }

    private Device present() {
        if (device == null) {
            throw new MachineException("Device " + name() + " of machine " + machine.name() + " has no state: its part '" + part()
                    + "' is gone and the machine was reset since; deploy it again");
        }
        return device;
    }

    /** If it has asked for one. */
    Optional<LayeredDisk> ownDisk() {
        return Optional.ofNullable(disk);
    }

    /** If it has asked for one. */
    Optional<NetworkCable> ownCable() {
        return Optional.ofNullable(cable);
    }

    /** As it is now. */
    DeviceSpec spec() {
        Map<String, String> options = new TreeMap<>(spec.options());
        ownCable().ifPresent(plugged -> options.put(DeviceSpec.BACKEND, plugged.part()));
        return new DeviceSpec(spec.name(), part(), spec.address(), spec.interrupt(), options);
    }

    // DeviceContext

    @Override
    public String name() {
        return spec.name();
    }

    @Override
    public Map<String, String> options() {
        return spec.options();
    }

    @Override
    public PhysicalMemory memory() {
        return machine.memory();
    }

    @Override
    public Clock clock() {
        return machine.clock();
    }

    @Override
    public Timer timer(Runnable expired) {
        Timer timer = machine.timers().timer(expired);
        timers.add(timer);
        return timer;
    }

    @Override
    public void post(Runnable action) {
        int asked = era;
        machine.deviceWork().post(() -> {
            if (era == asked) {
                action.run();
            }
        });
    }

    @Override
    public void background(Runnable work, Runnable done) {
        int asked = era;
        machine.deviceWork().background(() -> {
            if (era == asked) {
                work.run();
            }
        }, () -> {
            if (era == asked) {
                done.run();
            }
        });
    }

    @Override
    public InterruptLine interrupt() {
        return wired(machine.board().interrupts().line(source()));
    }

    @Override
    public InterruptLine hartLine(int hart, long bit) {
        return wired(machine.hartThread(hart).line(bit));
    }

    private InterruptLine wired(InterruptLine line) {
        return level -> {
            if (wired) {
                line.set(level);
            }
        };
    }

    @Override
    public void interruptController(InterruptController inputs) {
        machine.board().interrupts().connect(name(), inputs);
    }

    @Override
    public int harts() {
        return machine.spec().harts();
    }

    @Override
    public Console console() {
        if (console == null) {
            console = new ConsoleBuffer(machine.name() + "-" + name(), () -> inputArrived.run());
        }
        return console.guestEnd(action -> inputArrived = action);
    }

    @Override
    public Disk disk() {
        if (disk == null) {
            disk = machine.board().openDisk(spec);
        }
        return disk;
    }

    @Override
    public Network network(Consumer<byte[]> received) {
        receiver = received;
        if (cable == null) {
            cable = machine.board().plugIn(spec, frame -> receiver.accept(frame));
        }
        return cable.cardEnd();
    }

    @Override
    public Power power() {
        return machine.power();
    }
}
