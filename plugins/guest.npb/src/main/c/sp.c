// Application SP, RNR-94-007 section 4.7.3: the blocks are diagonalized, which leaves scalar pentadiagonal systems along each axis.
#if CLASS == 'S'
enum { N = 12, STEPS = 100 };
#define DT 0.015
#define RESIDUAL {2.7470315451339479e-02, 1.0360746705285417e-02, 1.6235745065095532e-02, 1.5840557224455615e-02, 3.4849040609362460e-02}
#define ERROR {2.7289258557377227e-05, 1.0364446640837285e-05, 1.6154798287166471e-05, 1.5750704994480102e-05, 3.4177666183390531e-05}
#elif CLASS == 'W'
enum { N = 36, STEPS = 400 };
#define DT 0.0015
#define RESIDUAL {0.1893253733584e-02, 0.1717075447775e-03, 0.2778153350936e-03, 0.2887475409984e-03, 0.3143611161242e-02}
#define ERROR {0.7542088599534e-04, 0.6512852253086e-05, 0.1049092285688e-04, 0.1128838671535e-04, 0.1212845639773e-03}
#elif CLASS == 'A'
enum { N = 64, STEPS = 400 };
#define DT 0.0015
#define RESIDUAL {2.4799822399300195, 1.1276337964368832, 1.5028977888770491, 1.4217816211695179, 2.1292113035138280}
#define ERROR {1.0900140297820550e-04, 3.7343951769282091e-05, 5.0092785406541633e-05, 4.7671093939528255e-05, 1.3621613399213001e-04}
#elif CLASS == 'B'
enum { N = 102, STEPS = 400 };
#define DT 0.001
#define RESIDUAL {0.6903293579998e+02, 0.3095134488084e+02, 0.4103336647017e+02, 0.3864769009604e+02, 0.5643482272596e+02}
#define ERROR {0.9810006190188e-02, 0.1022827905670e-02, 0.1720597911692e-02, 0.1694479428231e-02, 0.1847456263981e-01}
#endif

#include "cfd_main.h"

enum { BANDS = 5, DIAGONAL = 2 };

static const double BT = 0.70710678118654752440;    /* the root of a half */

static double sound[POINTS];

/* The bands of a line's system for the waves that travel with the flow, ahead of it and behind it. */
static double flow[N][BANDS], ahead[N][BANDS], behind[N][BANDS];

static void derive_sound(void)
{
    for (int p = 0; p < POINTS; p++) {
        sound[p] = __builtin_sqrt(C1 * C2 * inverse_density[p] * (u[p][ENERGY] - kinetic[p]));
    }
}

INLINE double larger(double a, double b)
{
    return a > b ? a : b;
}

/* The largest of the diffusion coefficients at a point. */
INLINE double diffusion_at(const int axis, int p)
{
    double r = C3C4 * inverse_density[p];
    return DIFFUSION[axis] + larger(larger(CON43 * r, C1 * C5 * r), r);
}

INLINE void add_dissipation(double *band, int at)
{
    const double c = DT * DSSP;
    band[0] += at > 2 ? c : 0;
    band[1] -= at > 1 ? 4 * c : 0;
    band[2] += (at == 1 || at == N - 2 ? 5 : 6) * c;
    band[3] -= at < N - 2 ? 4 * c : 0;
    band[4] += at < N - 3 ? c : 0;
}

/* The bands for the line that begins at a point; the identity at its ends. */
INLINE void set_up(const int axis, int first)
{
    const double convective = DT * T2, viscous = DT * T1;
    const int s = STRIDE[axis];
    for (int at = 0; at < N; at++) {
        bool end = at == 0 || at == N - 1;
        int p = first + at * s;
        for (int b = 0; b < BANDS; b++) {
            flow[at][b] = end && b == DIAGONAL ? 1 : 0;
        }
        if (!end) {
            flow[at][1] = -convective * velocity[axis][p - s] - viscous * diffusion_at(axis, p - s);
            flow[at][2] = 1 + 2 * viscous * diffusion_at(axis, p);
            flow[at][3] = convective * velocity[axis][p + s] - viscous * diffusion_at(axis, p + s);
            add_dissipation(flow[at], at);
        }
        for (int b = 0; b < BANDS; b++) {
            ahead[at][b] = flow[at][b];
            behind[at][b] = flow[at][b];
        }
        if (!end) {
            ahead[at][1] -= convective * sound[p - s];
            ahead[at][3] += convective * sound[p + s];
            behind[at][1] += convective * sound[p - s];
            behind[at][3] -= convective * sound[p + s];
        }
    }
}

/* Takes row at, divided by its diagonal, out of the row that has it in band b. */
INLINE void eliminate(double (*band)[BANDS], int at, int row, int b, int first, int s, const int from, const int to)
{
    double factor = band[row][b];
    band[row][b + 1] -= factor * band[at][3];
    band[row][b + 2] -= factor * band[at][4];
    for (int m = from; m <= to; m++) {
        rhs[first + row * s][m] -= factor * rhs[first + at * s][m];
    }
}

/* Solves a pentadiagonal system for the components from..to of the line. */
INLINE void solve(double (*band)[BANDS], int first, int s, const int from, const int to)
{
    for (int at = 0; at < N; at++) {
        double inverse = 1 / band[at][DIAGONAL];
        band[at][3] *= inverse;
        band[at][4] *= inverse;
        for (int m = from; m <= to; m++) {
            rhs[first + at * s][m] *= inverse;
        }
        if (at + 1 < N) {
            eliminate(band, at, at + 1, 1, first, s, from, to);
        }
        if (at + 2 < N) {
            eliminate(band, at, at + 2, 0, first, s, from, to);
        }
    }
    for (int at = N - 2; at >= 0; at--) {
        for (int m = from; m <= to; m++) {
            double value = rhs[first + at * s][m] - band[at][3] * rhs[first + (at + 1) * s][m];
            rhs[first + at * s][m] = at + 2 < N ? value - band[at][4] * rhs[first + (at + 2) * s][m] : value;
        }
    }
}

INLINE void solve_line(const int axis, int first)
{
    set_up(axis, first);
    solve(flow, first, STRIDE[axis], 0, 2);
    solve(ahead, first, STRIDE[axis], 3, 3);
    solve(behind, first, STRIDE[axis], 4, 4);
}

/* From the conserved quantities to the characteristic ones of the x axis. */
INLINE void to_characteristics(int p)
{
    double *r = rhs[p];
    double r1 = r[0], r2 = r[1], r3 = r[2], r4 = r[3], r5 = r[4];
    double x = velocity[0][p], y = velocity[1][p], z = velocity[2][p], inverse = inverse_density[p], c = sound[p];
    double t1 = C2 / (c * c) * (specific_kinetic[p] * r1 - x * r2 - y * r3 - z * r4 + r5);
    double t2 = BT * inverse * (x * r1 - r2);
    double t3 = BT * inverse * c * t1;
    r[0] = r1 - t1;
    r[1] = -inverse * (z * r1 - r4);
    r[2] = inverse * (y * r1 - r3);
    r[3] = t3 - t2;
    r[4] = t3 + t2;
}

INLINE void from_x_to_y(int p)
{
    double *r = rhs[p];
    double r1 = r[0], r2 = r[1], r3 = r[2], r4 = r[3], r5 = r[4];
    double t1 = BT * r3, t2 = 0.5 * (r4 + r5);
    r[0] = -r2;
    r[1] = r1;
    r[2] = BT * (r4 - r5);
    r[3] = t2 - t1;
    r[4] = t2 + t1;
}

INLINE void from_y_to_z(int p)
{
    double *r = rhs[p];
    double r1 = r[0], r2 = r[1], r3 = r[2], r4 = r[3], r5 = r[4];
    double t1 = BT * r1, t2 = 0.5 * (r4 + r5);
    r[0] = BT * (r4 - r5);
    r[1] = -r3;
    r[2] = r2;
    r[3] = t2 - t1;
    r[4] = t2 + t1;
}

INLINE void from_characteristics(int p)
{
    double *r = rhs[p];
    double r1 = r[0], r2 = r[1], r3 = r[2], r4 = r[3], r5 = r[4];
    double x = velocity[0][p], y = velocity[1][p], z = velocity[2][p], density = u[p][0], c = sound[p];
    double b = BT * density;
    double t1 = b / c * (r4 + r5), t2 = r3 + t1, t3 = b * (r4 - r5);
    r[0] = t2;
    r[1] = -density * r2 + x * t2;
    r[2] = density * r1 + y * t2;
    r[3] = z * t2 + t3;
    r[4] = density * (y * r1 - x * r2) + specific_kinetic[p] * t2 + c * c / C2 * t1 + z * t3;
}

INLINE void everywhere_inside(void (*change)(int p))
{
    for (int k = 1; k < N - 1; k++) {
        for (int j = 1; j < N - 1; j++) {
            for (int i = 1; i < N - 1; i++) {
                change(point(i, j, k));
            }
        }
    }
}

INLINE void solve_axis(const int axis)
{
    for (int b = 1; b < N - 1; b++) {
        for (int a = 1; a < N - 1; a++) {
            solve_line(axis, axis == 0 ? point(0, a, b) : axis == 1 ? point(a, 0, b) : point(a, b, 0));
        }
    }
}

static void solve_x(void)
{
    solve_axis(0);
    everywhere_inside(from_x_to_y);
}

static void solve_y(void)
{
    solve_axis(1);
    everywhere_inside(from_y_to_z);
}

static void solve_z(void)
{
    solve_axis(2);
    everywhere_inside(from_characteristics);
}

static void step(void)
{
    compute_rhs();
    scale_rhs(DT);
    derive_sound();
    everywhere_inside(to_characteristics);
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
        .name = "SP", .begin = initialize, .step = step, .verify = verify_norms,
        .operations = 881.174 * n * n * n - 4683.91 * n * n + 11484.5 * n - 19272.4,
    });
}
