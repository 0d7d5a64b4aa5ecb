// Kernel IS, RNR-94-007 section 2.2.5: ranks of small integers.
#include "npb.h"

#if CLASS == 'S'
enum { KEYS_LOG = 16, RANGE_LOG = 11 };
#elif CLASS == 'W'
enum { KEYS_LOG = 20, RANGE_LOG = 16 };
#elif CLASS == 'A'
enum { KEYS_LOG = 23, RANGE_LOG = 19 };
#elif CLASS == 'B'
enum { KEYS_LOG = 25, RANGE_LOG = 21 };
#elif CLASS == 'C'
enum { KEYS_LOG = 27, RANGE_LOG = 23 };
#endif

enum { KEYS = 1 << KEYS_LOG, RANGE = 1 << RANGE_LOG, ITERATIONS = 10, PROBES = 5 };
static const uint64_t A = 1220703125, SEED = 314159265;

/* A key whose rank is known: its place, its rank in the sequence as it was made, and what each iteration adds to that. */
struct probe {
    int place;
    int rank;
};

#if CLASS == 'S'
static const struct probe PROBE[PROBES] = {{48427, 0}, {17148, 18}, {23627, 346}, {62548, 64917}, {4431, 65463}};
#elif CLASS == 'W'
static const struct probe PROBE[PROBES] = {{357773, 1249}, {934767, 11698}, {875723, 1039987}, {898999, 1043896}, {404505, 1048018}};
#elif CLASS == 'A'
static const struct probe PROBE[PROBES] = {{2112377, 104}, {662041, 17523}, {5336171, 123928}, {3642833, 8288932}, {4250760, 8388264}};
#elif CLASS == 'B'
static const struct probe PROBE[PROBES] = {{41869, 33422937}, {812306, 10244}, {5102857, 59149}, {18232239, 33135281}, {26860214, 99}};
#elif CLASS == 'C'
static const struct probe PROBE[PROBES] = {{44172927, 61147}, {72999161, 882988}, {74326391, 266290}, {129606274, 133997595}, {21736814, 133525895}};
#endif

static int key[KEYS], copy[KEYS], sorted[KEYS];
/* How many keys are smaller than or equal to a value. */
static int up_to[RANGE];

/* The rank that a probe has after an iteration, whose changes of two keys shift it by one place in every iteration. */
static int expected_rank(int probe, int iteration)
{
#if CLASS == 'S'
    bool rises = probe <= 2;
    int shift = iteration;
#elif CLASS == 'W'
    bool rises = probe < 2;
    int shift = rises ? iteration - 2 : iteration;
#elif CLASS == 'A'
    bool rises = probe <= 2;
    int shift = iteration - 1;
#elif CLASS == 'B'
    bool rises = probe == 1 || probe == 2 || probe == 4;
    int shift = iteration;
#elif CLASS == 'C'
    bool rises = probe <= 2;
    int shift = iteration;
#endif
    return PROBE[probe].rank + (rises ? shift : -shift);
}

static void make_keys(void)
{
    uint64_t seed = SEED;
    for (int i = 0; i < KEYS; i++) {
        double sum = randlc(&seed, A);
        sum += randlc(&seed, A);
        sum += randlc(&seed, A);
        sum += randlc(&seed, A);
        key[i] = (int) (RANGE / 4 * sum);
    }
}

/* Ranks all keys. Returns how many probes have the rank that they must have. */
static int rank(int iteration)
{
    int value[PROBES];
    key[iteration] = iteration;
    key[iteration + ITERATIONS] = RANGE - iteration;
    for (int i = 0; i < PROBES; i++) {
        value[i] = key[PROBE[i].place];
    }
    for (int i = 0; i < RANGE; i++) {
        up_to[i] = 0;
    }
    for (int i = 0; i < KEYS; i++) {
        copy[i] = key[i];
        up_to[copy[i]]++;
    }
    for (int i = 1; i < RANGE; i++) {
        up_to[i] += up_to[i - 1];
    }
    int right = 0;
    for (int i = 0; i < PROBES; i++) {
        int found = value[i] > 0 ? up_to[value[i] - 1] : 0;
        if (found == expected_rank(i, iteration)) {
            right++;
        } else {
            print("Failed partial verification: iteration %d, test key %d: rank %d instead of %d\n", iteration, i, found, expected_rank(i, iteration));
        }
    }
    return right;
}

/* Sorts the keys by their ranks. */
static bool ranks_sort_the_keys(void)
{
    for (int i = KEYS - 1; i >= 0; i--) {
        sorted[--up_to[copy[i]]] = copy[i];
    }
    int wrong = 0;
    for (int i = 1; i < KEYS; i++) {
        wrong += sorted[i - 1] > sorted[i];
    }
    if (wrong) {
        print("Full_verify: number of keys out of sort: %d\n", wrong);
    }
    return wrong == 0;
}

int guest_main(const char *arguments)
{
    (void) arguments;
    print("\n\n NAS Parallel Benchmarks (NPB3.3-SER) - IS Benchmark\n\n");
    print(" Size:  %d  (class %c)\n", KEYS, CLASS);
    print(" Iterations:   %d\n", ITERATIONS);

    make_keys();
    rank(1);    /* untimed, as the rules say, to touch all code and data */

    print("\n   iteration\n");
    int right = 0;
    struct timer start = timer_start();
    for (int i = 1; i <= ITERATIONS; i++) {
        print("        %d\n", i);
        right += rank(i);
    }
    struct timer elapsed = timer_stop(start);

    bool verified = ranks_sort_the_keys() && right == PROBES * ITERATIONS;
    return print_results(&(struct results) {
        .name = "IS", .class = CLASS, .size = KEYS, .iterations = ITERATIONS, .elapsed = elapsed, .operations = (double) ITERATIONS * KEYS,
        .operation_type = "keys ranked", .verified = verified,
    });
}
