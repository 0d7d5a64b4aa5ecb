// Arguments: repetitions=10 percent=100
// Every hart repeats the kernel in memory of its own; hart 0 tells of its repetitions, and ends the guest.
#include "kernel.h"

enum { NO_ROOM_EXIT_CODE = 4, MOST_HARTS = 8 };

/* Not in .bss, which hart 0 clears while the others read it. */
static struct {
    volatile uint64_t percent;
    uint8_t *volatile memory;
} others __attribute__((section(".data.others"))) = {0, NULL};

uint64_t share(uint64_t count, uint64_t percent)
{
    uint64_t n = count * percent / 100;
    return n ? n : 1;
}

static uint64_t hart_bytes(void)
{
    return (kernel_bytes + PAGE_SIZE - 1) & -(uint64_t) PAGE_SIZE;
}

static bool has_room(uint64_t harts)
{
    return harts * hart_bytes() <= (uint64_t) (free_memory_end - free_memory);
}

void other_hart(uint64_t id)
{
    while (others.percent == 0) {
    }
    __asm__ volatile("" ::: "memory");
    if (has_room(id + 1)) {
        for (;;) {
            kernel(others.memory + id * hart_bytes(), others.percent);
        }
    }
}

static void release_other_harts(uint64_t percent)
{
    others.memory = free_memory;
    others.percent = percent;
}

int guest_main(const char *arguments)
{
    uint64_t repetitions = number_argument(arguments, "repetitions", 10, 1000000);
    uint64_t percent = number_argument(arguments, "percent", 100, 1000);
    if (!has_room(1)) {
        print("The kernel works in %lu bytes, this machine has %lu\n", hart_bytes(), (uint64_t) (free_memory_end - free_memory));
        return NO_ROOM_EXIT_CODE;
    }
    release_other_harts(percent ? percent : 1);
    uint64_t first = 0;
    bool same = true;
    for (uint64_t n = 1; n <= repetitions; n++) {
        uint64_t start = ticks();
        uint64_t retired = instructions();
        uint64_t checksum = kernel(free_memory, percent);
        retired = instructions() - retired;
        print("repetition %lu checksum %016lx ticks %lu instructions %lu\n", n, checksum, ticks() - start, retired);
        first = n == 1 ? checksum : first;
        same &= checksum == first;
    }
    return print_verification(same);
}
