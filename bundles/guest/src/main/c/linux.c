// Lets a guest run as a program of Linux on RISC-V that has no C library beneath it, with the words of its command line as arguments.
#include "guest.h"

enum { SYS_UNLINKAT = 35, SYS_OPENAT = 56, SYS_READ = 63, SYS_WRITE = 64, SYS_PREAD64 = 67, SYS_PWRITE64 = 68, SYS_EXIT_GROUP = 94,
    SYS_CLOCK_GETTIME = 113, SYS_MMAP = 222 };
enum { AT_FDCWD = -100, O_RDWR_CREAT_EXCL = 02 | 0100 | 0200, OWNER_ONLY = 0600, DISK_FAILED_EXIT_CODE = 6 };
enum { STDIN = 0, STDOUT = 1, CLOCK_MONOTONIC = 1, PROT_READ_WRITE = 3, MAP_PRIVATE_ANONYMOUS = 0x22, NO_MEMORY_EXIT_CODE = 5 };
enum { LINE = 256, MOST_ARGUMENTS = 512 };

uint8_t *free_memory;
uint8_t *free_memory_end;
static char line[LINE];
static uint64_t line_length;

/* With three arguments and a fourth; the fifth and sixth are those of an anonymous mapping. */
static int64_t call4(int64_t number, uint64_t a, uint64_t b, uint64_t c, uint64_t d)
{
    register int64_t a7 __asm__("a7") = number;
    register uint64_t a0 __asm__("a0") = a;
    register uint64_t a1 __asm__("a1") = b;
    register uint64_t a2 __asm__("a2") = c;
    register uint64_t a3 __asm__("a3") = d;
    register int64_t a4 __asm__("a4") = -1;
    register uint64_t a5 __asm__("a5") = 0;
    __asm__ volatile("ecall" : "+r"(a0) : "r"(a7), "r"(a1), "r"(a2), "r"(a3), "r"(a4), "r"(a5) : "memory");
    return (int64_t) a0;
}

static int64_t call(int64_t number, uint64_t a, uint64_t b, uint64_t c)
{
    return call4(number, a, b, c, 0);
}

static void flush(void)
{
    uint64_t written = 0;
    while (written < line_length) {
        int64_t n = call(SYS_WRITE, STDOUT, (uint64_t) line + written, line_length - written);
        if (n <= 0) {
            break;
        }
        written += (uint64_t) n;
    }
    line_length = 0;
}

void console_write(char c)
{
    line[line_length++] = c;
    if (c == '\n' || line_length == LINE) {
        flush();
    }
}

char console_read(void)
{
    char c = 0;
    flush();
    call(SYS_READ, STDIN, (uint64_t) &c, 1);
    return c;
}

uint64_t ticks(void)
{
    struct { int64_t seconds, nanoseconds; } now;
    call(SYS_CLOCK_GETTIME, CLOCK_MONOTONIC, (uint64_t) &now, 0);
    return (uint64_t) now.seconds * TICKS_PER_SECOND + (uint64_t) now.nanoseconds / (1000000000 / TICKS_PER_SECOND);
}

uint64_t instructions(void)
{
    return 0;   /* in QEMU's user mode the counter is the host's clock */
}

void power_off(int code)
{
    flush();
    for (;;) {
        call(SYS_EXIT_GROUP, (uint64_t) code, 0, 0);
    }
}

static int64_t disk = -1;

static void require(bool done, const char *what, int64_t result)
{
    if (!done) {
        print("Cannot %s: error %ld\n", what, -result);
        power_off(DISK_FAILED_EXIT_CODE);
    }
}

uint64_t disk_bytes(void)
{
    if (disk < 0) {
        const uint64_t name = (uint64_t) "guest.disk";
        disk = call4(SYS_OPENAT, (uint64_t) AT_FDCWD, name, O_RDWR_CREAT_EXCL, OWNER_ONLY);
        require(disk >= 0, "make a file guest.disk for the disk in this folder", disk);
        call(SYS_UNLINKAT, (uint64_t) AT_FDCWD, name, 0);
    }
    return HOSTED_DISK;
}

void disk_read(uint64_t offset, void *to, uint32_t bytes)
{
    int64_t n = call4(SYS_PREAD64, disk, (uint64_t) to, bytes, offset);
    require(n >= 0, "read the disk", n);
    for (; n < bytes; n++) {
        ((uint8_t *) to)[n] = 0;    /* behind the end of the file */
    }
}

void disk_write(uint64_t offset, const void *from, uint32_t bytes)
{
    int64_t n = call4(SYS_PWRITE64, disk, (uint64_t) from, bytes, offset);
    require(n == bytes, "write the disk", n);
}

/* What the kernel puts on a new program's stack: argc, the words' addresses, and more. */
__attribute__((noreturn, used)) void begin(const uint64_t *stack)
{
    static char arguments[MOST_ARGUMENTS];
    uint64_t length = 0;
    for (uint64_t i = 1; i < stack[0]; i++) {
        for (const char *c = i > 1 ? " " : ""; *c && length < MOST_ARGUMENTS - 1; c++) {
            arguments[length++] = *c;
        }
        for (const char *c = (const char *) stack[i + 1]; *c && length < MOST_ARGUMENTS - 1; c++) {
            arguments[length++] = *c;
        }
    }
    int64_t memory = call4(SYS_MMAP, 0, HOSTED_MEMORY, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS);
    if (memory < 0) {
        power_off(NO_MEMORY_EXIT_CODE);
    }
    free_memory = (uint8_t *) memory;
    free_memory_end = free_memory + HOSTED_MEMORY;
    power_off(guest_main(arguments));
}

__asm__(".section .text\n"
        ".globl _start\n"
        "_start:\n"
        "    .option push\n"
        "    .option norelax\n"
        "    la gp, __global_pointer$\n"
        "    .option pop\n"
        "    mv a0, sp\n"
        "    j begin\n");
