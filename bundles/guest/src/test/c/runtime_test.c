// The guests' own printing, mathematics and device tree reader, against the host's C library and against damaged trees. Built with sanitizers.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fdt.h"
#include "guest.h"

static char printed[4096];
static size_t length;

void console_write(char c)
{
    if (length < sizeof printed - 1) {
        printed[length++] = c;
    }
}

static void fail(const char *what, const char *detail, double value)
{
    fprintf(stderr, "%s: %s for %a\n", what, detail, value);
    exit(1);
}

static double random_double(void)
{
    union { uint64_t word; double value; } u;
    do {
        u.word = (uint64_t) random() << 42 ^ (uint64_t) random() << 21 ^ (uint64_t) random();
    } while (!isfinite(u.value));
    return u.value;
}

#define SAME(format, value) do { \
        char expected[4096]; \
        snprintf(expected, sizeof expected, format, value); \
        length = 0; \
        print(format, value); \
        printed[length] = 0; \
        if (strcmp(printed, expected) != 0) { \
            fprintf(stderr, "%s printed as '%s' instead of '%s'\n", format, printed, expected); \
            exit(1); \
        } \
    } while (0)

static void all_formats_of(double value)
{
    SAME("%20.14E", value);
    SAME("%25.15e", value);
    SAME("%.0e", value);
    SAME("%e", value);
    SAME("%20.13f", value);
    SAME("%-12.2f|", value);
    SAME("%012.0f", value);
}

static void printing_is_as_printf(void)
{
    const double halves[] = {0, -0.0, 0.5, 1.5, 2.5, -0.5, 0.125, 0.375, 9.5, 99.5, 999999.5, 9.9999995, 1e22, 1e23, 5e-324, 1.7976931348623157e308,
        2.2250738585072014e-308};
    for (size_t i = 0; i < sizeof halves / sizeof *halves; i++) {
        all_formats_of(halves[i]);
    }
    for (int i = 0; i < 1000; i++) {
        double value = random_double();
        all_formats_of(value);
        all_formats_of(ldexp(frexp(value, &(int) {0}), (int) (random() % 80) - 40));
    }
    SAME("%8.2f", INFINITY);
    SAME("%e", -INFINITY);
    SAME("%f", NAN);
    SAME("%d", -2147483647 - 1);
    SAME("%ld", INT64_MIN);
    SAME("%5d|", 42);
    SAME("%-5d|", -42);
    SAME("%05d", -42);
    SAME("%lu", UINT64_MAX);
    SAME("%016lx", 0x1234abcdul);
    SAME("%12c|", 'x');
    SAME("%8s|", "abc");
    SAME("%.2s|", "abc");
}

static void within(const char *what, double value, double found, long double right, long double most_ulp)
{
    double ulp = nextafter(fabs((double) right), INFINITY) - fabs((double) right);
    if (fabsl(found - right) > most_ulp * ulp) {
        fail(what, "error beyond its bound", value);
    }
}

static void logarithm_is_within_one_ulp_and_exponential_within_two(void)
{
    for (int i = 0; i < 2000000; i++) {
        double uniform = ldexp((double) (random() + 1), -31);
        within("log", uniform, log_of(uniform), logl(uniform), 1);
        double wide = fabs(random_double());
        if (wide >= 0x1p-1022) {
            within("log", wide, log_of(wide), logl(wide), 1);
        }
        double x = (uniform - 0.5) * 20;
        within("exp", x, exp_of(x), expl(x), 2);
        within("exp", x / 1e6, exp_of(x / 1e6), expl(x / 1e6), 2);
    }
}

/* Each tree in a block of just its size, so that the sanitizer sees every byte read beyond it. */
static void read_copy(const uint8_t *tree, size_t bytes)
{
    uint8_t *copy = malloc(bytes);
    struct fdt_facts facts;
    memcpy(copy, tree, bytes);
    fdt_read(copy, &facts);
    if (memchr(facts.bootargs, 0, sizeof facts.bootargs) == NULL) {
        fail("fdt", "bootargs have no end", 0);
    }
    free(copy);
}

static void damaged_trees_are_read_within_their_bounds(const uint8_t *tree, size_t bytes)
{
    uint8_t damaged[65536];
    for (int i = 0; i < 200000; i++) {
        memcpy(damaged, tree, bytes);
        for (long n = random() % 4; n >= 0; n--) {
            size_t at = 8 + (size_t) random() % (bytes - 8);    /* behind magic and total size, which say what may be read */
            damaged[at] = random() % 2 ? (uint8_t) random() : (uint8_t) (damaged[at] ^ 1 << random() % 8);
        }
        read_copy(damaged, bytes);
    }
}

static void a_tree_is_read(const uint8_t *tree)
{
    struct fdt_facts facts;
    fdt_read(tree, &facts);
    if (facts.ram_base != 0x80000000 || facts.ram_size != 0x240000000 || strcmp(facts.bootargs, "rounds=3 seconds=5") != 0) {
        fprintf(stderr, "read 0x%lx 0x%lx '%s'\n", facts.ram_base, facts.ram_size, facts.bootargs);
        exit(1);
    }
    fdt_read("no tree", &facts);
    if (facts.ram_size != 0 || facts.bootargs[0] != 0) {
        fail("fdt", "facts out of nothing", 0);
    }
}

int main(int count, char **arguments)
{
    static uint8_t tree[65536];
    FILE *file = count == 2 ? fopen(arguments[1], "rb") : NULL;
    size_t bytes = file ? fread(tree, 1, sizeof tree, file) : 0;
    if (bytes < 40) {
        fprintf(stderr, "usage: runtime_test TREE.dtb\n");
        return 2;
    }
    fclose(file);
    srandom(1);
    printing_is_as_printf();
    logarithm_is_within_one_ulp_and_exponential_within_two();
    a_tree_is_read(tree);
    damaged_trees_are_read_within_their_bounds(tree, bytes);
    puts("passed");
    return 0;
}
