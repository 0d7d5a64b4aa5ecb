// Increments the first byte of every page of its working set, page after page, round after round. So in RAM at any instant the bytes are, in
// page order, v + 1 (mod 256) up to one page and v behind it: a snapshot in which they are not is torn. Arguments: workingSetMiB=8 rounds=0 (for ever)
#include "guest.h"

enum { NO_ROOM_EXIT_CODE = 4 };

/* For the host's eyes, at physical address 0x80001000; little-endian. */
static volatile struct {
    uint64_t magic;
    uint64_t base;      /* physical address of the first page */
    uint64_t pages;
    uint64_t page;      /* pages whose byte is round + 1 (mod 256), or one less at the instant between the two stores */
    uint64_t round;     /* complete rounds */
    uint8_t rest_of_page[PAGE_SIZE - 40];
} record __attribute__((section(".record"), aligned(PAGE_SIZE))) = {.magic = 0x4241206b72616d65};    /* "emark AB" */

static bool one_round(volatile uint8_t *base, uint64_t pages, uint8_t value)
{
    for (uint64_t page = 0; page < pages; page++) {
        uint8_t found = base[page * PAGE_SIZE];
        if (found != value) {
            print("ab: page %lu has %u instead of %u in round %lu\n", page, found, value, record.round);
            return false;
        }
        base[page * PAGE_SIZE] = (uint8_t) (found + 1);
        record.page = page + 1;
    }
    return true;
}

static bool all_are(const volatile uint8_t *base, uint64_t pages, uint8_t value)
{
    for (uint64_t page = 0; page < pages; page++) {
        if (base[page * PAGE_SIZE] != value) {
            print("ab: page %lu has %u instead of %u at the end\n", page, base[page * PAGE_SIZE], value);
            return false;
        }
    }
    return true;
}

int guest_main(const char *arguments)
{
    uint64_t mib = number_argument(arguments, "workingSetMiB", 8, 8192);
    uint64_t rounds = number_argument(arguments, "rounds", 0, 1000000000);
    uint64_t room = (uint64_t) (free_memory_end - free_memory) >> 20;
    if (mib == 0 || mib > room) {
        print("ab: give a workingSetMiB from 1 to %lu for this RAM\n", room);
        return NO_ROOM_EXIT_CODE;
    }
    volatile uint8_t *base = free_memory;
    uint64_t pages = (mib << 20) / PAGE_SIZE;
    for (uint64_t page = 0; page < pages; page++) {
        base[page * PAGE_SIZE] = 0;
    }
    record.base = (uint64_t) base;
    record.pages = pages;
    print("ab: workingSetMiB=%lu rounds=%lu at 0x%lx\n", mib, rounds, (uint64_t) base);

    uint64_t next_line = ticks() + TICKS_PER_SECOND;
    bool good = true;
    for (uint64_t round = 0; good && (rounds == 0 || round < rounds); round++) {
        good = one_round(base, pages, (uint8_t) round);
        record.page = 0;
        record.round = round + 1;
        if (ticks() >= next_line) {
            print("ab: round %lu\n", round + 1);
            next_line += TICKS_PER_SECOND;
        }
    }
    return print_verification(good && all_are(base, pages, (uint8_t) rounds));
}
