// Block solver: block tridiagonal systems of 5 x 5 blocks by the Thomas algorithm, as along each line of NPB BT.
#include "kernel.h"

enum { B = 5, CELLS = 60, LINES = 580 };

typedef double block[B][B];
typedef double vector[B];

struct space {
    block below[CELLS];
    block diagonal[CELLS];
    block above[CELLS];
    vector right[CELLS];
};

const uint64_t kernel_bytes = sizeof(struct space);

static void fill(struct space *space, uint64_t line)
{
    for (int cell = 0; cell < CELLS; cell++) {
        for (int i = 0; i < B; i++) {
            for (int j = 0; j < B; j++) {
                double t = 0.01 * (double) (((uint64_t) (cell * 7 + i * 5 + j * 3) + line) % 17);
                space->below[cell][i][j] = t - 0.05;
                space->diagonal[cell][i][j] = (i == j ? 2 : 0) + 0.1 * t;
                space->above[cell][i][j] = 0.07 - 0.5 * t;
            }
            space->right[cell][i] = 1 + 0.01 * i + 0.001 * cell;
        }
    }
}

/* y -= a x */
__attribute__((noinline)) static void subtract_product(vector y, block a, vector x)
{
    for (int i = 0; i < B; i++) {
        y[i] = y[i] - a[i][0] * x[0] - a[i][1] * x[1] - a[i][2] * x[2] - a[i][3] * x[3] - a[i][4] * x[4];
    }
}

/* c -= a b */
__attribute__((noinline)) static void subtract_block_product(block c, block a, block b)
{
    for (int j = 0; j < B; j++) {
        for (int i = 0; i < B; i++) {
            c[i][j] = c[i][j] - a[i][0] * b[0][j] - a[i][1] * b[1][j] - a[i][2] * b[2][j] - a[i][3] * b[3][j] - a[i][4] * b[4][j];
        }
    }
}

/* Row i of the system a x = (c, r) less row p times its element in column p. */
#define ELIMINATE(i, p)                     \
    do {                                    \
        double factor = a[i][p];            \
        for (int j = (p) + 1; j < B; j++) { \
            a[i][j] -= factor * a[p][j];    \
        }                                   \
        for (int j = 0; j < B; j++) {       \
            c[i][j] -= factor * c[p][j];    \
        }                                   \
        r[i] -= factor * r[p];              \
    } while (0)

/* c = a^-1 c, r = a^-1 r, by Gauss-Jordan without pivoting: the diagonal dominates. */
__attribute__((noinline, optimize("unroll-all-loops"))) static void solve(block a, block c, vector r)
{
    for (int p = 0; p < B; p++) {
        double pivot = 1 / a[p][p];
        for (int j = p + 1; j < B; j++) {
            a[p][j] *= pivot;
        }
        for (int j = 0; j < B; j++) {
            c[p][j] *= pivot;
        }
        r[p] *= pivot;
        for (int i = 0; i < B; i++) {
            if (i != p) {
                ELIMINATE(i, p);
            }
        }
    }
}

static void solve_line(struct space *space)
{
    solve(space->diagonal[0], space->above[0], space->right[0]);
    for (int cell = 1; cell < CELLS; cell++) {
        subtract_product(space->right[cell], space->below[cell], space->right[cell - 1]);
        subtract_block_product(space->diagonal[cell], space->below[cell], space->above[cell - 1]);
        solve(space->diagonal[cell], space->above[cell], space->right[cell]);
    }
    for (int cell = CELLS - 2; cell >= 0; cell--) {
        subtract_product(space->right[cell], space->above[cell], space->right[cell + 1]);
    }
}

uint64_t kernel(void *memory, uint64_t percent)
{
    struct space *space = memory;
    uint64_t sum = 0;
    uint64_t lines = share(LINES, percent);
    for (uint64_t line = 0; line < lines; line++) {
        fill(space, line);
        solve_line(space);
        sum = digest(digest(sum, bits_of(space->right[0][0])), bits_of(space->right[CELLS / 2][3]));
    }
    return sum;
}
