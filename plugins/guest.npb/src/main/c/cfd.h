// The problem that BT, SP and LU solve, RNR-94-007 section 4: the compressible Navier-Stokes equations on a cube, with a forcing term for which a
// polynomial is the steady solution. Included by each of them behind N, the number of points along each axis: the compiler then knows all strides.
#ifndef CFD_H
#define CFD_H

#include "npb.h"

#define INLINE static inline __attribute__((always_inline))

/* Density, the three momenta, energy; PAD keeps rows from falling into one place of a cache. */
enum { COMPONENTS = 5, ENERGY = 4, AXES = 3, PAD = N / 2 * 2 + 1, POINTS = N * N * PAD };

static const double C1 = 1.4, C2 = 0.4, C3 = 0.1, C4 = 1, C5 = 1.4;
static const double CON43 = 4.0 / 3, CON16 = 1.0 / 6;
static const double C3C4 = 0.1, C1345 = 1.4 * 1.4 * 0.1;
static const double DSSP = 0.25;    /* a quarter of the largest of DIFFUSION */

/* Of each axis, the same for all components. */
static const double DIFFUSION[AXES] = {0.75, 0.75, 1};

static const double T1 = (N - 1.0) * (N - 1.0), T2 = (N - 1.0) / 2, T3 = N - 1.0;
static const int STRIDE[AXES] = {1, PAD, N * PAD};

static double u[POINTS][COMPONENTS];
static double rhs[POINTS][COMPONENTS];
static double forcing[POINTS][COMPONENTS];

/* What follows from u at each point. */
static double inverse_density[POINTS];
static double velocity[AXES][POINTS];
static double kinetic[POINTS];          /* energy of a volume */
static double specific_kinetic[POINTS]; /* the same for a mass */

INLINE int point(int i, int j, int k)
{
    return (k * N + j) * PAD + i;
}

/* Section 4.1: the polynomial, at x, y, z from 0 to 1. */
static void exact_solution(double x, double y, double z, double *solution)
{
    static const double ce[COMPONENTS][13] = {
        {2, 0, 0, 4, 5, 3, 0.5, 0.02, 0.01, 0.03, 0.5, 0.4, 0.3},
        {1, 0, 0, 0, 1, 2, 3, 0.01, 0.03, 0.02, 0.4, 0.3, 0.5},
        {2, 2, 0, 0, 0, 2, 3, 0.04, 0.03, 0.05, 0.3, 0.5, 0.4},
        {2, 2, 0, 0, 0, 2, 3, 0.03, 0.05, 0.04, 0.2, 0.1, 0.3},
        {5, 4, 3, 2, 0.1, 0.4, 0.3, 0.05, 0.04, 0.03, 0.1, 0.3, 0.2},
    };
    for (int m = 0; m < COMPONENTS; m++) {
        const double *c = ce[m];
        solution[m] = c[0] + x * (c[1] + x * (c[4] + x * (c[7] + x * c[10])))
            + y * (c[2] + y * (c[5] + y * (c[8] + y * c[11])))
            + z * (c[3] + z * (c[6] + z * (c[9] + z * c[12])));
    }
}

static void exact_at(int i, int j, int k, double *solution)
{
    const double h = 1.0 / (N - 1);
    exact_solution(i * h, j * h, k * h, solution);
}

INLINE bool on_boundary(int i, int j, int k)
{
    return i == 0 || j == 0 || k == 0 || i == N - 1 || j == N - 1 || k == N - 1;
}

/* Between the exact values of two opposite faces. */
static double between(double low, double high, double at)
{
    return at * high + (1 - at) * low;
}

/* The exact solution on the boundary, transfinite interpolation of it inside. */
static void initialize(void)
{
    const double h = 1.0 / (N - 1);
    for (int k = 0; k < N; k++) {
        for (int j = 0; j < N; j++) {
            for (int i = 0; i < N; i++) {
                double *to = u[point(i, j, k)];
                if (on_boundary(i, j, k)) {
                    exact_at(i, j, k, to);
                    continue;
                }
                double west[COMPONENTS], east[COMPONENTS], south[COMPONENTS], north[COMPONENTS], bottom[COMPONENTS], top[COMPONENTS];
                double x = i * h, y = j * h, z = k * h;
                exact_solution(0, y, z, west);
                exact_solution(1, y, z, east);
                exact_solution(x, 0, z, south);
                exact_solution(x, 1, z, north);
                exact_solution(x, y, 0, bottom);
                exact_solution(x, y, 1, top);
                for (int m = 0; m < COMPONENTS; m++) {
                    double px = between(west[m], east[m], x);
                    double py = between(south[m], north[m], y);
                    double pz = between(bottom[m], top[m], z);
                    to[m] = px + py + pz - px * py - px * pz - py * pz + px * py * pz;
                }
            }
        }
    }
}

static void derive(void)
{
    for (int p = 0; p < POINTS; p++) {
        double inverse = 1 / u[p][0];
        double sum = 0;
        for (int axis = 0; axis < AXES; axis++) {
            velocity[axis][p] = u[p][axis + 1] * inverse;
            sum += u[p][axis + 1] * u[p][axis + 1];
        }
        inverse_density[p] = inverse;
        kinetic[p] = 0.5 * sum * inverse;
        specific_kinetic[p] = kinetic[p] * inverse;
    }
}

/* Second difference of a quantity that is an expression of a point's number q. */
#define SECOND_DIFFERENCE(expression) \
    (__extension__({ int q = p + s; double after = (expression); q = p; double here = (expression); q = p - s; after - 2 * here + (expression); }))
/* Difference across a point. */
#define DIFFERENCE(expression) \
    (__extension__({ int q = p + s; double after = (expression); q = p - s; after - (expression); }))

/* Adds the fluxes and the viscous terms along an axis, of one point. */
INLINE void add_fluxes(const int axis, int p)
{
    const int s = STRIDE[axis], normal = axis + 1;
    const double d = DIFFUSION[axis] * T1, viscous = C3C4 * T3 * T3;
    const double *w = velocity[axis];
    double *r = rhs[p];
    r[0] += d * SECOND_DIFFERENCE(u[q][0]) - T2 * DIFFERENCE(u[q][normal]);
    for (int m = 1; m <= AXES; m++) {
        const double *v = velocity[m - 1];
        r[m] += d * SECOND_DIFFERENCE(u[q][m]) + (m == normal ? CON43 * viscous : viscous) * SECOND_DIFFERENCE(v[q]) - T2 * DIFFERENCE(u[q][m] * w[q]);
    }
    r[normal] -= T2 * C2 * DIFFERENCE(u[q][ENERGY] - kinetic[q]);
    r[ENERGY] += d * SECOND_DIFFERENCE(u[q][ENERGY]) + viscous * (1 - C1 * C5) * SECOND_DIFFERENCE(specific_kinetic[q])
        + viscous * CON16 * SECOND_DIFFERENCE(w[q] * w[q]) + viscous * C1 * C5 * SECOND_DIFFERENCE(u[q][ENERGY] * inverse_density[q])
        - T2 * DIFFERENCE((C1 * u[q][ENERGY] - C2 * kinetic[q]) * w[q]);
}

/* Takes fourth-order dissipation along an axis away, of a point at index at on it. */
INLINE void subtract_dissipation(const int axis, int p, int at)
{
    const int s = STRIDE[axis];
    for (int m = 0; m < COMPONENTS; m++) {
        double sum = (at == 1 || at == N - 2 ? 5 : 6) * u[p][m];
        if (at > 1) {
            sum -= 4 * u[p - s][m];
        }
        if (at > 2) {
            sum += u[p - 2 * s][m];
        }
        if (at < N - 2) {
            sum -= 4 * u[p + s][m];
        }
        if (at < N - 3) {
            sum += u[p + 2 * s][m];
        }
        rhs[p][m] -= DSSP * sum;
    }
}

INLINE void add_axis(const int axis)
{
    for (int k = 1; k < N - 1; k++) {
        for (int j = 1; j < N - 1; j++) {
            for (int i = 1; i < N - 1; i++) {
                int p = point(i, j, k);
                add_fluxes(axis, p);
                subtract_dissipation(axis, p, axis == 0 ? i : axis == 1 ? j : k);
            }
        }
    }
}

/* rhs = forcing + what the discretized equations make of u, at all points inside. */
static void compute_rhs(void)
{
    derive();
    for (int p = 0; p < POINTS; p++) {
        for (int m = 0; m < COMPONENTS; m++) {
            rhs[p][m] = forcing[p][m];
        }
    }
    add_axis(0);
    add_axis(1);
    add_axis(2);
}

/* The forcing term with which the exact solution is steady. Leaves that solution in u. */
static void compute_forcing(void)
{
    for (int k = 0; k < N; k++) {
        for (int j = 0; j < N; j++) {
            for (int i = 0; i < N; i++) {
                exact_at(i, j, k, u[point(i, j, k)]);
            }
        }
    }
    compute_rhs();
    for (int p = 0; p < POINTS; p++) {
        for (int m = 0; m < COMPONENTS; m++) {
            forcing[p][m] = -rhs[p][m];
        }
    }
}

static void scale_rhs(double factor)
{
    for (int p = 0; p < POINTS; p++) {
        for (int m = 0; m < COMPONENTS; m++) {
            rhs[p][m] *= factor;
        }
    }
}

static void add_rhs(double factor)
{
    for (int p = 0; p < POINTS; p++) {
        for (int m = 0; m < COMPONENTS; m++) {
            u[p][m] += factor * rhs[p][m];
        }
    }
}

/* The derivative of the flux along an axis by u, at a point. */
INLINE void flux_jacobian(const int axis, int p, double jacobian[COMPONENTS][COMPONENTS])
{
    const int normal = axis + 1;
    const double *v = u[p];
    double r = inverse_density[p], w = velocity[axis][p];
    for (int m = 0; m < COMPONENTS; m++) {
        jacobian[0][m] = 0;
    }
    jacobian[0][normal] = 1;
    for (int m = 1; m <= AXES; m++) {
        jacobian[m][0] = -w * velocity[m - 1][p];
        for (int n = 1; n <= AXES; n++) {
            jacobian[m][n] = m == n ? w : 0;
        }
        jacobian[m][normal] += velocity[m - 1][p];
        jacobian[m][ENERGY] = 0;
    }
    jacobian[normal][0] += C2 * specific_kinetic[p];
    for (int n = 1; n <= AXES; n++) {
        jacobian[normal][n] -= C2 * velocity[n - 1][p];
        jacobian[ENERGY][n] = -C2 * velocity[n - 1][p] * w;
    }
    jacobian[normal][ENERGY] = C2;
    jacobian[ENERGY][0] = (2 * C2 * kinetic[p] - C1 * v[ENERGY]) * w * r;
    jacobian[ENERGY][normal] += C1 * v[ENERGY] * r - C2 * specific_kinetic[p];
    jacobian[ENERGY][ENERGY] = C1 * w;
}

/* The derivative of the viscous terms along an axis, likewise. */
INLINE void viscous_jacobian(const int axis, int p, double jacobian[COMPONENTS][COMPONENTS])
{
    const int normal = axis + 1;
    const double *v = u[p];
    double r = inverse_density[p], r2 = r * r;
    for (int m = 0; m < COMPONENTS; m++) {
        for (int n = 0; n < COMPONENTS; n++) {
            jacobian[m][n] = 0;
        }
    }
    double energy = -C1345 * r2 * v[ENERGY];
    for (int m = 1; m <= AXES; m++) {
        const double c = m == normal ? CON43 * C3C4 : C3C4;
        jacobian[m][0] = -c * r2 * v[m];
        jacobian[m][m] = c * r;
        jacobian[ENERGY][m] = (c - C1345) * r2 * v[m];
        energy -= (c - C1345) * r2 * r * v[m] * v[m];
    }
    jacobian[ENERGY][0] = energy;
    jacobian[ENERGY][ENERGY] = C1345 * r;
}

/* Root of the mean square of each component inside. */
static void norm_of_rhs(double *norm)
{
    for (int m = 0; m < COMPONENTS; m++) {
        double sum = 0;
        for (int k = 1; k < N - 1; k++) {
            for (int j = 1; j < N - 1; j++) {
                for (int i = 1; i < N - 1; i++) {
                    double value = rhs[point(i, j, k)][m];
                    sum += value * value;
                }
            }
        }
        norm[m] = __builtin_sqrt(sum / ((N - 2.0) * (N - 2.0) * (N - 2.0)));
    }
}

/* The same of what u is away from the exact solution. */
static void norm_of_error(double *norm)
{
    double sum[COMPONENTS] = {0};
    for (int k = 1; k < N - 1; k++) {
        for (int j = 1; j < N - 1; j++) {
            for (int i = 1; i < N - 1; i++) {
                double exact[COMPONENTS];
                exact_at(i, j, k, exact);
                for (int m = 0; m < COMPONENTS; m++) {
                    double difference = u[point(i, j, k)][m] - exact[m];
                    sum[m] += difference * difference;
                }
            }
        }
    }
    for (int m = 0; m < COMPONENTS; m++) {
        norm[m] = __builtin_sqrt(sum[m] / ((N - 2.0) * (N - 2.0) * (N - 2.0)));
    }
}

#endif
