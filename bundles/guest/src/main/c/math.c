#include "guest.h"

union bits {
    double value;
    uint64_t word;
};

static const double LN2_HIGH = 0x1.62e42fefp-1;         /* ends in zeros: k * LN2_HIGH is exact for exponents k */
static const double LN2_LOW = 0x1.473de6af278edp-34;

/* x = 2^k (1 + f) with 1 + f in [sqrt(1/2), sqrt(2)); log(1 + f) = 2 atanh(s), s = f / (2 + f), by its Taylor series. */
double log_of(double x)
{
    union bits u = {x};
    const uint64_t sqrt_half = 0x3fe6a09e667f3bcdull;
    int64_t k = (int64_t) (u.word - sqrt_half) >> 52;
    u.word -= (uint64_t) k << 52;
    double f = u.value - 1;
    double s = f / (2 + f);
    double z = s * s;
    double series = 2.0 / 25;
    series = 2.0 / 23 + z * series;
    series = 2.0 / 21 + z * series;
    series = 2.0 / 19 + z * series;
    series = 2.0 / 17 + z * series;
    series = 2.0 / 15 + z * series;
    series = 2.0 / 13 + z * series;
    series = 2.0 / 11 + z * series;
    series = 2.0 / 9 + z * series;
    series = 2.0 / 7 + z * series;
    series = 2.0 / 5 + z * series;
    series = 2.0 / 3 + z * series;
    /* 2s = f - f^2/2 + s f^2/2 keeps the leading term exact. */
    double half_square = 0.5 * f * f;
    double tail = s * (half_square + z * series) + (double) k * LN2_LOW;
    return (double) k * LN2_HIGH + (f - (half_square - tail));
}

/* e^x = 2^k e^r with |r| <= ln(2) / 2, by its Taylor series. */
double exp_of(double x)
{
    int64_t k = (int64_t) (x * 0x1.71547652b82fep0 + (x < 0 ? -0.5 : 0.5));
    double r = (x - (double) k * LN2_HIGH) - (double) k * LN2_LOW;
    double series = 1;
    for (int n = 14; n > 0; n--) {
        series = 1 + r / n * series;
    }
    union bits scale = {.word = (uint64_t) (k + 1023) << 52};
    return series * scale.value;
}
