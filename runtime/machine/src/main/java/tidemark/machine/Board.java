package tidemark.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.api.cpu.CpuPart;
import tidemark.api.device.DevicePart;
import tidemark.api.device.NetworkPart;
import tidemark.api.machine.DeviceSpec;
import tidemark.api.machine.DiskLayer;
import tidemark.api.machine.FirmwarePart;
import tidemark.api.machine.MachineException;
import tidemark.api.machine.MachineSpec;
import tidemark.api.machine.Parts;
import tidemark.api.machine.Parts.Use;
import tidemark.api.memory.Bus;
import tidemark.api.memory.MemoryPart;
import tidemark.api.memory.PhysicalMemory;
import tidemark.api.state.StateException;

/**
 * The replaceable parts of one machine: CPU engines, RAM, firmware, devices. The only place that knows of parts that go and come back: the machine is frozen meanwhile,
 * a device's state is kept. Parts are exchanged under this object's lock, which hart threads never take, while the gate keeps the harts.
 */
final class Board {
    private static final Logger LOG = LoggerFactory.getLogger(Board.class);

    private final VirtualMachine machine;
    private final MachineSpec spec;
    private final Parts parts;
    private final Engines engines = new Engines();
    private final Interrupts interrupts = new Interrupts();
    private final FirmwareSlot firmware;
    private final List<DeviceSlot> slots = new ArrayList<>();
    /** What is missing now, with the way to take it into use again. */
    private final Map<Object, Return> missing = new LinkedHashMap<>();
    private final List<AutoCloseable> uses = new ArrayList<>();
    private final BoardDisks disks;
    private PhysicalMemory memory;
    private DeviceBus bus;
    private boolean closed;

    /** @param layers what disks begin with, those that are not named with their files */
    Board(VirtualMachine machine, Parts parts, List<DiskLayer> layers) {
        this.machine = machine;
        this.spec = machine.spec();
        this.parts = parts;
        this.firmware = new FirmwareSlot(machine);
        this.disks = new BoardDisks(spec, parts, layers, this::diskGone);
    }

    /** Takes a part into use again; throws {@link MachineException} while it is not there. */
    private interface Return {
        void come() throws StateException;
    }

    /** Takes all parts into use, or none. */
    synchronized void build() {
        try {
            memory = memory(use(MemoryPart.class, "memory", spec.memory(), () -> {}));
            addDevices();
            bus = new DeviceBus(slots, memory);
            refuseSharedSources();
            useFirmware();
            useCpu();
            uses.add(parts.onChange(this::partsChanged));
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        } catch (StateException e) {
            close();
            throw new IllegalStateException("A new device has no state to load", e);
        }
    }

    /**
     * RAM stays when its part goes: the object is whole without its bundle, holds no thread and no file, and nothing else could
     * take over its addresses. So the machine need not stand for it.
     */
    private PhysicalMemory memory(MemoryPart part) {
        try {
            return part.create(MachineSpec.RAM_BASE, spec.ramBytes());
        } catch (IllegalArgumentException | OutOfMemoryError e) {
            throw new MachineException("Machine " + spec.name() + ": memory '" + spec.memory() + "' has no " + spec.ramMiB() + " MiB of RAM: " + e.getMessage(), e);
        }
    }

    private void useCpu() {
        CpuPart part = use(CpuPart.class, "cpu", spec.cpu(), this::cpuGone);
        engines.create(part, machine.hartThreads());
    }

    private void useFirmware() throws StateException {
        String name = FirmwareSlot.part(spec);
        if (!name.isEmpty()) {
            firmware.insert(use(FirmwarePart.class, "firmware", name, () -> firmwareGone(name)));
        }
    }

    /** In the order of the specification; those whose address is given keep the others away from it. */
    private void addDevices() throws StateException {
        Map<DeviceSpec, DevicePart> devices = new LinkedHashMap<>();
        Map<DeviceSpec, DeviceSlot[]> places = new LinkedHashMap<>();
        for (DeviceSpec device : spec.devices()) {
            DeviceSlot[] slot = new DeviceSlot[1];
            places.put(device, slot);
            devices.put(device, use(DevicePart.class, "device", device.kind(), () -> deviceGone(slot[0])));
        }
        List<DeviceSlot.Window> taken = new ArrayList<>();
        devices.forEach((device, part) -> {
            if (device.address() >= 0) {
                taken.add(new DeviceSlot.Window(device.address(), device.address() + part.windowSize()));
            }
        });
        for (DeviceSpec device : spec.devices()) {
            DevicePart part = devices.get(device);
            DeviceSlot slot = new DeviceSlot(machine, device, part, taken);
            places.get(device)[0] = slot;
            taken.add(slot.window());
            slots.add(slot);
            slot.insert(part);
        }
    }

    private <T> T use(Class<T> type, String kind, String name, Runnable gone) {
        Use<T> use = parts.use(type, kind, name, gone);
        uses.add(use);
        return use.part();
    }

    private void refuseSharedSources() {
        Map<Integer, DeviceSlot> bySource = new LinkedHashMap<>();
        for (DeviceSlot slot : slots) {
            DeviceSlot other = slot.source() == 0 ? null : bySource.put(slot.source(), slot);
            if (other != null) {
                throw new MachineException("Machine " + spec.name() + ": devices " + other.name() + " and " + slot.name() + " both drive interrupt "
                        + slot.source() + "; give one another (name=kind#interrupt)");
            }
        }
    }

    // Parts that go and come back

    private synchronized void cpuGone() {
        if (!closed && engines.present()) {
            freeze(engines, "cpu", spec.cpu(), this::useCpu);
            engines.drop();
        }
    }

    private synchronized void deviceGone(DeviceSlot slot) {
        if (!closed && slot != null) {
            freeze(slot, "device", slot.kind(), () -> {
                slot.insert(use(DevicePart.class, "device", slot.kind(), () -> deviceGone(slot)));
                interrupts.driveAll();
            });
            slot.remove();
        }
    }

    private synchronized void firmwareGone(String name) {
        if (!closed) {
            freeze(firmware, "firmware", name, this::useFirmware);
            firmware.remove();
        }
    }

    private synchronized void diskGone(LayeredDisk disk, String format) {
        if (!closed) {
            freeze(disk, "disk", format, () -> unchecked(disk::comeBack));
            unchecked(disk::leave);
        }
    }

    private interface DiskAction {
        void run() throws IOException;
    }

    private static void unchecked(DiskAction action) {
        try {
            action.run();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    LayeredDisk openDisk(DeviceSpec device) {
        return disks.open(device);
    }

    void closeDisk(LayeredDisk disk) {
        disks.close(disk);
    }

    /** @throws IllegalArgumentException if there is no such network, or it refuses the options */
    void plugIn(NetworkCable cable, DeviceSpec device) {
        String backend = device.options().getOrDefault("backend", "user");
        Map<String, String> options = new TreeMap<>(device.options());
        options.keySet().removeAll(List.of("backend", "mac"));
        NetworkPart part = use(NetworkPart.class, "network", backend, () -> networkGone(cable, device, backend));
        cable.plugIn(guest -> part.connect(options, guest));
    }

    private synchronized void networkGone(NetworkCable cable, DeviceSpec device, String backend) {
        if (!closed) {
            freeze(cable, "network", backend, () -> plugIn(cable, device));
            cable.unplug();
        }
    }

    private void freeze(Object key, String kind, String name, Return way) {
        machine.gate().freeze(key, kind + " part '" + name + "' is gone; deploy it again");
        missing.put(key, way);
        LOG.warn("Machine {} is frozen: {} part '{}' is gone", spec.name(), kind, name);
    }

    private synchronized void partsChanged() {
        if (!closed) {
            List.copyOf(missing.keySet()).forEach(this::tryAgain);
        }
    }

    private void tryAgain(Object key) {
        try {
            missing.get(key).come();
            missing.remove(key);
            machine.gate().thaw(key);
            LOG.info("Machine {}: a part is back, {}", spec.name(), missing.isEmpty() ? "all are there" : missing.size() + " are missing still");
        } catch (MachineException e) {
            LOG.debug("Machine {} stays frozen: {}", spec.name(), e.getMessage());
        } catch (StateException | RuntimeException e) {
            machine.gate().freeze(key, "the part that came back does not take over: " + e);
            LOG.error("Machine {} stays frozen: the part that came back does not take over", spec.name(), e);
        }
    }

    // What is on it

    PhysicalMemory memory() {
        return memory;
    }

    Bus bus() {
        return bus;
    }

    Engines engines() {
        return engines;
    }

    Interrupts interrupts() {
        return interrupts;
    }

    List<DeviceSlot> slots() {
        return slots;
    }

    FirmwareSlot firmware() {
        return firmware;
    }

    byte[] deviceTree(GuestLoader.Initrd initrd) {
        return BoardTree.blob(spec, slots, initrd);
    }

    /** In the order of the devices. */
    List<LayeredDisk> disks() {
        return slots.stream().flatMap(slot -> slot.ownDisk().stream()).toList();
    }

    /** In the order of the devices. */
    List<ConsoleBuffer> consoles() {
        return slots.stream().flatMap(slot -> slot.ownConsole().stream()).toList();
    }

    /** All devices as after power-on. While no hart runs. */
    void reset() {
        slots.forEach(DeviceSlot::reset);
    }

    /** After the hart threads have ended. */
    synchronized void close() {
        closed = true;
        uses.forEach(Board::closeQuietly);
        engines.drop();
        firmware.close();
        slots.forEach(DeviceSlot::dispose);
        if (memory != null) {
            memory.close();
        }
    }

    private static void closeQuietly(AutoCloseable use) {
        try {
            use.close();
        } catch (Exception e) {
            LOG.warn("A part in use was not given back cleanly", e);
        }
    }
}
