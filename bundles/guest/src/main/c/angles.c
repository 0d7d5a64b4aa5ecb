#include "guest.h"

static const double HALF_PI_HIGH = 0x1.921fb544p0;     /* ends in zeros: exact when multiplied by 0 to 4 */
static const double HALF_PI_LOW = 0x1.0b4611a626331p-34;

/* sin r for |r| <= pi / 4, by its Taylor series. */
static double sine_near_zero(double r)
{
    double square = r * r;
    double series = 0;
    for (int n = 16; n > 0; n -= 2) {
        series = (1 + series) * (-square / (n * (n + 1)));
    }
    return r + r * series;
}

static double cosine_near_zero(double r)
{
    double square = r * r;
    double series = 0;
    for (int n = 17; n > 1; n -= 2) {
        series = (1 + series) * (-square / (n * (n + 1)));
    }
    return 1 - (square / 2 + square / 2 * series);
}

/* x = quarters * pi / 2 + r: the sine of x, or with another number of quarters of any angle in its place. */
static double sine_of_quarters(double x, int more)
{
    int quarters = (int) (x / HALF_PI_HIGH + 0.5);
    double r = (x - quarters * HALF_PI_HIGH) - quarters * HALF_PI_LOW;
    double value = (quarters + more) & 1 ? cosine_near_zero(r) : sine_near_zero(r);
    return (quarters + more) & 2 ? -value : value;
}

double sin_of(double x)
{
    return sine_of_quarters(x, 0);
}

double cos_of(double x)
{
    return sine_of_quarters(x, 1);
}
