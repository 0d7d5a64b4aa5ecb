package tidemark.virtio;

import tidemark.api.memory.PhysicalMemory;

/**
 * Where a driver has put a split virtqueue (2.7): physical addresses of its three areas.
 *
 * @param size number of descriptors
 * @param driver the available ring
 * @param device the used ring
 */
record Layout(int size, long descriptors, long driver, long device) {
    static final Layout NONE = new Layout(0, 0, 0, 0);
    static final int FLAGS = 0;
    static final int IDX = 2;
    private static final int RING = 4;
    private static final int AVAILABLE_ELEMENT = 2;
    private static final int USED_ELEMENT = 8;

    Layout withSize(int value) {
        return new Layout(value, descriptors, driver, device);
    }

    Layout withDescriptors(long address) {
        return new Layout(size, address, driver, device);
    }

    Layout withDriver(long address) {
        return new Layout(size, descriptors, address, device);
    }

    Layout withDevice(long address) {
        return new Layout(size, descriptors, driver, address);
    }

    /** The address of an entry of the available ring. */
    long available(int index) {
        return driver + RING + (long) (index & size - 1) * AVAILABLE_ELEMENT;
    }

    /** The address of an entry of the used ring. */
    long used(int index) {
        return device + RING + (long) (index & size - 1) * USED_ELEMENT;
    }

    long usedEvent() {
        return driver + RING + (long) size * AVAILABLE_ELEMENT;
    }

    long availEvent() {
        return device + RING + (long) size * USED_ELEMENT;
    }

    /** @throws MalformedQueue if no queue can be there */
    void check(int maxSize, PhysicalMemory memory) throws MalformedQueue {
        if (size < 1 || size > maxSize || Integer.bitCount(size) != 1) {
            throw new MalformedQueue("A queue of " + size + " descriptors; powers of 2 up to " + maxSize + " are allowed");
        }
        checkArea("descriptor", descriptors, Descriptor.SIZE, (long) size * Descriptor.SIZE, memory);
        checkArea("driver", driver, 2, usedEvent() + 2 - driver, memory);
        checkArea("device", device, 4, availEvent() + 2 - device, memory);
    }

    private static void checkArea(String name, long address, int alignment, long length, PhysicalMemory memory) throws MalformedQueue {
        if (address % alignment != 0) {
            throw new MalformedQueue("A %s area at 0x%x, which is no multiple of %d".formatted(name, address, alignment));
        }
        if (!memory.contains(address, length)) {
            throw new MalformedQueue("A %s area of 0x%x bytes at 0x%x, which is not in RAM".formatted(name, length, address));
        }
    }
}
