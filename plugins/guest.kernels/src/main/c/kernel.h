// One computation of a known kind, repeated: what processors and their translators are compared with.
#ifndef KERNEL_H
#define KERNEL_H

#include "guest.h"

/* Provided by each kernel. */

/* How many bytes it works in. */
extern const uint64_t kernel_bytes;

/* One repetition: some 100 million instructions at 100 percent, of which less do as much less. Begins from the same state whatever memory, aligned to
   a page, holds, so that each repetition returns the same checksum. */
uint64_t kernel(void *memory, uint64_t percent);

/* Provided for them. */

/* count * percent / 100, but at least 1. */
uint64_t share(uint64_t count, uint64_t percent);

/* Marsaglia's xorshift64, never 0 unless *state is. */
static inline uint64_t next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

/* FNV-1a's step, 8 bytes at once. */
static inline uint64_t digest(uint64_t sum, uint64_t word)
{
    return (sum ^ word) * 0x100000001b3ull;
}

static inline uint64_t bits_of(double value)
{
    union { double value; uint64_t bits; } u = {value};
    return u.bits;
}

#endif
