// Conjugate gradients on a sparse symmetric matrix with a dominant diagonal: products with it by compressed rows, as in NPB CG.
#include "kernel.h"

enum { ORDER = 14000, PER_ROW = 12, ENTRIES = ORDER * PER_ROW, ITERATIONS = 40, RESTART = 15 };

struct space {
    uint32_t rows[ORDER + 1];       /* where each row begins */
    uint32_t columns[ENTRIES];
    double entries[ENTRIES];
    double x[ORDER];
    double residual[ORDER];
    double direction[ORDER];
    double product[ORDER];
};

const uint64_t kernel_bytes = sizeof(struct space);

/* The matrix I * PER_ROW + the sum of rings: row i has -1/2 - w at i + stride and i - stride, with strides and weights w < 1/2 drawn once for all rows. */
static void fill_matrix(struct space *space)
{
    uint64_t seed = 0x853c49e6748fea9bull;
    uint32_t strides[PER_ROW / 2];
    double weights[PER_ROW / 2];
    for (int k = 0; k < PER_ROW / 2; k++) {
        strides[k] = 1 + (uint32_t) (next_random(&seed) % (ORDER / 2 - 1));
        weights[k] = 0.5 + 0x1p-33 * (double) (next_random(&seed) >> 32);
    }
    strides[0] = 0;
    for (uint32_t row = 0, at = 0; row < ORDER; row++) {
        space->rows[row] = at;
        for (int k = 0; k < PER_ROW / 2; k++, at += 2) {
            space->columns[at] = (row + strides[k]) % ORDER;
            space->columns[at + 1] = (row + ORDER - strides[k]) % ORDER;
            space->entries[at] = space->entries[at + 1] = k == 0 ? PER_ROW / 2 : -weights[k];
        }
    }
    space->rows[ORDER] = ENTRIES;
}

__attribute__((noinline)) static void multiply(const struct space *space, const double *vector, double *product)
{
    for (int row = 0; row < ORDER; row++) {
        double sum = 0;
        for (uint32_t at = space->rows[row]; at < space->rows[row + 1]; at++) {
            sum += space->entries[at] * vector[space->columns[at]];
        }
        product[row] = sum;
    }
}

__attribute__((noinline)) static double dot(const double *a, const double *b)
{
    double sum = 0;
    for (int i = 0; i < ORDER; i++) {
        sum += a[i] * b[i];
    }
    return sum;
}

/* y += factor * x */
__attribute__((noinline)) static void add(double *y, double factor, const double *x)
{
    for (int i = 0; i < ORDER; i++) {
        y[i] += factor * x[i];
    }
}

/* Begins anew with a right-hand side of which the solution is not a constant. */
static double begin(struct space *space, uint64_t iteration)
{
    for (int i = 0; i < ORDER; i++) {
        space->x[i] = 0;
        space->residual[i] = space->direction[i] = 1 + 0x1p-10 * (double) ((uint64_t) i * 37 % 101 + iteration);
    }
    return dot(space->residual, space->residual);
}

uint64_t kernel(void *memory, uint64_t percent)
{
    struct space *space = memory;
    fill_matrix(space);
    uint64_t sum = 0;
    double square = 0;
    uint64_t iterations = share(ITERATIONS, percent);
    for (uint64_t n = 0; n < iterations; n++) {
        if (n % RESTART == 0) {
            square = begin(space, n);
        }
        multiply(space, space->direction, space->product);
        double step = square / dot(space->direction, space->product);
        add(space->x, step, space->direction);
        add(space->residual, -step, space->product);
        double former = square;
        square = dot(space->residual, space->residual);
        for (int i = 0; i < ORDER; i++) {
            space->direction[i] = space->residual[i] + square / former * space->direction[i];
        }
        sum = digest(sum, bits_of(square));
    }
    return digest(sum, bits_of(dot(space->x, space->x)));
}
