package tidemark.machine;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import tidemark.api.machine.MachineException;
import tidemark.api.memory.Bus;
import tidemark.api.memory.BusFault;
import tidemark.api.memory.PhysicalMemory;

/** Finds the device that answers at a physical address. */
final class DeviceBus implements Bus {
    private final DeviceSlot[] slots;

    /** @throws MachineException if two windows overlap, or one overlaps RAM */
    DeviceBus(List<DeviceSlot> devices, PhysicalMemory memory) {
        slots = devices.stream().sorted(Comparator.comparingLong(DeviceSlot::address)).toArray(DeviceSlot[]::new);
        List<Range> ranges = new ArrayList<>();
        ranges.add(new Range("RAM", memory.base(), memory.base() + memory.size()));
        for (DeviceSlot slot : slots) {
            Range range = new Range("device " + slot.name(), slot.address(), slot.end());
            for (Range other : ranges) {
                if (range.from < other.to && other.from < range.to) {
                    throw new MachineException(range + " overlaps " + other + "; give another address (name=kind@address)");
                }
            }
            ranges.add(range);
        }
    }

    private record Range(String name, long from, long to) {
        @Override
        public String toString() {
            return "%s at 0x%x to 0x%x".formatted(name, from, to - 1);
        }
    }

    @Override
    public long load(long physical, int size) throws BusFault {
        DeviceSlot slot = slot(physical, size);
        try {
            return slot.device().load(physical - slot.address(), size);
        } catch (BusFault e) {
            throw new BusFault(physical);
        } catch (RuntimeException e) {
            throw failed(slot, e);
        }
    }

    @Override
    public void store(long physical, int size, long value) throws BusFault {
        DeviceSlot slot = slot(physical, size);
        try {
            slot.device().store(physical - slot.address(), size, value);
        } catch (BusFault e) {
            throw new BusFault(physical);
        } catch (RuntimeException e) {
            throw failed(slot, e);
        }
    }

    private static MachineException failed(DeviceSlot slot, RuntimeException e) {
        return new MachineException("device " + slot.name() + ", part '" + slot.part() + "', threw " + e, e);
    }

    private DeviceSlot slot(long physical, int size) throws BusFault {
        if ((physical & (size - 1)) == 0) {
            for (DeviceSlot slot : slots) {
                if (physical >= slot.address() && physical <= slot.end() - size) {
                    return slot;
                }
            }
        }
        throw new BusFault(physical);
    }
}
