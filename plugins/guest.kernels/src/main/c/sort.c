// Quicksort of 64-bit keys by a comparison function, short runs by insertion.
#include "kernel.h"

enum { MOST_KEYS = 150000, ROUNDS = 2, SHORT = 12 };

const uint64_t kernel_bytes = MOST_KEYS * sizeof(uint64_t);

typedef int (*compare)(const uint64_t *, const uint64_t *);

__attribute__((noinline)) static int ascending(const uint64_t *a, const uint64_t *b)
{
    return *a < *b ? -1 : *a > *b;
}

static void insertion_sort(uint64_t *keys, int64_t count, compare order)
{
    for (int64_t i = 1; i < count; i++) {
        uint64_t key = keys[i];
        int64_t j = i;
        for (; j > 0 && order(&keys[j - 1], &key) > 0; j--) {
            keys[j] = keys[j - 1];
        }
        keys[j] = key;
    }
}

/* Hoare's: afterwards the keys before the place returned are not above those from it on; neither part is empty. */
static int64_t partition(uint64_t *keys, int64_t count, compare order)
{
    uint64_t pivot = keys[(count - 1) / 2];
    int64_t low = 0;
    int64_t high = count - 1;
    for (;;) {
        while (order(&keys[low], &pivot) < 0) {
            low++;
        }
        while (order(&keys[high], &pivot) > 0) {
            high--;
        }
        if (low >= high) {
            return high + 1;
        }
        uint64_t key = keys[low];
        keys[low++] = keys[high];
        keys[high--] = key;
    }
}

/* Recurs into the shorter part, so that the stack stays short. */
__attribute__((noinline)) static void quicksort(uint64_t *keys, int64_t count, compare order)
{
    while (count > SHORT) {
        int64_t left = partition(keys, count, order);
        if (left < count - left) {
            quicksort(keys, left, order);
            keys += left;
            count -= left;
        } else {
            quicksort(keys + left, count - left, order);
            count = left;
        }
    }
    insertion_sort(keys, count, order);
}

uint64_t kernel(void *memory, uint64_t percent)
{
    uint64_t *keys = memory;
    uint64_t count = share(MOST_KEYS, percent < 100 ? percent : 100);
    uint64_t rounds = share(ROUNDS, percent < 100 ? 100 : percent);
    uint64_t seed = 0x2545f4914f6cdd1dull;
    uint64_t sum = 0;
    for (uint64_t round = 0; round < rounds; round++) {
        for (uint64_t i = 0; i < count; i++) {
            keys[i] = next_random(&seed);
        }
        quicksort(keys, (int64_t) count, ascending);
        for (uint64_t i = 0; i < count; i++) {
            sum = digest(sum, keys[i]);
        }
    }
    return sum;
}
