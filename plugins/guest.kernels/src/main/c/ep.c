// Gaussian deviates by acceptance-rejection from uniform ones, tallied in square annuli, as NPB EP; the generator in floating point, as NPB has it too.
#include "kernel.h"

enum { BLOCK = 8192, BLOCKS = 84, ANNULI = 10 };

static const double MULTIPLIER = 1220703125, SEED = 271828183;

struct space {
    double uniform[2 * BLOCK];
    uint64_t counts[ANNULI];
};

const uint64_t kernel_bytes = sizeof(struct space);

/* x = a x mod 2^46, in halves of 23 bits so that every product is exact; RNR-94-007, section 2.3. */
__attribute__((noinline)) static void draw(double *seed, double a, double *uniform, int count)
{
    double a_high = (double) (int32_t) (0x1p-23 * a);
    double a_low = a - 0x1p23 * a_high;
    double x = *seed;
    for (int i = 0; i < count; i++) {
        double x_high = (double) (int32_t) (0x1p-23 * x);
        double x_low = x - 0x1p23 * x_high;
        double middle = a_high * x_low + a_low * x_high;
        double z = middle - 0x1p23 * (double) (int32_t) (0x1p-23 * middle);
        double whole = 0x1p23 * z + a_low * x_low;
        x = whole - 0x1p46 * (double) (int32_t) (0x1p-46 * whole);
        uniform[i] = 0x1p-46 * x;
    }
    *seed = x;
}

__attribute__((noinline)) static void tally(struct space *space, double *sx, double *sy)
{
    for (int i = 0; i < BLOCK; i++) {
        double x = 2 * space->uniform[2 * i] - 1;
        double y = 2 * space->uniform[2 * i + 1] - 1;
        double square = x * x + y * y;
        if (square <= 1) {
            double factor = __builtin_sqrt(-2 * log_of(square) / square);
            double gx = __builtin_fabs(x * factor);
            double gy = __builtin_fabs(y * factor);
            space->counts[(int) (gx > gy ? gx : gy)]++;
            *sx += x * factor;
            *sy += y * factor;
        }
    }
}

uint64_t kernel(void *memory, uint64_t percent)
{
    struct space *space = memory;
    double seed = SEED;
    double sx = 0;
    double sy = 0;
    for (int i = 0; i < ANNULI; i++) {
        space->counts[i] = 0;
    }
    for (uint64_t block = share(BLOCKS, percent); block; block--) {
        draw(&seed, MULTIPLIER, space->uniform, 2 * BLOCK);
        tally(space, &sx, &sy);
    }
    uint64_t sum = digest(bits_of(sx), bits_of(sy));
    for (int i = 0; i < ANNULI; i++) {
        sum = digest(sum, space->counts[i]);
    }
    return sum;
}
