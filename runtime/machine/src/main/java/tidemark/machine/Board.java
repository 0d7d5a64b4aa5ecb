package tidemark.machine;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import tidemark.api.device.DevicePart;
import tidemark.api.machine.DeviceSpec;
import tidemark.api.machine.DiskLayer;
import tidemark.api.machine.MachineException;
import tidemark.api.machine.MachineSpec;
import tidemark.api.machine.Nearest;
import tidemark.api.machine.Parts;
import tidemark.api.machine.Parts.Use;
import tidemark.api.memory.Bus;
import tidemark.api.memory.PhysicalMemory;
import tidemark.api.state.StateException;

/** What one machine is made of: the slots of its replaceable parts, and the wires between them. {@link Swap} exchanges what is in the slots. */
final class Board {
    private final VirtualMachine machine;
    private final MachineSpec spec;
    private final Parts parts;
    private final Swap swap;
    private final MemorySlot memory;
    private final FirmwareSlot firmware;
    private final Engines engines;
    private final List<DeviceSlot> devices = new ArrayList<>();
    private final Interrupts interrupts = new Interrupts();
    private final BoardDisks disks;
    private DeviceBus bus;

    /** @param layers what disks begin with; empty for what their specifications name */
    Board(VirtualMachine machine, Parts parts, Optional<List<DiskLayer>> layers) {
        this.machine = machine;
        this.spec = machine.spec();
        this.parts = parts;
        swap = new Swap(machine, parts, this::exchanged);
        memory = new MemorySlot(spec, this::holdersOfRam);
        firmware = new FirmwareSlot(machine);
        engines = new Engines(spec.cpu(), machine.hartThreads());
        disks = new BoardDisks(spec, parts, layers, this::diskGone);
    }

    /** Takes all parts into use, or none. */
    void build() {
        try {
            swap.fillAll(this::fill);
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        } catch (StateException e) {
            close();
            throw new IllegalStateException("A new part has no state to load", e);
        }
    }

    private void fill() throws StateException {
        swap.fill(memory);
        addDevices();
        bus = new DeviceBus(devices, memory.memory());
        refuseSharedSources();
        if (FirmwareSlot.has(spec)) {
            swap.fill(firmware);
        }
        swap.fill(engines);
    }

    /** In the order of the specification. */
    private void addDevices() throws StateException {
        Map<DeviceSpec, Use<DevicePart>> uses = new LinkedHashMap<>();
        try {
            Map<DeviceSpec, DevicePart> known = new LinkedHashMap<>();
            for (DeviceSpec device : spec.devices()) {
                uses.put(device, parts.use(DevicePart.class, "device", device.kind(), () -> {}));
                known.put(device, uses.get(device).part());
            }
            Map<DeviceSpec, Place> places = Place.of(spec.name(), known);
            for (DeviceSpec device : spec.devices()) {
                DeviceSlot slot = new DeviceSlot(machine, device, known.get(device), places.get(device));
                devices.add(slot);
                swap.fill(slot);
            }
        } finally {
            uses.values().forEach(Use::close);
        }
    }

    private void refuseSharedSources() {
        Map<Integer, DeviceSlot> bySource = new LinkedHashMap<>();
        for (DeviceSlot slot : devices) {
            DeviceSlot other = slot.source() == 0 ? null : bySource.put(slot.source(), slot);
            if (other != null) {
                throw new MachineException("Machine " + spec.name() + ": devices " + other.name() + " and " + slot.name() + " both drive interrupt "
                        + slot.source() + "; give one another (name=kind#interrupt)");
            }
        }
    }

    // Slots

    private List<Slot<?>> holdersOfRam() {
        return Stream.<Slot<?>>concat(Stream.of(engines, firmware), devices.stream()).toList();
    }

    /** All that {@code vm:use} can replace. */
    List<Slot<?>> slots() {
        List<Slot<?>> all = new ArrayList<>(List.of(engines, memory));
        if (FirmwareSlot.has(spec)) {
            all.add(firmware);
        }
        for (DeviceSlot device : devices) {
            all.add(device);
            device.ownCable().ifPresent(all::add);
            device.ownDisk().map(disks::slot).ifPresent(all::add);
        }
        return all;
    }

    Slot<?> slot(String name) {
        return slots().stream().filter(slot -> slot.name().equals(name)).findFirst().orElseThrow(() -> new MachineException("Machine " + spec.name()
                + " has no part '" + name + "'; " + Nearest.hint(name, slots().stream().map(Slot::name).toList())));
    }

    Swap swap() {
        return swap;
    }

    private void exchanged() {
        interrupts.driveAll();
    }

    /** What the machine is made of now. */
    MachineSpec spec() {
        Map<String, String> properties = spec.toProperties();
        properties.put("cpu", engines.part());
        properties.put("memory", memory.part());
        if (FirmwareSlot.has(spec)) {
            properties.put("firmware", firmware.part());
        }
        properties.put("devices", String.join("; ", devices.stream().map(device -> device.spec().toString()).toList()));
        return MachineSpec.of(properties);
    }

    // Disks and networks of devices

    LayeredDisk openDisk(DeviceSpec device) {
        return disks.open(device);
    }

    /** Has the disks' files hold all that was written. @throws MachineException if one does not, when all have been seen to */
    void settleDisks() {
        List<String> failures = new ArrayList<>();
        for (LayeredDisk disk : disks()) {
            try {
                disk.settle();
            } catch (IOException | RuntimeException e) {
                failures.add(disk.device() + ": " + e.getMessage());
            }
        }
        if (!failures.isEmpty()) {
            throw new MachineException("Machine " + spec.name() + " stands, but not all that was written is in the files of its disks: "
                    + String.join("; ", failures));
        }
    }

    void closeDisk(LayeredDisk disk) {
        disks.close(disk);
    }

    private void diskGone(DiskSlot slot, String format) {
        swap.gone(slot, format, slot::leave);
    }

    /** @throws IllegalArgumentException if there is no such network, or it refuses the options */
    NetworkCable plugIn(DeviceSpec device, Consumer<byte[]> guest) {
        NetworkCable cable = new NetworkCable(device, guest);
        try {
            swap.fill(cable);
            return cable;
        } catch (StateException e) {
            throw new IllegalStateException("A network has no state to load", e);
        }
    }

    void pullOut(NetworkCable cable) {
        swap.empty(cable);
    }

    // What is on it

    PhysicalMemory memory() {
        return memory.memory();
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

    List<DeviceSlot> devices() {
        return devices;
    }

    FirmwareSlot firmware() {
        return firmware;
    }

    byte[] deviceTree(GuestLoader.Initrd initrd) {
        return BoardTree.blob(spec, devices, initrd);
    }

    /** In the order of the devices. */
    List<LayeredDisk> disks() {
        return devices.stream().flatMap(device -> device.ownDisk().stream()).toList();
    }

    /** In the order of the devices. */
    List<ConsoleBuffer> consoles() {
        return devices.stream().flatMap(device -> device.ownConsole().stream()).toList();
    }

    /** All devices as after power-on. While no hart runs. */
    void reset() {
        devices.forEach(DeviceSlot::reset);
    }

    /** After the hart threads have ended. */
    void close() {
        swap.close();
        engines.leave();
        firmware.close();
        devices.forEach(DeviceSlot::close);
        memory.close();
    }
}
