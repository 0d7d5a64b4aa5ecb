// Lets a guest's C run as a process of the host, with the words of its command line as arguments.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "guest.h"

uint8_t *free_memory;
uint8_t *free_memory_end;

void console_write(char c)
{
    putchar(c);
}

char console_read(void)
{
    return (char) getchar();
}

uint64_t ticks(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t) now.tv_sec * TICKS_PER_SECOND + (uint64_t) now.tv_nsec / (1000000000 / TICKS_PER_SECOND);
}

uint64_t instructions(void)
{
    return 0;   /* the host has no such count for all to read */
}

void power_off(int code)
{
    exit(code);
}

enum { DISK_FAILED_EXIT_CODE = 6 };
static int disk = -1;

static void require(bool done, const char *what)
{
    if (!done) {
        perror(what);
        power_off(DISK_FAILED_EXIT_CODE);
    }
}

uint64_t disk_bytes(void)
{
    if (disk < 0) {
        char name[] = "guest.disk-XXXXXX";
        disk = mkstemp(name);
        require(disk >= 0, "Cannot make a file for the disk in this folder");
        unlink(name);
    }
    return HOSTED_DISK;
}

void disk_read(uint64_t offset, void *to, uint32_t bytes)
{
    ssize_t n = pread(disk, to, bytes, (off_t) offset);
    require(n >= 0, "Cannot read the disk");
    memset((uint8_t *) to + n, 0, bytes - (size_t) n);      /* behind the end of the file */
}

void disk_write(uint64_t offset, const void *from, uint32_t bytes)
{
    require(pwrite(disk, from, bytes, (off_t) offset) == bytes, "Cannot write the disk");
}

int main(int count, char **words)
{
    static char arguments[512];
    for (int i = 1; i < count; i++) {
        strncat(arguments, i > 1 ? " " : "", sizeof arguments - strlen(arguments) - 1);
        strncat(arguments, words[i], sizeof arguments - strlen(arguments) - 1);
    }
    setvbuf(stdout, NULL, _IOLBF, 0);
    free_memory = mmap(NULL, HOSTED_MEMORY, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (free_memory == MAP_FAILED) {
        perror("mmap");
        return 1;
    }
    free_memory_end = free_memory + HOSTED_MEMORY;
    return guest_main(arguments);
}
