// What BT, SP and LU do with their methods: an untimed step, timed steps, NPB's verification and its closing block. Included behind N, STEPS, DT, RESIDUAL, ERROR.
#ifndef CFD_MAIN_H
#define CFD_MAIN_H

#include "cfd.h"

static const double EPSILON = 1e-8;

/* Whether count values are the reference's, within NPB's tolerance; prints them. */
static bool compare(const char *what, int count, const double *values, const double *reference)
{
    bool good = true;
    print(" Comparison of %s\n", what);
    for (int m = 0; m < count; m++) {
        double difference = __builtin_fabs((values[m] - reference[m]) / reference[m]);
        bool near = difference <= EPSILON;
        print(near ? "          %2d%20.13E%20.13E%20.13E\n" : " FAILURE: %2d%20.13E%20.13E%20.13E\n", m + 1, values[m], reference[m], difference);
        good &= near;
    }
    return good;
}

/* Steps, which are timed; says now and then how far they are. */
static struct timer time_steps(void (*step)(void))
{
    struct timer start = timer_start();
    for (int i = 1; i <= STEPS; i++) {
        if (i % 20 == 0 || i == 1) {
            print(" Time step %4d\n", i);
        }
        step();
    }
    return timer_stop(start);
}

struct norms {
    double residual[COMPONENTS];
    double error[COMPONENTS];
};

static const struct norms REFERENCE = {RESIDUAL, ERROR};

/* Whether the norms of the right-hand side and of u's error are the reference's; prints them. */
static bool verify_norms(void)
{
    struct norms norms;
    norm_of_error(norms.error);
    compute_rhs();
    norm_of_rhs(norms.residual);
    print(" Verification being performed for class %c\n", CLASS);
    print(" accuracy setting for epsilon = %20.13E\n", EPSILON);
    bool good = compare("RMS-norms of residual", COMPONENTS, norms.residual, REFERENCE.residual);
    return compare("RMS-norms of solution error", COMPONENTS, norms.error, REFERENCE.error) && good;
}

struct method {
    const char *name;
    void (*begin)(void);        /* at the first step, again */
    void (*step)(void);
    bool (*verify)(void);
    double operations;          /* of a step */
};

/* Returns what guest_main returns. */
static int run_method(const struct method *method)
{
    print("\n\n NAS Parallel Benchmarks (NPB3.3-SER) - %s Benchmark\n\n", method->name);
    print(" Size: %4dx%4dx%4d\n", N, N, N);
    print(" Iterations: %4d    dt: %10.6f\n\n", STEPS, DT);

    compute_forcing();
    method->begin();
    method->step();     /* untimed, as the rules say, to touch all code and data */
    method->begin();
    struct timer elapsed = time_steps(method->step);

    return print_results(&(struct results) {
        .name = method->name, .class = CLASS, .size = (double) N * N * N, .iterations = STEPS, .elapsed = elapsed,
        .operations = STEPS * method->operations, .operation_type = "floating point", .verified = method->verify(),
    });
}

#endif
