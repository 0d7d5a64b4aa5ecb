// Application BT, RNR-94-007 section 4.7.2: block-tridiagonal systems of 5x5 blocks along each axis, by alternating directions.
#if CLASS == 'S'
enum { N = 12, STEPS = 60 };
#define DT 0.01
#define RESIDUAL {1.7034283709541311e-01, 1.2975252070034097e-02, 3.2527926989486055e-02, 2.6436421275166801e-02, 1.9211784131744430e-01}
#define ERROR {4.9976913345811579e-04, 4.5195666782961927e-05, 7.3973765172921357e-05, 7.3821238632439731e-05, 8.9269630987491446e-04}
#elif CLASS == 'W'
enum { N = 24, STEPS = 200 };
#define DT 0.0008
#define RESIDUAL {0.1125590409344e+03, 0.1180007595731e+02, 0.2710329767846e+02, 0.2469174937669e+02, 0.2638427874317e+03}
#define ERROR {0.4419655736008e+01, 0.4638531260002e+00, 0.1011551749967e+01, 0.9235878729944e+00, 0.1018045837718e+02}
#elif CLASS == 'A'
enum { N = 64, STEPS = 200 };
#define DT 0.0008
#define RESIDUAL {1.0806346714637264e+02, 1.1319730901220813e+01, 2.5974354511582465e+01, 2.3665622544678910e+01, 2.5278963211748344e+02}
#define ERROR {4.2348416040525025e+00, 4.4390282496995698e-01, 9.6692480136345650e-01, 8.8302063039765474e-01, 9.7379901770829278e+00}
#elif CLASS == 'B'
enum { N = 102, STEPS = 200 };
#define DT 0.0003
#define RESIDUAL {1.4233597229287254e+03, 9.9330522590150238e+01, 3.5646025644535285e+02, 3.2485447959084092e+02, 3.2707541254659363e+03}
#define ERROR {5.2969847140936856e+01, 4.4632896115670668e+00, 1.3122573342210174e+01, 1.2006925323559144e+01, 1.2459576151035986e+02}
#endif

#include "cfd_main.h"

typedef double block[COMPONENTS][COMPONENTS];

/* Of one line: the blocks below, on and above the diagonal. */
static block below[N], on[N], above[N];

/* r -= a v */
INLINE void subtract_product(block a, const double *v, double *r)
{
    for (int m = 0; m < COMPONENTS; m++) {
        r[m] = r[m] - a[m][0] * v[0] - a[m][1] * v[1] - a[m][2] * v[2] - a[m][3] * v[3] - a[m][4] * v[4];
    }
}

/* c -= a b */
INLINE void subtract_block_product(block a, block b, block c)
{
    for (int n = 0; n < COMPONENTS; n++) {
        for (int m = 0; m < COMPONENTS; m++) {
            c[m][n] = c[m][n] - a[m][0] * b[0][n] - a[m][1] * b[1][n] - a[m][2] * b[2][n] - a[m][3] * b[3][n] - a[m][4] * b[4][n];
        }
    }
}

/* Gauss-Jordan elimination without pivoting: c = a^-1 c, r = a^-1 r; a is used up. c may be null. */
INLINE void solve_block(block a, double (*c)[COMPONENTS], double *r)
{
    for (int pivot = 0; pivot < COMPONENTS; pivot++) {
        double inverse = 1 / a[pivot][pivot];
        for (int n = pivot + 1; n < COMPONENTS; n++) {
            a[pivot][n] *= inverse;
        }
        for (int n = 0; c && n < COMPONENTS; n++) {
            c[pivot][n] *= inverse;
        }
        r[pivot] *= inverse;
        for (int m = 0; m < COMPONENTS; m++) {
            if (m != pivot) {
                double factor = a[m][pivot];
                for (int n = pivot + 1; n < COMPONENTS; n++) {
                    a[m][n] -= factor * a[pivot][n];
                }
                for (int n = 0; c && n < COMPONENTS; n++) {
                    c[m][n] -= factor * c[pivot][n];
                }
                r[m] -= factor * r[pivot];
            }
        }
    }
}

/* The blocks of the line that begins at a point. The identity at its ends. */
INLINE void set_up(const int axis, int first)
{
    const double convective = DT * T2, viscous = DT * T1, diffusive = viscous * DIFFUSION[axis];
    static block flux[N], viscosity[N];
    for (int at = 0; at < N; at++) {
        flux_jacobian(axis, first + at * STRIDE[axis], flux[at]);
        viscous_jacobian(axis, first + at * STRIDE[axis], viscosity[at]);
    }
    for (int at = 0; at < N; at++) {
        bool end = at == 0 || at == N - 1;
        for (int m = 0; m < COMPONENTS; m++) {
            for (int n = 0; n < COMPONENTS; n++) {
                double one = m == n ? 1 : 0;
                below[at][m][n] = end ? 0 : -convective * flux[at - 1][m][n] - viscous * viscosity[at - 1][m][n] - diffusive * one;
                on[at][m][n] = end ? one : one + 2 * viscous * viscosity[at][m][n] + 2 * diffusive * one;
                above[at][m][n] = end ? 0 : convective * flux[at + 1][m][n] - viscous * viscosity[at + 1][m][n] - diffusive * one;
            }
        }
    }
}

/* Solves the system of the line that begins at a point; rhs becomes the solution. */
INLINE void solve_line(const int axis, int first)
{
    const int s = STRIDE[axis];
    set_up(axis, first);
    solve_block(on[0], above[0], rhs[first]);
    for (int at = 1; at < N; at++) {
        double *r = rhs[first + at * s];
        subtract_product(below[at], rhs[first + (at - 1) * s], r);
        subtract_block_product(below[at], above[at - 1], on[at]);
        solve_block(on[at], above[at], r);
    }
    for (int at = N - 2; at >= 0; at--) {
        subtract_product(above[at], rhs[first + (at + 1) * s], rhs[first + at * s]);
    }
}

static void solve_x(void)
{
    for (int k = 1; k < N - 1; k++) {
        for (int j = 1; j < N - 1; j++) {
            solve_line(0, point(0, j, k));
        }
    }
}

static void solve_y(void)
{
    for (int k = 1; k < N - 1; k++) {
        for (int i = 1; i < N - 1; i++) {
            solve_line(1, point(i, 0, k));
        }
    }
}

static void solve_z(void)
{
    for (int j = 1; j < N - 1; j++) {
        for (int i = 1; i < N - 1; i++) {
            solve_line(2, point(i, j, 0));
        }
    }
}

static void step(void)
{
    compute_rhs();
    scale_rhs(DT);
    solve_x();
    solve_y();
    solve_z();
    add_rhs(1);
}

int guest_main(const char *arguments)
{
    (void) arguments;
    const double n = N;
    return run_method(&(struct method) {
        .name = "BT", .begin = initialize, .step = step, .verify = verify_norms,
        .operations = 3478.8 * n * n * n - 17655.7 * n * n + 28023.7 * n,
    });
}
