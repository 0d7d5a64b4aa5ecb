// Kernel EP, RNR-94-007 section 2.2.1: pairs of Gaussian deviates by acceptance-rejection, tallied in square annuli.
#include "npb.h"

enum { BLOCK_LOG = 16, BLOCK = 1 << BLOCK_LOG, ANNULI = 10 };

#if CLASS == 'S'
enum { M = 24 };
static const double REFERENCE_SX = -3.247834652034740e3, REFERENCE_SY = -6.958407078382297e3;
static const long REFERENCE_COUNTS[ANNULI] = {6140517, 5865300, 1100361, 68546, 1648, 17};
#elif CLASS == 'W'
enum { M = 25 };
static const double REFERENCE_SX = -2.863319731645753e3, REFERENCE_SY = -6.320053679109499e3;
static const long REFERENCE_COUNTS[ANNULI] = {12281576, 11729692, 2202726, 137368, 3371, 36};
#elif CLASS == 'A'
enum { M = 28 };
static const double REFERENCE_SX = -4.295875165629892e3, REFERENCE_SY = -1.580732573678431e4;
static const long REFERENCE_COUNTS[ANNULI] = {98257395, 93827014, 17611549, 1110028, 26536, 245};
#elif CLASS == 'B'
enum { M = 30 };
static const double REFERENCE_SX = 4.033815542441498e4, REFERENCE_SY = -2.660669192809235e4;
static const long REFERENCE_COUNTS[ANNULI] = {393058470, 375280898, 70460742, 4438852, 105691, 948, 5};
#endif

static const uint64_t A = 1220703125, SEED = 271828183;
static const double EPSILON = 1e-8;

static double uniform[2 * BLOCK];
static long counts[ANNULI];
static double sx, sy;

/* a^(2^exponent) mod 2^46. */
static uint64_t power_of_two_power(uint64_t a, int exponent)
{
    for (int i = 0; i < exponent; i++) {
        randlc(&a, a);
    }
    return a;
}

/* The seed of a block: SEED * block_multiplier^block mod 2^46, by the binary method. */
static uint64_t block_seed(int block, uint64_t block_multiplier)
{
    uint64_t seed = SEED;
    for (; block; block >>= 1) {
        if (block & 1) {
            randlc(&seed, block_multiplier);
        }
        randlc(&block_multiplier, block_multiplier);
    }
    return seed;
}

static void tally(uint64_t seed)
{
    vranlc(2 * BLOCK, &seed, A, uniform);
    for (int i = 0; i < BLOCK; i++) {
        double x = 2 * uniform[2 * i] - 1;
        double y = 2 * uniform[2 * i + 1] - 1;
        double t = x * x + y * y;
        if (t <= 1) {
            double factor = __builtin_sqrt(-2 * log_of(t) / t);
            double gx = x * factor;
            double gy = y * factor;
            double ax = __builtin_fabs(gx);
            double ay = __builtin_fabs(gy);
            counts[(int) (ax > ay ? ax : ay)]++;
            sx += gx;
            sy += gy;
        }
    }
}

static bool near(double value, double reference)
{
    return __builtin_fabs((value - reference) / reference) <= EPSILON;
}

static bool verify(void)
{
    bool good = near(sx, REFERENCE_SX) && near(sy, REFERENCE_SY);
    for (int i = 0; i < ANNULI; i++) {
        good &= counts[i] == REFERENCE_COUNTS[i];
    }
    return good;
}

int guest_main(const char *arguments)
{
    (void) arguments;
    const double pairs = (double) (1l << M);
    print("\n\n NAS Parallel Benchmarks (NPB3.3-SER) - EP Benchmark\n\n");
    print(" Number of random numbers generated: %15.0f\n", 2 * pairs);

    struct timer start = timer_start();
    uint64_t block_multiplier = power_of_two_power(A, BLOCK_LOG + 1);
    for (int block = 0; block < 1 << (M - BLOCK_LOG); block++) {
        tally(block_seed(block, block_multiplier));
    }
    struct timer elapsed = timer_stop(start);

    long gaussian_pairs = 0;
    for (int i = 0; i < ANNULI; i++) {
        gaussian_pairs += counts[i];
    }
    print("\nEP Benchmark Results:\n\n");
    print("CPU Time = %10.4f\n", seconds(elapsed));
    print("N = 2^%5d\n", M);
    print("No. Gaussian Pairs = %15ld\n", gaussian_pairs);
    print("Sums = %25.15e %25.15e\n", sx, sy);
    print("Counts:\n");
    for (int i = 0; i < ANNULI; i++) {
        print("%3d %15ld\n", i, counts[i]);
    }
    return print_results(&(struct results) {
        .name = "EP", .class = CLASS, .size = 2 * pairs, .iterations = 0, .elapsed = elapsed, .operations = 2 * pairs,
        .operation_type = "Random numbers generated", .verified = verify(),
    });
}
