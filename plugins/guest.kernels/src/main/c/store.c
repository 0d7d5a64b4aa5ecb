// Stores of 64-bit words, one behind the other, through 8 MiB again and again.
#include "kernel.h"

enum { WORDS = 1 << 20, PASSES = 24 };

const uint64_t kernel_bytes = WORDS * sizeof(uint64_t);

__attribute__((noinline)) static uint64_t fill(uint64_t *words, uint64_t count, uint64_t value)
{
    for (uint64_t i = 0; i < count; i++) {
        words[i] = value;
        value += 3;
    }
    return value;
}

uint64_t kernel(void *memory, uint64_t percent)
{
    uint64_t *words = memory;
    uint64_t count = share((uint64_t) WORDS * PASSES, percent);
    uint64_t value = 1;
    for (uint64_t left = count; left; left -= left < WORDS ? left : WORDS) {
        value = fill(words, left < WORDS ? left : WORDS, value);
    }
    uint64_t filled = count < WORDS ? count : WORDS;
    return digest(digest(value, words[0]), words[filled - 1]);
}
