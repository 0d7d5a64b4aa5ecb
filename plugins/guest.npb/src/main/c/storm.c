// Writes pages at a given rate and afterwards knows what must be in each of them.
// Arguments: workingSetMiB=16 rateMiBps=100 seconds=5 pattern=random|sequential bytesPerPage=8
// The rate is that of pages dirtied, 4 KiB each however many bytes of them are written; 0 is as fast as it goes.
#include "guest.h"

enum { PAGES_PER_MIB = 256, WORDS = PAGE_SIZE / 8, SLICE_PAGES = 64, NO_ROOM_EXIT_CODE = 4 };

static uint64_t *memory;
static uint64_t pages;
static uint64_t words_written;      /* of a page, by each write */
static bool is_random;
static uint64_t writes;

/* SplitMix64's finalizer: a bijection in which every bit depends on every bit. */
static uint64_t mix(uint64_t n)
{
    n = (n ^ n >> 30) * 0xbf58476d1ce4e5b9ull;
    n = (n ^ n >> 27) * 0x94d049bb133111ebull;
    return n ^ n >> 31;
}

/* The n-th write, counted from 1, goes to this page. */
static uint64_t page_of(uint64_t n)
{
    return is_random ? (uint64_t) ((unsigned __int128) mix(n) * pages >> 64) : (n - 1) % pages;
}

static uint64_t written_word(uint64_t n, uint64_t word)
{
    return mix(~n) + word * 0x9e3779b97f4a7c15ull;
}

static uint64_t initial_word(uint64_t page, uint64_t word)
{
    return mix(page) + word * 0x9e3779b97f4a7c15ull;
}

static void fill(void)
{
    for (uint64_t page = 0; page < pages; page++) {
        for (uint64_t word = 0; word < WORDS; word++) {
            memory[page * WORDS + word] = initial_word(page, word);
        }
    }
}

static void write_pages(uint64_t count)
{
    for (; count; count--) {
        uint64_t n = ++writes;
        uint64_t *page = memory + page_of(n) * WORDS;
        for (uint64_t word = 0; word < words_written; word++) {
            page[word] = written_word(n, word);
        }
    }
}

static void one_second(uint64_t second, uint64_t pages_per_second)
{
    uint64_t before = writes;
    uint64_t start = ticks();
    uint64_t elapsed = 0;
    while (elapsed < TICKS_PER_SECOND) {
        uint64_t due = SLICE_PAGES;
        if (pages_per_second) {
            due = elapsed * pages_per_second / TICKS_PER_SECOND + before - writes;
        }
        write_pages(due < SLICE_PAGES ? due : SLICE_PAGES);
        elapsed = ticks() - start;
    }
    uint64_t count = writes - before;
    double mib = (double) count / PAGES_PER_MIB;
    print("storm: second %lu: %lu pages, %.1f MiB/s; %lu pages in all\n", second, count, mib * TICKS_PER_SECOND / (double) elapsed, writes);
}

/* Which write each page saw last, found again from the number of writes alone. */
static void replay(uint64_t *last)
{
    for (uint64_t page = 0; page < pages; page++) {
        last[page] = 0;
    }
    for (uint64_t n = 1; n <= writes; n++) {
        last[page_of(n)] = n;
    }
}

static uint64_t checksum(uint64_t sum, uint64_t word)
{
    return (sum ^ word) * 0x100000001b3ull;
}

static bool verify(const uint64_t *last)
{
    uint64_t found = 0;
    uint64_t expected = 0;
    uint64_t bad_pages = 0;
    for (uint64_t page = 0; page < pages; page++) {
        bool good = true;
        for (uint64_t word = 0; word < WORDS; word++) {
            bool written = last[page] && word < words_written;
            uint64_t right = written ? written_word(last[page], word) : initial_word(page, word);
            uint64_t is = memory[page * WORDS + word];
            good &= is == right;
            found = checksum(found, is);
            expected = checksum(expected, right);
        }
        if (!good && bad_pages++ == 0) {
            print("storm: page at 0x%lx is wrong, its last write was %lu\n", (uint64_t) (memory + page * WORDS), last[page]);
        }
    }
    print("storm: checksum %016lx, expected %016lx, %lu wrong pages\n", found, expected, bad_pages);
    return bad_pages == 0;
}

int guest_main(const char *arguments)
{
    uint64_t mib = number_argument(arguments, "workingSetMiB", 16, 8192);
    uint64_t rate = number_argument(arguments, "rateMiBps", 100, 1 << 20);
    uint64_t duration = number_argument(arguments, "seconds", 5, 1000000);
    uint64_t bytes = number_argument(arguments, "bytesPerPage", 8, PAGE_SIZE);
    is_random = !has_argument(arguments, "pattern", "sequential");
    words_written = bytes / 8;
    memory = (uint64_t *) free_memory;
    pages = mib * PAGES_PER_MIB;
    uint64_t *last = memory + pages * WORDS;
    uint64_t room = (uint64_t) (free_memory_end - free_memory);
    if (pages == 0 || words_written == 0 || pages * (PAGE_SIZE + sizeof *last) > room) {
        print("storm: give a workingSetMiB from 1 to %lu for this RAM and a bytesPerPage from 8\n", room / (PAGES_PER_MIB * (PAGE_SIZE + sizeof *last)));
        return NO_ROOM_EXIT_CODE;
    }
    print("storm: workingSetMiB=%lu rateMiBps=%lu seconds=%lu pattern=%s bytesPerPage=%lu at 0x%lx\n", mib, rate, duration,
          is_random ? "random" : "sequential", words_written * 8, (uint64_t) memory);
    fill();
    for (uint64_t second = 1; second <= duration; second++) {
        one_second(second, rate * PAGES_PER_MIB);
    }
    replay(last);
    return print_verification(verify(last));
}
