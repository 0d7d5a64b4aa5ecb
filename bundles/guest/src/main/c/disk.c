// The machine's first virtio disk (Virtual I/O Device 1.2: MMIO 4.2.2, split queues 2.7, block devices 5.2), one request at a time. The hart sleeps meanwhile.
#include "guest.h"

enum { WINDOWS = 8, WINDOW_BYTES = 0x1000, QUEUE = 4, DISK_FAILED_EXIT_CODE = 6 };
static const uint64_t FIRST_WINDOW = 0x10001000;

enum { MAGIC = 0x74726976, VERSION_1_0 = 2, BLOCK = 2 };
enum { ACKNOWLEDGE = 1, DRIVER = 2, DRIVER_OK = 4, FEATURES_OK = 8, FEATURE_FLUSH = 1 << 9, FEATURE_VERSION_1 = 1 };
enum { NEXT = 1, DEVICE_WRITES = 2, IN = 0, OUT = 1, OK = 0 };

/* A register is 32 bits wide; the index is its offset / 4. */
enum { MAGIC_VALUE = 0, VERSION = 1, DEVICE_ID = 2, DEVICE_FEATURES = 4, DEVICE_FEATURES_SEL = 5, DRIVER_FEATURES = 8, DRIVER_FEATURES_SEL = 9, QUEUE_SEL = 12,
    QUEUE_NUM = 14, QUEUE_READY = 17, QUEUE_NOTIFY = 20, INTERRUPT_STATUS = 24, INTERRUPT_ACK = 25, STATUS = 28, QUEUE_DESC = 32, QUEUE_DRIVER = 36,
    QUEUE_DEVICE = 40, CAPACITY = 64 };

/* Of hart 0 in M-mode. Window n has interrupt n + 1. */
static volatile uint32_t *const PLIC_PRIORITY = (volatile uint32_t *) 0x0c000000;
static volatile uint32_t *const PLIC_ENABLE = (volatile uint32_t *) 0x0c002000;
static volatile uint32_t *const PLIC_THRESHOLD = (volatile uint32_t *) 0x0c200000;
static volatile uint32_t *const PLIC_CLAIM = (volatile uint32_t *) 0x0c200004;
static const uint64_t MIE_MEIE = 1 << 11;

static struct {
    uint64_t address;
    uint32_t length;
    uint16_t flags;
    uint16_t next;
} descriptors[QUEUE] __attribute__((aligned(16)));
static struct {
    uint16_t flags;
    volatile uint16_t index;
    uint16_t ring[QUEUE];
} available;
static struct {
    uint16_t flags;
    volatile uint16_t index;
    struct { uint32_t id, length; } ring[QUEUE];
} used __attribute__((aligned(4)));
static struct {
    uint32_t type;
    uint32_t reserved;
    uint64_t sector;
} header;
static volatile uint8_t status;

static volatile uint32_t *device;
static uint64_t bytes_of_disk;
static bool searched;

/* What is at an address, 0 if reading it traps. */
static uint32_t probe(uint64_t address)
{
    uint32_t value = 0;
    uint64_t vector;
    __asm__ volatile("la    %1, 1f\n"
                     "csrrw %1, mtvec, %1\n"
                     "lw    %0, (%2)\n"
                     ".balign 4\n"
                     "1: csrw mtvec, %1\n" : "+r"(value), "=&r"(vector) : "r"(address) : "memory");
    return value;
}

static void set_address(int reg, const volatile void *address)
{
    device[reg] = (uint32_t) (uint64_t) address;
    device[reg + 1] = (uint32_t) ((uint64_t) address >> 32);
}

static void negotiate(void)
{
    device[STATUS] = 0;
    device[STATUS] = ACKNOWLEDGE | DRIVER;
    device[DEVICE_FEATURES_SEL] = 0;
    device[DRIVER_FEATURES_SEL] = 0;
    device[DRIVER_FEATURES] = device[DEVICE_FEATURES] & FEATURE_FLUSH;     /* else the disk would be flushed at each write */
    device[DRIVER_FEATURES_SEL] = 1;
    device[DRIVER_FEATURES] = FEATURE_VERSION_1;
    device[STATUS] = ACKNOWLEDGE | DRIVER | FEATURES_OK;
}

static void begin(int window)
{
    device = (volatile uint32_t *) (FIRST_WINDOW + (uint64_t) window * WINDOW_BYTES);
    negotiate();
    device[QUEUE_SEL] = 0;
    device[QUEUE_NUM] = QUEUE;
    set_address(QUEUE_DESC, descriptors);
    set_address(QUEUE_DRIVER, &available);
    set_address(QUEUE_DEVICE, &used);
    device[QUEUE_READY] = 1;
    device[STATUS] = ACKNOWLEDGE | DRIVER | FEATURES_OK | DRIVER_OK;
    bytes_of_disk = (device[CAPACITY] | (uint64_t) device[CAPACITY + 1] << 32) * DISK_SECTOR;

    PLIC_PRIORITY[window + 1] = 1;
    *PLIC_ENABLE = 1u << (window + 1);
    *PLIC_THRESHOLD = 0;
    __asm__ volatile("csrs mie, %0" : : "r"(MIE_MEIE));     /* mstatus.MIE stays 0: it ends WFI, and does not trap */
}

uint64_t disk_bytes(void)
{
    for (int window = 0; window < WINDOWS && !searched; window++) {
        uint64_t base = FIRST_WINDOW + (uint64_t) window * WINDOW_BYTES;
        if (probe(base) == MAGIC && probe(base + 4 * VERSION) == VERSION_1_0 && probe(base + 4 * DEVICE_ID) == BLOCK) {
            begin(window);
            break;
        }
    }
    searched = true;
    return bytes_of_disk;
}

static void sleep_until_done(void)
{
    while (used.index != available.index) {
        __asm__ volatile("wfi" : : : "memory");
        uint32_t interrupt = *PLIC_CLAIM;
        device[INTERRUPT_ACK] = device[INTERRUPT_STATUS];
        if (interrupt) {
            *PLIC_CLAIM = interrupt;
        }
    }
    __asm__ volatile("fence" : : : "memory");
}

static void describe(uint16_t number, const volatile void *address, uint32_t length, uint16_t flags)
{
    descriptors[number].address = (uint64_t) address;
    descriptors[number].length = length;
    descriptors[number].flags = flags;
    descriptors[number].next = (uint16_t) (number + 1);
}

static void transfer(uint32_t type, uint64_t offset, const void *data, uint32_t bytes)
{
    if (disk_bytes() < offset + bytes) {
        print("The disk of %lu bytes has no %u bytes at %lu\n", bytes_of_disk, bytes, offset);
        power_off(DISK_FAILED_EXIT_CODE);
    }
    header.type = type;
    header.sector = offset / DISK_SECTOR;
    status = 0xff;
    describe(0, &header, sizeof header, NEXT);
    describe(1, data, bytes, type == IN ? NEXT | DEVICE_WRITES : NEXT);
    describe(2, &status, 1, DEVICE_WRITES);
    available.ring[available.index % QUEUE] = 0;
    __asm__ volatile("fence" : : : "memory");
    available.index++;
    __asm__ volatile("fence" : : : "memory");
    device[QUEUE_NOTIFY] = 0;
    sleep_until_done();
    if (status != OK) {
        print("The disk cannot %s %u bytes at %lu: status %u\n", type == IN ? "read" : "write", bytes, offset, status);
        power_off(DISK_FAILED_EXIT_CODE);
    }
}

void disk_read(uint64_t offset, void *to, uint32_t bytes)
{
    transfer(IN, offset, to, bytes);
}

void disk_write(uint64_t offset, const void *from, uint32_t bytes)
{
    transfer(OUT, offset, from, bytes);
}
