#include "npb.h"

static const uint64_t MODULUS_MASK = (1ull << 46) - 1;

double randlc(uint64_t *x, uint64_t a)
{
    *x = *x * a & MODULUS_MASK;
    return 0x1p-46 * (double) *x;
}

void vranlc(int n, uint64_t *x, uint64_t a, double *y)
{
    uint64_t seed = *x;
    for (int i = 0; i < n; i++) {
        y[i] = randlc(&seed, a);
    }
    *x = seed;
}

struct timer timer_start(void)
{
    return (struct timer) {ticks(), instructions()};
}

struct timer timer_stop(struct timer start)
{
    return (struct timer) {ticks() - start.ticks, instructions() - start.instructions};
}

double seconds(struct timer elapsed)
{
    return (double) elapsed.ticks / TICKS_PER_SECOND;
}

int print_results(const struct results *r)
{
    double time = seconds(r->elapsed);
    print("\n\n %s Benchmark Completed.\n", r->name);
    print(" Class           = %24c\n", r->class);
    print(" Size            = %24.0f\n", r->size);
    print(" Iterations      = %24d\n", r->iterations);
    print(" Time in seconds = %24.2f\n", time);
    print(" Mop/s total     = %24.2f\n", time > 0 ? r->operations / time / 1e6 : 0);
    print(" Instructions    = %24lu\n", r->elapsed.instructions);
    print(" Operation type  = %24s\n", r->operation_type);
    int code = print_verification(r->verified);
    print(" Version         = %24s\n", NPB_VERSION);
    print("\n Compile options:\n");
    print("    CC           = gcc %s\n", __VERSION__);
    print("    CFLAGS       = %s\n", CFLAGS);
    print("    RAND         = randi8\n\n");
    return code;
}
