// What a guest has beneath it, and what it must provide.
#ifndef GUEST_H
#define GUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TICKS_PER_SECOND = 10000000, PAGE_SIZE = 4096, HOSTED_MEMORY = 64 << 20 };
#define HOSTED_DISK (1ull << 40)

/* Provided by each guest. Returns 0, or the exit code (1 to 65535) with which the machine powers off. */
int guest_main(const char *arguments);

/* May be provided by a guest: what a hart other than 0 does, id 1 to 7. It has 4 KiB of stack, and starts at once: hart 0 clears .bss meanwhile. */
void other_hart(uint64_t id);

/* Memory behind the guest's own, up to the end of RAM as the device tree tells; both page-aligned. Equal if it does not tell. HOSTED_MEMORY bytes
   for a guest that runs as a process. */
extern uint8_t *free_memory;
extern uint8_t *free_memory_end;

void console_write(char c);
/* Waits for a byte. */
char console_read(void);

enum { DISK_SECTOR = 512 };
/* The guest's disk: the machine's first virtio disk; of a process, a file in its folder that is gone when it ends, HOSTED_DISK
   bytes. 0 if there is none. */
uint64_t disk_bytes(void);
/* Whole sectors, offsets too; power off with a message if it fails. */
void disk_read(uint64_t offset, void *to, uint32_t bytes);
void disk_write(uint64_t offset, const void *from, uint32_t bytes);

/* Knows %d %u %x %c %s %f %e %E, the flags - and 0, width, precision and l. */
__attribute__((format(printf, 1, 2))) void print(const char *format, ...);

/* The time CSR, at TICKS_PER_SECOND. */
uint64_t ticks(void);
/* The instret CSR: retired instructions since reset. (QEMU counts host clock ticks instead unless it runs with -icount.) */
uint64_t instructions(void);

/* The value of name=NUMBER among the arguments, which spaces separate; otherwise if there is none. Powers off if it is no number up to most. */
uint64_t number_argument(const char *arguments, const char *name, uint64_t otherwise, uint64_t most);
/* Whether name=value is among the arguments. */
bool has_argument(const char *arguments, const char *name, const char *value);

/* NPB's line, by which restored runs of any guest are judged. Returns what guest_main then returns. */
int print_verification(bool successful);

__attribute__((noreturn)) void power_off(int code);

/* Natural logarithm of a positive normal number, within 1 ulp; e^x for |x| < 700, within 2 ulp. */
double log_of(double x);
double exp_of(double x);
/* Sine and cosine of 0 to 2 pi, within 2^-52. */
double sin_of(double x);
double cos_of(double x);

#endif
