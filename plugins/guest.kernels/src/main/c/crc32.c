// CRC-32 of IEEE 802.3, by a table of 256.
#include "kernel.h"

enum { BYTES = 1 << 20, PASSES = 8 };

struct space {
    uint32_t table[256];
    uint8_t bytes[BYTES];
};

const uint64_t kernel_bytes = sizeof(struct space);

static void fill_table(uint32_t *table)
{
    for (uint32_t i = 0; i < 256; i++) {
        uint32_t crc = i;
        for (int bit = 0; bit < 8; bit++) {
            crc = crc & 1 ? 0xedb88320u ^ crc >> 1 : crc >> 1;
        }
        table[i] = crc;
    }
}

__attribute__((noinline)) static uint32_t crc32(uint32_t crc, const uint32_t *table, const uint8_t *bytes, uint64_t count)
{
    crc = ~crc;
    for (uint64_t i = 0; i < count; i++) {
        crc = table[(crc ^ bytes[i]) & 0xff] ^ crc >> 8;
    }
    return ~crc;
}

uint64_t kernel(void *memory, uint64_t percent)
{
    struct space *space = memory;
    fill_table(space->table);
    uint64_t left = share((uint64_t) BYTES * PASSES, percent);
    uint64_t filled = left < BYTES ? left : BYTES;
    for (uint64_t i = 0; i < filled; i++) {
        space->bytes[i] = (uint8_t) (i * 131 >> 3);
    }
    uint32_t crc = 0;
    while (left) {
        uint64_t count = left < BYTES ? left : BYTES;
        crc = crc32(crc, space->table, space->bytes, count);
        left -= count;
    }
    return crc;
}
