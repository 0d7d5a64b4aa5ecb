package tidemark.virtio;

/** Offsets of the registers (4.2.2), and what is in them. */
final class Register {
    static final int MAGIC_VALUE = 0x000;
    static final int VERSION = 0x004;
    static final int DEVICE_ID = 0x008;
    static final int VENDOR_ID = 0x00C;
    static final int DEVICE_FEATURES = 0x010;
    static final int DEVICE_FEATURES_SEL = 0x014;
    static final int DRIVER_FEATURES = 0x020;
    static final int DRIVER_FEATURES_SEL = 0x024;
    static final int QUEUE_SEL = 0x030;
    static final int QUEUE_NUM_MAX = 0x034;
    static final int QUEUE_NUM = 0x038;
    /** Only of a legacy device (4.2.4), as the next two. */
    static final int GUEST_PAGE_SIZE = 0x028;
    static final int QUEUE_ALIGN = 0x03C;
    static final int QUEUE_PFN = 0x040;
    static final int QUEUE_READY = 0x044;
    static final int QUEUE_NOTIFY = 0x050;
    static final int INTERRUPT_STATUS = 0x060;
    static final int INTERRUPT_ACK = 0x064;
    static final int STATUS = 0x070;
    static final int QUEUE_DESC_LOW = 0x080;
    static final int QUEUE_DESC_HIGH = 0x084;
    static final int QUEUE_DRIVER_LOW = 0x090;
    static final int QUEUE_DRIVER_HIGH = 0x094;
    static final int QUEUE_DEVICE_LOW = 0x0A0;
    static final int QUEUE_DEVICE_HIGH = 0x0A4;
    static final int SHM_SEL = 0x0AC;
    static final int SHM_LEN_LOW = 0x0B0;
    static final int SHM_LEN_HIGH = 0x0B4;
    static final int SHM_BASE_LOW = 0x0B8;
    static final int SHM_BASE_HIGH = 0x0BC;
    static final int CONFIG_GENERATION = 0x0FC;
    static final int CONFIG = 0x100;

    /** "virt". */
    static final int MAGIC = 0x7472_6976;
    static final int VIRTIO_MMIO_1 = 1;
    static final int VIRTIO_MMIO_2 = 2;
    /** "QEMU": drivers check for it. */
    static final int VENDOR = 0x554D_4551;
    /** Length and base of a shared memory region that does not exist. */
    static final long NO_SHARED_MEMORY = 0xFFFF_FFFFL;

    // InterruptStatus
    static final int USED_BUFFER = 1;
    static final int CONFIG_CHANGE = 2;

    private static final long WORD = 0xFFFF_FFFFL;

    private Register() {}

    static long withLow(long register, long value) {
        return register & ~WORD | value & WORD;
    }

    static long withHigh(long register, long value) {
        return register & WORD | value << 32;
    }
}
