// What the compiler may call although nothing here does.
#include "guest.h"

void *memset(void *to, int value, size_t bytes)
{
    uint8_t *p = to;
    for (; bytes; bytes--) {
        *p++ = (uint8_t) value;
    }
    return to;
}

void *memcpy(void *restrict to, const void *restrict from, size_t bytes)
{
    uint8_t *p = to;
    for (const uint8_t *q = from; bytes; bytes--) {
        *p++ = *q++;
    }
    return to;
}
