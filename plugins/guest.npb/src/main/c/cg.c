// Kernel CG, RNR-94-007 section 2.2.3: the smallest eigenvalue of a sparse symmetric matrix, by inverse power iteration with conjugate gradients.
#include "npb.h"

#if CLASS == 'S'
enum { NA = 1400, NONZER = 7, NITER = 15 };
static const double SHIFT = 10, REFERENCE_ZETA = 8.5971775078648;
#elif CLASS == 'W'
enum { NA = 7000, NONZER = 8, NITER = 15 };
static const double SHIFT = 12, REFERENCE_ZETA = 10.362595087124;
#elif CLASS == 'A'
enum { NA = 14000, NONZER = 11, NITER = 15 };
static const double SHIFT = 20, REFERENCE_ZETA = 17.130235054029;
#elif CLASS == 'B'
enum { NA = 75000, NONZER = 13, NITER = 75 };
static const double SHIFT = 60, REFERENCE_ZETA = 22.712745482631;
#endif

enum { CG_ITERATIONS = 25, VECTOR = NONZER + 1, NZ = NA * VECTOR * VECTOR };
static const double RCOND = 0.1, EPSILON = 1e-10;
static const uint64_t AMULT = 1220703125, SEED = 314159265;

/* The matrix, by compressed rows. */
static double a[NZ];
static int colidx[NZ];
static int rowstr[NA + 1];
static int row_length[NA];

/* The random sparse vectors whose outer products it is the sum of. */
static int vector_length[NA];
static int vector_index[NA][VECTOR];
static double vector_value[NA][VECTOR];

static double x[NA], z[NA], p[NA], q[NA], r[NA];
static uint64_t tran = SEED;

static int find(const int *indices, int count, int index)
{
    int at = 0;
    while (at < count && indices[at] != index) {
        at++;
    }
    return at;
}

/* Appendix sprnvc: NONZER random values at different random indices. */
static void sprnvc(int *indices, double *values)
{
    int range = 1;
    while (range < NA) {
        range *= 2;
    }
    for (int count = 0; count < NONZER;) {
        double value = randlc(&tran, AMULT);
        int index = (int) (range * randlc(&tran, AMULT));
        if (index < NA && find(indices, count, index) == count) {
            indices[count] = index;
            values[count++] = value;
        }
    }
}

/* vecset: sets the element of that index, which becomes the last if there is none. Returns the new count. */
static int vecset(int *indices, double *values, int count, int index, double value)
{
    int at = find(indices, count, index);
    indices[at] = index;
    values[at] = value;
    return at == count ? count + 1 : count;
}

/* Adds to an element; the columns of a row ascend. */
static void add(int row, int column, double value)
{
    int at = rowstr[row];
    int end = at + row_length[row];
    while (at < end && colidx[at] < column) {
        at++;
    }
    if (at == end || colidx[at] != column) {
        for (int k = end; k > at; k--) {
            colidx[k] = colidx[k - 1];
            a[k] = a[k - 1];
        }
        colidx[at] = column;
        a[at] = 0;
        row_length[row]++;
    }
    a[at] += value;
}

/* Gives each row room for all that may be added to it. */
static void reserve_rows(void)
{
    for (int i = 0; i < NA; i++) {
        for (int e = 0; e < vector_length[i]; e++) {
            rowstr[vector_index[i][e] + 1] += vector_length[i];
        }
    }
    for (int row = 0; row < NA; row++) {
        rowstr[row + 1] += rowstr[row];
    }
}

/* Takes the room out that was not used. */
static void close_up_rows(void)
{
    int to = 0;
    for (int row = 0; row < NA; row++) {
        int from = rowstr[row];
        rowstr[row] = to;
        for (int k = 0; k < row_length[row]; k++, to++) {
            colidx[to] = colidx[from + k];
            a[to] = a[from + k];
        }
    }
    rowstr[NA] = to;
}

/* A = sum of w_i x_i x_i^T + (RCOND - SHIFT) I with w_i falling geometrically from 1 to RCOND. */
static void makea(void)
{
    for (int i = 0; i < NA; i++) {
        sprnvc(vector_index[i], vector_value[i]);
        vector_length[i] = vecset(vector_index[i], vector_value[i], NONZER, i, 0.5);
    }
    reserve_rows();
    double weight = 1;
    const double ratio = exp_of(log_of(RCOND) / NA);
    for (int i = 0; i < NA; i++) {
        for (int e = 0; e < vector_length[i]; e++) {
            int row = vector_index[i][e];
            double scale = weight * vector_value[i][e];
            for (int c = 0; c < vector_length[i]; c++) {
                int column = vector_index[i][c];
                double value = vector_value[i][c] * scale;
                add(row, column, row == i && column == i ? value + RCOND - SHIFT : value);
            }
        }
        weight *= ratio;
    }
    close_up_rows();
}

static void multiply(const double *vector, double *product)
{
    for (int row = 0; row < NA; row++) {
        double sum = 0;
        for (int k = rowstr[row]; k < rowstr[row + 1]; k++) {
            sum += a[k] * vector[colidx[k]];
        }
        product[row] = sum;
    }
}

static double dot(const double *u, const double *v)
{
    double sum = 0;
    for (int i = 0; i < NA; i++) {
        sum += u[i] * v[i];
    }
    return sum;
}

/* Solves A z = x as far as CG_ITERATIONS go; returns ||x - A z||. */
static double conj_grad(void)
{
    for (int i = 0; i < NA; i++) {
        z[i] = 0;
        r[i] = x[i];
        p[i] = x[i];
    }
    double rho = dot(r, r);
    for (int iteration = 0; iteration < CG_ITERATIONS; iteration++) {
        multiply(p, q);
        double alpha = rho / dot(p, q);
        for (int i = 0; i < NA; i++) {
            z[i] += alpha * p[i];
            r[i] -= alpha * q[i];
        }
        double rho0 = rho;
        rho = dot(r, r);
        double beta = rho / rho0;
        for (int i = 0; i < NA; i++) {
            p[i] = r[i] + beta * p[i];
        }
    }
    multiply(z, r);
    double sum = 0;
    for (int i = 0; i < NA; i++) {
        double d = x[i] - r[i];
        sum += d * d;
    }
    return __builtin_sqrt(sum);
}

static void start_vector(void)
{
    for (int i = 0; i < NA; i++) {
        x[i] = 1;
    }
}

/* x = z / ||z||; returns the estimate of the eigenvalue. */
static double power_step(void)
{
    double zeta = SHIFT + 1 / dot(x, z);
    double norm = 1 / __builtin_sqrt(dot(z, z));
    for (int i = 0; i < NA; i++) {
        x[i] = norm * z[i];
    }
    return zeta;
}

int guest_main(const char *arguments)
{
    (void) arguments;
    print("\n\n NAS Parallel Benchmarks (NPB3.3-SER) - CG Benchmark\n\n");
    print(" Size: %11d\n", NA);
    print(" Iterations: %5d\n", NITER);

    struct timer start = timer_start();
    randlc(&tran, AMULT);
    makea();
    start_vector();
    conj_grad();    /* untimed, as the rules say, to touch all code and data */
    power_step();
    start_vector();
    print("\n Initialization time = %15.3f seconds\n", seconds(timer_stop(start)));

    print("\n   iteration           ||r||                 zeta\n");
    start = timer_start();
    double zeta = 0;
    for (int iteration = 1; iteration <= NITER; iteration++) {
        double rnorm = conj_grad();
        zeta = power_step();
        print("    %5d       %20.14E%20.13f\n", iteration, rnorm, zeta);
    }
    struct timer elapsed = timer_stop(start);

    print(" Benchmark completed\n");
    double error = __builtin_fabs(zeta - REFERENCE_ZETA) / REFERENCE_ZETA;
    bool verified = error <= EPSILON;
    print(verified ? " VERIFICATION SUCCESSFUL\n" : " VERIFICATION FAILED\n");
    print(" Zeta is    %20.13E\n", zeta);
    print(verified ? " Error is   %20.13E\n" : " The correct zeta is %20.13E\n", verified ? error : REFERENCE_ZETA);
    const double fill = NONZER * (NONZER + 1.0);
    return print_results(&(struct results) {
        .name = "CG", .class = CLASS, .size = NA, .iterations = NITER, .elapsed = elapsed,
        .operations = 2.0 * NITER * NA * (3 + fill + CG_ITERATIONS * (5 + fill) + 3),
        .operation_type = "floating point", .verified = verified,
    });
}
