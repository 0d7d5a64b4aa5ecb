// Copies of a MiB, by 64-bit words, four at once, to and fro.
#include "kernel.h"

/* The gap keeps words that are copied onto each other from falling into one place of a direct-mapped TLB, of which emulators have some. */
enum { WORDS = 1 << 17, COPIES = 280, SHIFT = 64, GAP = 37 * PAGE_SIZE / 8 };

struct space {
    uint64_t a[WORDS + SHIFT];
    uint64_t gap[GAP];
    uint64_t b[WORDS + SHIFT];
};

const uint64_t kernel_bytes = sizeof(struct space);

__attribute__((noinline)) static void copy(uint64_t *restrict to, const uint64_t *restrict from, uint64_t words)
{
    for (uint64_t i = 0; i < words; i += 4) {
        uint64_t w0 = from[i];
        uint64_t w1 = from[i + 1];
        uint64_t w2 = from[i + 2];
        uint64_t w3 = from[i + 3];
        to[i] = w0;
        to[i + 1] = w1;
        to[i + 2] = w2;
        to[i + 3] = w3;
    }
}

uint64_t kernel(void *memory, uint64_t percent)
{
    struct space *space = memory;
    uint64_t copies = share(COPIES, percent);
    for (uint64_t i = 0; i < WORDS + SHIFT; i++) {
        space->a[i] = i * 0x9e3779b97f4a7c15ull;
        space->b[i] = 0;
    }
    for (uint64_t n = 0; n < copies; n++) {
        uint64_t place = n % SHIFT;
        if (n % 2 == 0) {
            copy(space->b + place, space->a, WORDS);
        } else {
            copy(space->a, space->b + place, WORDS);
        }
    }
    uint64_t sum = 0;
    for (uint64_t i = 0; i < WORDS + SHIFT; i += 13) {
        sum = digest(digest(sum, space->a[i]), space->b[i]);
    }
    return sum;
}
