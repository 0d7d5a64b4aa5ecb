// Formatted output. Floating point is converted exactly, in base 10^9, and rounded half to even.
#include <stdarg.h>

#include "guest.h"

enum { LIMB = 1000000000, LIMB_DIGITS = 9, INTEGER_LIMBS = 36, FRACTION_LIMBS = 120, LIMBS = INTEGER_LIMBS + FRACTION_LIMBS };
enum { DIGITS = LIMBS * LIMB_DIGITS, POINT = INTEGER_LIMBS * LIMB_DIGITS };

struct format {
    bool left;
    bool zero;
    int width;
    int precision;      /* -1 if not given */
    bool is_long;
    char conversion;
};

static void pad(int count, char c)
{
    for (; count > 0; count--) {
        console_write(c);
    }
}

/* A sign or none, then the body, in the field. */
static void field(const struct format *f, bool negative, const char *body, int length)
{
    int spare = f->width - length - (negative ? 1 : 0);
    if (!f->left && !f->zero) {
        pad(spare, ' ');
    }
    if (negative) {
        console_write('-');
    }
    if (!f->left && f->zero) {
        pad(spare, '0');
    }
    for (int i = 0; i < length; i++) {
        console_write(body[i]);
    }
    if (f->left) {
        pad(spare, ' ');
    }
}

static void print_integer(const struct format *f, bool negative, uint64_t magnitude, unsigned base)
{
    char text[20];
    int at = sizeof text;
    do {
        text[--at] = "0123456789abcdef"[magnitude % base];
        magnitude /= base;
    } while (magnitude);
    field(f, negative, text + at, (int) sizeof text - at);
}

/* The decimal digits of a finite magnitude: those before POINT are the integer part. All are exact. */
static void to_decimal(double magnitude, char *digits)
{
    static uint32_t limbs[LIMBS];
    union { double d; uint64_t bits; } value = {magnitude};
    int exponent = (int) (value.bits >> 52);
    uint64_t mantissa = value.bits << 12 >> 12;
    if (exponent) {
        mantissa |= 1ull << 52;
    } else {
        exponent = 1;
    }
    for (int i = 0; i < LIMBS; i++) {
        limbs[i] = 0;
    }
    limbs[INTEGER_LIMBS - 1] = (uint32_t) (mantissa % LIMB);
    limbs[INTEGER_LIMBS - 2] = (uint32_t) (mantissa / LIMB);
    for (exponent -= 1075; exponent > 0; exponent--) {
        uint32_t carry = 0;
        for (int i = INTEGER_LIMBS - 1; i >= 0; i--) {
            uint32_t doubled = 2 * limbs[i] + carry;
            carry = doubled >= LIMB;
            limbs[i] = carry ? doubled - LIMB : doubled;
        }
    }
    for (; exponent < 0; exponent++) {
        uint32_t odd = 0;
        for (int i = 0; i < LIMBS; i++) {
            uint32_t limb = limbs[i] + (odd ? LIMB : 0);
            odd = limb & 1;
            limbs[i] = limb >> 1;
        }
    }
    for (int i = 0; i < LIMBS; i++) {
        uint32_t limb = limbs[i];
        for (int d = LIMB_DIGITS - 1; d >= 0; d--) {
            digits[i * LIMB_DIGITS + d] = (char) ('0' + limb % 10);
            limb /= 10;
        }
    }
}

/* Rounds to the digits before end, half to even. */
static void round_decimal(char *digits, int end)
{
    bool rest = false;
    for (int i = end + 1; i < DIGITS && !rest; i++) {
        rest = digits[i] != '0';
    }
    bool up = digits[end] > '5' || (digits[end] == '5' && (rest || (digits[end - 1] & 1)));
    for (int i = end - 1; up && i >= 0; i--) {
        up = digits[i] == '9';
        digits[i] = up ? '0' : (char) (digits[i] + 1);
    }
}

static int first_digit(const char *digits)
{
    int at = 0;
    while (at < DIGITS - 1 && digits[at] == '0') {
        at++;
    }
    return at;
}

static int put_fraction(char *text, int length, const char *digits, int precision)
{
    if (precision > 0) {
        text[length++] = '.';
    }
    for (int i = 0; i < precision; i++) {
        text[length++] = digits[i];
    }
    return length;
}

static int put_fixed(char *text, char *digits, int precision)
{
    round_decimal(digits, POINT + precision);
    int first = first_digit(digits);
    int length = 0;
    for (int i = first < POINT ? first : POINT - 1; i < POINT; i++) {
        text[length++] = digits[i];
    }
    return put_fraction(text, length, digits + POINT, precision);
}

static int put_scientific(char *text, char *digits, int precision, char letter, bool is_zero)
{
    int first = is_zero ? POINT - 1 : first_digit(digits);
    if (first + 1 + precision < DIGITS) {
        round_decimal(digits, first + 1 + precision);
        first = is_zero ? first : first_digit(digits);
    }
    int exponent = POINT - 1 - first;
    text[0] = digits[first];
    int length = put_fraction(text, 1, digits + first + 1, precision);
    text[length++] = letter;
    text[length++] = exponent < 0 ? '-' : '+';
    exponent = exponent < 0 ? -exponent : exponent;
    if (exponent >= 100) {
        text[length++] = (char) ('0' + exponent / 100);
    }
    text[length++] = (char) ('0' + exponent / 10 % 10);
    text[length++] = (char) ('0' + exponent % 10);
    return length;
}

static void print_double(const struct format *f, double value)
{
    static char digits[DIGITS + 64];
    static char text[DIGITS];
    enum { MOST_PRECISION = 60 };
    bool negative = __builtin_signbit(value);
    if (!__builtin_isfinite(value)) {
        field(f, negative, __builtin_isnan(value) ? "nan" : "inf", 3);
        return;
    }
    int precision = f->precision < 0 ? 6 : f->precision > MOST_PRECISION ? MOST_PRECISION : f->precision;
    to_decimal(__builtin_fabs(value), digits);
    for (int i = 0; i < 64; i++) {
        digits[DIGITS + i] = '0';
    }
    int length = f->conversion == 'f' ? put_fixed(text, digits, precision) : put_scientific(text, digits, precision, f->conversion, value == 0);
    field(f, negative, text, length);
}

static void print_string(const struct format *f, const char *s)
{
    int length = 0;
    while (s[length] && (f->precision < 0 || length < f->precision)) {
        length++;
    }
    field(f, false, s, length);
}

static int decimal(const char **at)
{
    int n = 0;
    for (; **at >= '0' && **at <= '9'; ++*at) {
        n = 10 * n + (**at - '0');
    }
    return n;
}

static struct format parse(const char **at)
{
    struct format f = {.precision = -1};
    for (; **at == '-' || **at == '0'; ++*at) {
        f.left |= **at == '-';
        f.zero |= **at == '0';
    }
    f.width = decimal(at);
    if (**at == '.') {
        ++*at;
        f.precision = decimal(at);
    }
    for (; **at == 'l'; ++*at) {
        f.is_long = true;
    }
    f.conversion = *(*at)++;
    return f;
}

void print(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    while (*format) {
        if (*format != '%') {
            console_write(*format++);
            continue;
        }
        format++;
        struct format f = parse(&format);
        switch (f.conversion) {
        case 'd': {
            int64_t value = f.is_long ? va_arg(args, long) : va_arg(args, int);
            print_integer(&f, value < 0, value < 0 ? -(uint64_t) value : (uint64_t) value, 10);
            break;
        }
        case 'u':
        case 'x': {
            uint64_t value = f.is_long ? va_arg(args, unsigned long) : va_arg(args, unsigned);
            print_integer(&f, false, value, f.conversion == 'x' ? 16 : 10);
            break;
        }
        case 'c': {
            char c = (char) va_arg(args, int);
            field(&f, false, &c, 1);
            break;
        }
        case 's':
            print_string(&f, va_arg(args, const char *));
            break;
        case 'f':
        case 'e':
        case 'E':
            print_double(&f, va_arg(args, double));
            break;
        default:
            console_write(f.conversion);
        }
    }
    va_end(args);
}
