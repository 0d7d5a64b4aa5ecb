// The machine beneath a guest: QEMU's virt board, as Tidemark has it.
#include "fdt.h"
#include "guest.h"

enum { TRAP_EXIT_CODE = 2 };

enum { RBR = 0, THR = 0, LSR = 5, LSR_DR = 0x01, LSR_THRE = 0x20 };
static volatile uint8_t *const UART = (volatile uint8_t *) 0x10000000;

enum { FINISHER_PASS = 0x5555, FINISHER_FAIL = 0x3333 };
static volatile uint32_t *const FINISHER = (volatile uint32_t *) 0x00100000;

uint8_t *free_memory;
uint8_t *free_memory_end;
static struct fdt_facts facts;

static void put(char c)
{
    while (!(UART[LSR] & LSR_THRE)) {
    }
    UART[THR] = (uint8_t) c;
}

void console_write(char c)
{
    if (c == '\n') {
        put('\r');
    }
    put(c);
}

char console_read(void)
{
    while (!(UART[LSR] & LSR_DR)) {
    }
    return (char) UART[RBR];
}

uint64_t ticks(void)
{
    uint64_t value;
    __asm__ volatile("rdtime %0" : "=r"(value));
    return value;
}

uint64_t instructions(void)
{
    uint64_t value;
    __asm__ volatile("rdinstret %0" : "=r"(value));
    return value;
}

void power_off(int code)
{
    *FINISHER = code == 0 ? FINISHER_PASS : (uint32_t) code << 16 | FINISHER_FAIL;
    for (;;) {
        __asm__ volatile("wfi");
    }
}

__attribute__((noreturn)) void unexpected_trap(uint64_t mcause, uint64_t mepc, uint64_t mtval)
{
    print("\nUnexpected trap: mcause=0x%lx mepc=0x%lx mtval=0x%lx\n", mcause, mepc, mtval);
    power_off(TRAP_EXIT_CODE);
}

__attribute__((weak)) void other_hart(uint64_t id)
{
    (void) id;
}

__attribute__((noreturn)) void run(const void *device_tree)
{
    extern uint8_t guest_end[];
    fdt_read(device_tree, &facts);
    uint64_t end = (facts.ram_base + facts.ram_size) & -(uint64_t) PAGE_SIZE;
    free_memory = guest_end;
    free_memory_end = end > (uint64_t) guest_end ? (uint8_t *) end : guest_end;
    power_off(guest_main(facts.bootargs));
}
