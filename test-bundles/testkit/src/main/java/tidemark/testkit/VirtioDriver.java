package tidemark.testkit;

import java.util.ArrayList;
import java.util.List;
import tidemark.api.device.Device;
import tidemark.api.memory.BusFault;

/** A guest's driver of one virtio-mmio device (virtio 1.2, 4.2), with its queues and buffers in a test's RAM. */
public final class VirtioDriver {
    public static final int MAGIC_VALUE = 0x000;
    public static final int VERSION = 0x004;
    public static final int DEVICE_ID = 0x008;
    public static final int VENDOR_ID = 0x00C;
    public static final int DEVICE_FEATURES = 0x010;
    public static final int DEVICE_FEATURES_SEL = 0x014;
    public static final int DRIVER_FEATURES = 0x020;
    public static final int DRIVER_FEATURES_SEL = 0x024;
    public static final int QUEUE_SEL = 0x030;
    public static final int QUEUE_NUM_MAX = 0x034;
    public static final int QUEUE_NUM = 0x038;
    public static final int QUEUE_READY = 0x044;
    public static final int QUEUE_NOTIFY = 0x050;
    public static final int INTERRUPT_STATUS = 0x060;
    public static final int INTERRUPT_ACK = 0x064;
    public static final int STATUS = 0x070;
    public static final int QUEUE_DESC = 0x080;
    public static final int QUEUE_DRIVER = 0x090;
    public static final int QUEUE_DEVICE = 0x0A0;
    public static final int CONFIG_GENERATION = 0x0FC;
    public static final int CONFIG = 0x100;

    public static final int ACKNOWLEDGE = 1;
    public static final int DRIVER = 2;
    public static final int DRIVER_OK = 4;
    public static final int FEATURES_OK = 8;
    public static final int DEVICE_NEEDS_RESET = 64;
    public static final int FAILED = 128;

    public static final long INDIRECT_DESC = 1L << 28;
    public static final long EVENT_IDX = 1L << 29;
    public static final long VERSION_1 = 1L << 32;

    private final Device device;
    private final TestMemory ram;
    private final List<DriverQueue> queues = new ArrayList<>();
    private long free;
    private long features;

    /** @param ram all of it is the driver's */
    public VirtioDriver(Device device, TestMemory ram) {
        this.device = device;
        this.ram = ram;
        free = ram.base();
    }

    /** This driver's view of another device, as after a restore: the queues are where they are. */
    public VirtioDriver at(Device other, TestMemory copy) {
        VirtioDriver driver = new VirtioDriver(other, copy);
        driver.free = free;
        driver.features = features;
        for (DriverQueue queue : queues) {
            driver.queues.add(queue.in(copy));
        }
        return driver;
    }

    public long load(int register) {
        try {
            return device.load(register, Integer.BYTES);
        } catch (BusFault e) {
            throw new AssertionError(e);
        }
    }

    public VirtioDriver store(int register, long value) {
        try {
            device.store(register, Integer.BYTES, value);
            return this;
        } catch (BusFault e) {
            throw new AssertionError(e);
        }
    }

    public long offered() {
        return store(DEVICE_FEATURES_SEL, 0).load(DEVICE_FEATURES) | store(DEVICE_FEATURES_SEL, 1).load(DEVICE_FEATURES) << 32;
    }

    public VirtioDriver accept(long bits) {
        features = bits;
        return store(DRIVER_FEATURES_SEL, 0).store(DRIVER_FEATURES, bits).store(DRIVER_FEATURES_SEL, 1).store(DRIVER_FEATURES, bits >>> 32);
    }

    /** Up to and with FEATURES_OK. */
    public VirtioDriver negotiate(long bits) {
        return store(STATUS, ACKNOWLEDGE).store(STATUS, ACKNOWLEDGE | DRIVER).accept(bits).store(STATUS, ACKNOWLEDGE | DRIVER | FEATURES_OK);
    }

    /** The whole initialization (virtio 1.2, 3.1.1) with queues of these sizes. */
    public VirtioDriver start(long bits, int... sizes) {
        negotiate(bits);
        for (int i = 0; i < sizes.length; i++) {
            setUp(i, sizes[i]);
        }
        return store(STATUS, load(STATUS) | DRIVER_OK);
    }

    /** Lays out a queue of a device that was not given one, and makes it ready. */
    public DriverQueue setUp(int index, int size) {
        DriverQueue queue = layOut(size);
        queues.add(index, queue);
        place(index, size, queue.descriptors(), queue.driver(), queue.device()).store(QUEUE_READY, 1);
        return queue;
    }

    /** A queue of which the device is not told. */
    public DriverQueue layOut(int size) {
        long address = allocate(DriverQueue.bytes(size));
        ram.put(address, new byte[DriverQueue.bytes(size)]);
        return new DriverQueue(ram, address, size);
    }

    public VirtioDriver place(int index, int size, long descriptors, long driver, long used) {
        return store(QUEUE_SEL, index).store(QUEUE_NUM, size).address(QUEUE_DESC, descriptors).address(QUEUE_DRIVER, driver).address(QUEUE_DEVICE, used);
    }

    private VirtioDriver address(int register, long value) {
        return store(register, value).store(register + 4, value >>> 32);
    }

    /** RAM that nothing else uses, aligned to 16. */
    public long allocate(long bytes) {
        long address = free;
        free += bytes + 15 & -16L;
        if (free > ram.base() + ram.size()) {
            throw new IllegalStateException("This test needs more RAM than " + ram.size() + " bytes");
        }
        return address;
    }

    public DriverQueue queue(int index) {
        return queues.get(index);
    }

    /** Makes a chain of the pieces available and notifies if the device wants that. @return its head */
    public int send(int index, DriverQueue.Piece... pieces) {
        DriverQueue queue = queue(index);
        int head = queue.chain(pieces);
        queue.offer(head);
        if (queue.notificationDue((features & EVENT_IDX) != 0, 1)) {
            kick(index);
        }
        return head;
    }

    public VirtioDriver kick(int index) {
        return store(QUEUE_NOTIFY, index);
    }

    /** The status bits that the device shows. */
    public int status() {
        return (int) load(STATUS);
    }

    /** Reads and acknowledges what caused the interrupt. */
    public int interrupt() {
        int status = (int) load(INTERRUPT_STATUS);
        store(INTERRUPT_ACK, status);
        return status;
    }

    public TestMemory ram() {
        return ram;
    }
}
