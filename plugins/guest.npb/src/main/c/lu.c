// Application LU, RNR-94-007 section 4.7.1: symmetric successive over-relaxation of a system with lower and upper triangular 5x5 blocks.
#if CLASS == 'S'
enum { N = 12, STEPS = 50 };
#define DT 0.5
#define RESIDUAL {1.6196343210976702e-02, 2.1976745164821318e-03, 1.5179927653399185e-03, 1.5029584435994323e-03, 3.4264073155896461e-02}
#define ERROR {6.4223319957960924e-04, 8.4144342047347926e-05, 5.8588269616485186e-05, 5.8474222595157350e-05, 1.3103347914111294e-03}
#define INTEGRAL 7.8418928865937083
#elif CLASS == 'W'
enum { N = 33, STEPS = 300 };
#define DT 0.0015
#define RESIDUAL {0.1236511638192e+02, 0.1317228477799e+01, 0.2550120713095e+01, 0.2326187750252e+01, 0.2826799444189e+02}
#define ERROR {0.4867877144216, 0.5064652880982e-01, 0.9281818101960e-01, 0.8570126542733e-01, 0.1084277417792e+01}
#define INTEGRAL 0.1161399311023e+02
#elif CLASS == 'A'
enum { N = 64, STEPS = 250 };
#define DT 2.0
#define RESIDUAL {7.7902107606689367e+02, 6.3402765259692870e+01, 1.9499249727292479e+02, 1.7845301160418537e+02, 1.8384760349464247e+03}
#define ERROR {2.9964085685471943e+01, 2.8194576365003349, 7.3473412698774742, 6.7139225687777051, 7.0715315688392578e+01}
#define INTEGRAL 2.6030925604886277e+01
#elif CLASS == 'B'
enum { N = 102, STEPS = 250 };
#define DT 2.0
#define RESIDUAL {3.5532672969982736e+03, 2.6214750795310692e+02, 8.8333721850952190e+02, 7.7812774739425265e+02, 7.3087969592545314e+03}
#define ERROR {1.1401176380212709e+02, 8.1098963655421574, 2.8480597317698308e+01, 2.5905394567832939e+01, 2.6054907504857413e+02}
#define INTEGRAL 4.7887162703308227e+01
#endif

#include "cfd_main.h"

enum { LOWER = -1, UPPER = 1 };

static const double OMEGA = 1.2;

typedef double block[COMPONENTS][COMPONENTS];

/* Of the points of a plane in z: the diagonal block, and those of the three neighbours on the side that is swept from. */
static block diagonal[N][N], neighbour[AXES][N][N];

INLINE void set_up_point(const int side, int i, int j, int k)
{
    double (*d)[COMPONENTS] = diagonal[j][i];
    int p = point(i, j, k);
    for (int m = 0; m < COMPONENTS; m++) {
        for (int n = 0; n < COMPONENTS; n++) {
            d[m][n] = m == n ? 1 : 0;
        }
    }
    for (int axis = 0; axis < AXES; axis++) {
        double (*to)[COMPONENTS] = neighbour[axis][j][i];
        block flux, viscosity;
        viscous_jacobian(axis, p, viscosity);
        for (int m = 0; m < COMPONENTS; m++) {
            for (int n = 0; n < COMPONENTS; n++) {
                d[m][n] += 2 * DT * T1 * (viscosity[m][n] + (m == n ? DIFFUSION[axis] : 0));
            }
        }
        flux_jacobian(axis, p + side * STRIDE[axis], flux);
        viscous_jacobian(axis, p + side * STRIDE[axis], viscosity);
        for (int m = 0; m < COMPONENTS; m++) {
            for (int n = 0; n < COMPONENTS; n++) {
                to[m][n] = side * DT * T2 * flux[m][n] - DT * T1 * (viscosity[m][n] + (m == n ? DIFFUSION[axis] : 0));
            }
        }
    }
}

INLINE void set_up_plane(const int side, int k)
{
    for (int j = 1; j < N - 1; j++) {
        for (int i = 1; i < N - 1; i++) {
            set_up_point(side, i, j, k);
        }
    }
}

/* v = d^-1 v, by Gaussian elimination without pivoting. */
INLINE void solve_block(block d, double *v)
{
    block a;
    for (int m = 0; m < COMPONENTS; m++) {
        for (int n = 0; n < COMPONENTS; n++) {
            a[m][n] = d[m][n];
        }
    }
    for (int pivot = 0; pivot < COMPONENTS; pivot++) {
        double inverse = 1 / a[pivot][pivot];
        for (int m = pivot + 1; m < COMPONENTS; m++) {
            double factor = inverse * a[m][pivot];
            for (int n = pivot + 1; n < COMPONENTS; n++) {
                a[m][n] -= factor * a[pivot][n];
            }
            v[m] -= factor * v[pivot];
        }
    }
    for (int m = COMPONENTS - 1; m >= 0; m--) {
        for (int n = m + 1; n < COMPONENTS; n++) {
            v[m] -= a[m][n] * v[n];
        }
        v[m] /= a[m][m];
    }
}

/* OMEGA times what the neighbours on a side contribute at a point. */
INLINE void contribution(const int side, int i, int j, int p, double *sum)
{
    for (int m = 0; m < COMPONENTS; m++) {
        sum[m] = 0;
        for (int axis = AXES - 1; axis >= 0; axis--) {
            const double *v = rhs[p + side * STRIDE[axis]];
            const double *row = neighbour[axis][j][i][m];
            for (int n = 0; n < COMPONENTS; n++) {
                sum[m] += OMEGA * row[n] * v[n];
            }
        }
    }
}

/* The lower triangular solution, plane by plane. */
static void sweep_up(void)
{
    for (int k = 1; k < N - 1; k++) {
        set_up_plane(LOWER, k);
        for (int j = 1; j < N - 1; j++) {
            for (int i = 1; i < N - 1; i++) {
                int p = point(i, j, k);
                double sum[COMPONENTS];
                contribution(LOWER, i, j, p, sum);
                for (int m = 0; m < COMPONENTS; m++) {
                    rhs[p][m] -= sum[m];
                }
                solve_block(diagonal[j][i], rhs[p]);
            }
        }
    }
}

/* The upper triangular one. */
static void sweep_down(void)
{
    for (int k = N - 2; k > 0; k--) {
        set_up_plane(UPPER, k);
        for (int j = N - 2; j > 0; j--) {
            for (int i = N - 2; i > 0; i--) {
                int p = point(i, j, k);
                double sum[COMPONENTS];
                contribution(UPPER, i, j, p, sum);
                solve_block(diagonal[j][i], sum);
                for (int m = 0; m < COMPONENTS; m++) {
                    rhs[p][m] -= sum[m];
                }
            }
        }
    }
}

static void step(void)
{
    scale_rhs(DT);
    sweep_up();
    sweep_down();
    add_rhs(1 / (OMEGA * (2 - OMEGA)));
    compute_rhs();
}

static double pressure(int i, int j, int k)
{
    int p = point(i, j, k);
    return C2 * (u[p][ENERGY] - kinetic[p]);
}

/* Trapezoidal sum of the pressure over a face and its opposite: index a in first_a..last_a of axis_a, b likewise, at two indices of the third axis. */
static double face_sum(int axis, int low, int high, const int *first, const int *last)
{
    int axis_a = axis == 0 ? 1 : 0, axis_b = axis == 2 ? 1 : 2;
    double sum = 0;
    for (int b = first[axis_b]; b < last[axis_b]; b++) {
        for (int a = first[axis_a]; a < last[axis_a]; a++) {
            for (int corner = 0; corner < 8; corner++) {
                int at[AXES];
                at[axis] = corner & 4 ? high : low;
                at[axis_a] = a + (corner & 1);
                at[axis_b] = b + (corner >> 1 & 1);
                sum += pressure(at[0], at[1], at[2]);
            }
        }
    }
    const double h = 1.0 / (N - 1);
    return sum * h * h;
}

/* Section 4.6.2's surface integral. */
static double surface_integral(void)
{
    const int first[AXES] = {1, 1, 2}, last[AXES] = {N - 2, N - 3, N - 2};
    double sum = 0;
    derive();
    for (int axis = 0; axis < AXES; axis++) {
        sum += face_sum(axis, first[axis], last[axis], first, last);
    }
    return 0.25 * sum;
}

static void start_anew(void)
{
    initialize();
    compute_rhs();
}

static bool verify(void)
{
    static const double reference = INTEGRAL;
    double integral = surface_integral();
    bool good = verify_norms();
    return compare("surface integral", 1, &integral, &reference) && good;
}

int guest_main(const char *arguments)
{
    (void) arguments;
    const double n = N;
    return run_method(&(struct method) {
        .name = "LU", .begin = start_anew, .step = step, .verify = verify,
        .operations = 1984.77 * n * n * n - 10923.3 * n * n + 27770.9 * n - 144010,
    });
}
