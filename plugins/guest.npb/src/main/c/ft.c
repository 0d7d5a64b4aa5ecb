// Kernel FT, RNR-94-007 section 2.2.4: a partial differential equation in three dimensions, solved by fast Fourier transforms.
#include "npb.h"

struct complex {
    double re, im;
};

#if CLASS == 'S'
enum { NX = 64, NY = 64, NZ = 64, ITERATIONS = 6, WIDEST = 64 };
static const struct complex REFERENCE[ITERATIONS] = {
    {5.546087004964e+02, 4.845363331978e+02}, {5.546385409189e+02, 4.865304269511e+02}, {5.546148406171e+02, 4.883910722336e+02},
    {5.545423607415e+02, 4.901273169046e+02}, {5.544255039624e+02, 4.917475857993e+02}, {5.542683411902e+02, 4.932597244941e+02},
};
#elif CLASS == 'W'
enum { NX = 128, NY = 128, NZ = 32, ITERATIONS = 6, WIDEST = 128 };
static const struct complex REFERENCE[ITERATIONS] = {
    {5.673612178944e+02, 5.293246849175e+02}, {5.631436885271e+02, 5.282149986629e+02}, {5.594024089970e+02, 5.270996558037e+02},
    {5.560698047020e+02, 5.260027904925e+02}, {5.530898991250e+02, 5.249400845633e+02}, {5.504159734538e+02, 5.239212247086e+02},
};
#elif CLASS == 'A'
enum { NX = 256, NY = 256, NZ = 128, ITERATIONS = 6, WIDEST = 256 };
static const struct complex REFERENCE[ITERATIONS] = {
    {5.046735008193e+02, 5.114047905510e+02}, {5.059412319734e+02, 5.098809666433e+02}, {5.069376896287e+02, 5.098144042213e+02},
    {5.077892868474e+02, 5.101336130759e+02}, {5.085233095391e+02, 5.104914655194e+02}, {5.091487099959e+02, 5.107917842803e+02},
};
#elif CLASS == 'B'
enum { NX = 512, NY = 256, NZ = 256, ITERATIONS = 20, WIDEST = 512 };
static const struct complex REFERENCE[ITERATIONS] = {
    {5.177643571579e+02, 5.077803458597e+02}, {5.154521291263e+02, 5.088249431599e+02}, {5.146409228649e+02, 5.096208912659e+02},
    {5.142378756213e+02, 5.101023387619e+02}, {5.139626667737e+02, 5.103976610617e+02}, {5.137423460082e+02, 5.105948019802e+02},
    {5.135547056878e+02, 5.107404165783e+02}, {5.133910925466e+02, 5.108576573661e+02}, {5.132470705390e+02, 5.109577278523e+02},
    {5.131197729984e+02, 5.110460304483e+02}, {5.130070319283e+02, 5.111252433800e+02}, {5.129070537032e+02, 5.111968077718e+02},
    {5.128182883502e+02, 5.112616233064e+02}, {5.127393733383e+02, 5.113203605551e+02}, {5.126691062020e+02, 5.113735928093e+02},
    {5.126064276004e+02, 5.114218460548e+02}, {5.125504076570e+02, 5.114656139760e+02}, {5.125002331720e+02, 5.115053595966e+02},
    {5.124551951846e+02, 5.115415130407e+02}, {5.124146770029e+02, 5.115744692211e+02},
};
#endif

/* Lines along y and z are transformed BLOCK at a time, so that what is beside each other in memory is used together. */
enum { POINTS = NX * NY * NZ, BLOCK = 16, SUMMANDS = 1024, FORWARD = 1, INVERSE = -1 };
static const uint64_t A = 1220703125, SEED = 314159265;
static const double ALPHA = 1e-6, PI = 3.14159265358979323846, EPSILON = 1e-12;

static struct complex transformed[POINTS], field[POINTS];
static double decay[POINTS];
/* e^(2 PI i k / WIDEST). */
static struct complex root[WIDEST / 2];
static struct complex lines[WIDEST * BLOCK], scratch[WIDEST * BLOCK];

static void make_roots(void)
{
    for (int k = 0; k < WIDEST / 2; k++) {
        double angle = 2 * PI * k / WIDEST;
        root[k] = (struct complex) {cos_of(angle), sin_of(angle)};
    }
}

static void make_field(void)
{
    uint64_t seed = SEED;
    for (int p = 0; p < POINTS; p++) {
        field[p].re = randlc(&seed, A);
        field[p].im = randlc(&seed, A);
    }
}

/* A frequency's number, from -n/2 to n/2 - 1, squared. */
static int square(int k, int n)
{
    int centred = (k + n / 2) % n - n / 2;
    return centred * centred;
}

/* By what each frequency decays in a unit of time. */
static void make_decay(void)
{
    int p = 0;
    for (int z = 0; z < NZ; z++) {
        for (int y = 0; y < NY; y++) {
            for (int x = 0; x < NX; x++) {
                decay[p++] = exp_of(-4 * ALPHA * PI * PI * (square(x, NX) + square(y, NY) + square(z, NZ)));
            }
        }
    }
}

/* One step of Stockham's transform of `count` lines of length n, interleaved: butterflies over half of the line, groups of `span` together. */
static void pass(int direction, int n, int count, int span, const struct complex *restrict from, struct complex *restrict to)
{
    int groups = n / 2 / span;
    for (int g = 0; g < groups; g++) {
        struct complex w = root[(size_t) g * span * (WIDEST / n)];
        double wi = direction * w.im;
        const struct complex *low = from + (size_t) g * span * count, *high = low + (size_t) n / 2 * count;
        struct complex *sum = to + (size_t) 2 * g * span * count, *difference = sum + (size_t) span * count;
        for (int i = 0; i < span * count; i++) {
            struct complex a = low[i], b = high[i];
            double re = a.re - b.re, im = a.im - b.im;
            sum[i] = (struct complex) {a.re + b.re, a.im + b.im};
            difference[i] = (struct complex) {w.re * re - wi * im, w.re * im + wi * re};
        }
    }
}

/* Transforms the lines in `lines`. */
static void transform(int direction, int n, int count)
{
    bool moved = false;
    for (int span = 1; span < n; span *= 2) {
        pass(direction, n, count, span, moved ? scratch : lines, moved ? lines : scratch);
        moved = !moved;
    }
    for (int i = 0; moved && i < n * count; i++) {
        lines[i] = scratch[i];
    }
}

/* Transforms the lines of `array` that begin at `first` and have their points `stride` apart; they lie `apart` from each other. */
static void transform_lines(int direction, int n, int first, int stride, int apart, struct complex *array)
{
    for (int i = 0; i < n; i++) {
        for (int line = 0; line < BLOCK; line++) {
            lines[i * BLOCK + line] = array[first + i * stride + line * apart];
        }
    }
    transform(direction, n, BLOCK);
    for (int i = 0; i < n; i++) {
        for (int line = 0; line < BLOCK; line++) {
            array[first + i * stride + line * apart] = lines[i * BLOCK + line];
        }
    }
}

static void along_x(int direction, struct complex *array)
{
    for (int line = 0; line < NY * NZ; line += BLOCK) {
        transform_lines(direction, NX, line * NX, 1, NX, array);
    }
}

static void along_y(int direction, struct complex *array)
{
    for (int z = 0; z < NZ; z++) {
        for (int x = 0; x < NX; x += BLOCK) {
            transform_lines(direction, NY, z * NX * NY + x, NX, 1, array);
        }
    }
}

static void along_z(int direction, struct complex *array)
{
    for (int line = 0; line < NX * NY; line += BLOCK) {
        transform_lines(direction, NZ, line, NX * NY, 1, array);
    }
}

static void forward(void)
{
    along_x(FORWARD, field);
    along_y(FORWARD, field);
    along_z(FORWARD, field);
    for (int p = 0; p < POINTS; p++) {
        transformed[p] = field[p];
    }
}

/* One more unit of time. */
static void evolve(void)
{
    for (int p = 0; p < POINTS; p++) {
        transformed[p].re *= decay[p];
        transformed[p].im *= decay[p];
        field[p] = transformed[p];
    }
}

static void inverse(void)
{
    along_z(INVERSE, field);
    along_y(INVERSE, field);
    along_x(INVERSE, field);
}

static struct complex checksum(void)
{
    struct complex sum = {0, 0};
    for (int j = 1; j <= SUMMANDS; j++) {
        struct complex value = field[(size_t) (5 * j % NZ * NY + 3 * j % NY) * NX + j % NX];
        sum.re += value.re;
        sum.im += value.im;
    }
    return (struct complex) {sum.re / POINTS, sum.im / POINTS};
}

static bool near(double value, double reference)
{
    return __builtin_fabs((value - reference) / reference) <= EPSILON;
}

static void prepare(void)
{
    make_decay();
    make_field();
    make_roots();
}

int guest_main(const char *arguments)
{
    (void) arguments;
    print("\n\n NAS Parallel Benchmarks (NPB3.3-SER) - FT Benchmark\n\n");
    print(" Size                : %4dx%4dx%4d\n", NX, NY, NZ);
    print(" Iterations          : %10d\n", ITERATIONS);

    prepare();
    forward();  /* untimed, as the rules say, to touch all code and data */

    struct timer start = timer_start();
    prepare();
    forward();
    bool verified = true;
    for (int i = 1; i <= ITERATIONS; i++) {
        evolve();
        inverse();
        struct complex sum = checksum();
        print(" T = %5d     Checksum = %22.12E %22.12E\n", i, sum.re, sum.im);
        verified &= near(sum.re, REFERENCE[i - 1].re) && near(sum.im, REFERENCE[i - 1].im);
    }
    struct timer elapsed = timer_stop(start);

    print(verified ? " Result verification successful\n" : " Result verification failed\n");
    const double points = POINTS;
    return print_results(&(struct results) {
        .name = "FT", .class = CLASS, .size = points, .iterations = ITERATIONS, .elapsed = elapsed,
        .operations = points * (14.8157 + 7.19641 * log_of(points) + (5.23518 + 7.21113 * log_of(points)) * ITERATIONS),
        .operation_type = "floating point", .verified = verified,
    });
}
