package tidemark.machine;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import tidemark.api.device.DevicePart;
import tidemark.api.machine.DeviceSpec;
import tidemark.api.machine.MachineException;

/**
 * Where a device is in its machine.
 *
 * @param from physical address of its window
 * @param to the address behind that
 * @param interrupt the source that it drives, 0 for none
 */
record Place(long from, long to, int interrupt) {
    /** The controller's greatest source. */
    private static final int MAX_SOURCE = 95;

    private boolean overlaps(long otherFrom, long otherTo) {
        return from < otherTo && otherFrom < to;
    }

    /**
     * Finds a place for each device. Addresses and sources that the specification gives come first, then those where QEMU's board has them;
     * all others get what is free, from there upwards.
     *
     * @param parts in the order of the specification
     * @throws MachineException if there are more devices than sources
     */
    static Map<DeviceSpec, Place> of(String machine, Map<DeviceSpec, DevicePart> parts) {
        Map<DeviceSpec, Place> windows = windows(parts);
        TreeSet<Integer> sources = new TreeSet<>();
        windows.forEach((device, place) -> {
            if (isFixed(device, parts.get(device), place)) {
                sources.add(source(device, parts.get(device), place));
            }
        });
        Map<DeviceSpec, Place> places = new LinkedHashMap<>();
        windows.forEach((device, place) -> {
            int source = source(device, parts.get(device), place);
            if (source != 0 && !isFixed(device, parts.get(device), place)) {
                source = firstFree(source, sources, machine, device);
                sources.add(source);
            }
            places.put(device, new Place(place.from, place.to, source));
        });
        return places;
    }

    private static Map<DeviceSpec, Place> windows(Map<DeviceSpec, DevicePart> parts) {
        Map<DeviceSpec, Place> windows = new LinkedHashMap<>();
        List<Place> taken = new ArrayList<>();
        parts.forEach((device, part) -> {
            if (device.address() >= 0) {
                taken.add(new Place(device.address(), device.address() + part.windowSize(), 0));
            }
        });
        parts.forEach((device, part) -> {
            long from = device.address() >= 0 ? device.address() : firstFree(part.defaultAddress(), part.windowSize(), taken);
            Place place = new Place(from, from + part.windowSize(), 0);
            taken.add(place);
            windows.put(device, place);
        });
        return windows;
    }

    private static long firstFree(long address, long size, List<Place> taken) {
        long from = address;
        while (overlapsAny(from, from + size, taken)) {
            from += size;
        }
        return from;
    }

    private static boolean overlapsAny(long from, long to, List<Place> taken) {
        return taken.stream().anyMatch(place -> place.overlaps(from, to));
    }

    private static boolean isFixed(DeviceSpec device, DevicePart part, Place place) {
        return device.interrupt() >= 0 || device.address() >= 0 || place.from == part.defaultAddress();
    }

    /** The one it is to have, unless another device has it. */
    private static int source(DeviceSpec device, DevicePart part, Place place) {
        if (device.interrupt() >= 0 || part.defaultInterrupt() == 0) {
            return Math.max(0, device.interrupt());
        }
        int windows = device.address() >= 0 ? 0 : (int) ((place.from - part.defaultAddress()) / part.windowSize());
        return part.defaultInterrupt() + windows;
    }

    private static int firstFree(int source, TreeSet<Integer> taken, String machine, DeviceSpec device) {
        for (int free = source; free <= MAX_SOURCE; free++) {
            if (!taken.contains(free)) {
                return free;
            }
        }
        for (int free = 1; free < source; free++) {
            if (!taken.contains(free)) {
                return free;
            }
        }
        throw new MachineException("Machine " + machine + ": no interrupt is left for device " + device.name() + "; a machine has "
                + MAX_SOURCE + ". Leave out a disk or another device");
    }
}
