package tidemark.virtio;

import tidemark.api.state.State;
import tidemark.api.state.StateException;

/**
 * The registers by which drivers of before virtio 1.0 say where queues are (4.2.4): one page number for all areas of a queue. What the
 * driver leaves out is as on QEMU: pages of 1 byte, and areas aligned to 4 KiB. A reset by the driver changes none: Linux sets the page size before.
 */
final class Legacy {
    private static final int ALIGN = 4096;
    private static final int USED_EVENT = 2;

    private int pageSize = 1;
    private int align = ALIGN;

    /** What is no power of 2 is ignored. */
    void pageSize(int value) {
        pageSize = Integer.bitCount(value) == 1 ? value : pageSize;
    }

    /** What is no power of 2 is ignored. */
    void align(int value) {
        align = Integer.bitCount(value) == 1 ? value : align;
    }

    /** Where a queue's areas are, one behind the other. */
    Layout layout(Layout former, long pageNumber) {
        long descriptors = (pageNumber & 0xFFFF_FFFFL) * Integer.toUnsignedLong(pageSize);
        long driver = descriptors + (long) former.size() * Descriptor.SIZE;
        Layout placed = former.withDescriptors(descriptors).withDriver(driver);
        long mask = Integer.toUnsignedLong(align) - 1;
        return placed.withDevice(placed.usedEvent() + USED_EVENT + mask & ~mask);
    }

    long pageNumber(Layout layout) {
        return Long.divideUnsigned(layout.descriptors(), Integer.toUnsignedLong(pageSize));
    }

    void save(State state) {
        state.put("guestPageSize", pageSize).put("queueAlign", align);
    }

    static Legacy read(State state) throws StateException {
        Legacy read = new Legacy();
        read.pageSize(state.getInt("guestPageSize"));
        read.align(state.getInt("queueAlign"));
        return read;
    }
}
