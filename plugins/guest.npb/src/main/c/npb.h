// What the benchmarks share. Sources: D. Bailey et al., The NAS Parallel Benchmarks, RNR-94-007, 1994; classes and verification values of NPB 3.3.
#ifndef NPB_H
#define NPB_H

#include "guest.h"

#define NPB_VERSION "3.3.1"

/* x = a x mod 2^46; returns x / 2^46. Section 2.3; in 64-bit integers, as NPB's randi8. */
double randlc(uint64_t *x, uint64_t a);
/* n times randlc, into y. */
void vranlc(int n, uint64_t *x, uint64_t a, double *y);

struct timer {
    uint64_t ticks;
    uint64_t instructions;
};

struct timer timer_start(void);
/* Since start. */
struct timer timer_stop(struct timer start);
double seconds(struct timer elapsed);

struct results {
    const char *name;
    char class;
    double size;
    int iterations;
    struct timer elapsed;
    double operations;
    const char *operation_type;
    bool verified;
};

/* NPB's closing block. Returns what guest_main returns. */
int print_results(const struct results *results);

#endif
