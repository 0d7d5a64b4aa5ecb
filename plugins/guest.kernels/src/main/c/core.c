// Core mix: sorting and searching of linked lists, products of small matrices, a state machine that scans text, CRC-16 of the results.
#include "kernel.h"

enum { NODES = 256, ORDER = 32, TEXT = 4096, STATES = 7, ROUNDS = 210 };

struct node {
    struct node *next;
    int32_t key;
    int32_t place;
};

struct space {
    struct node nodes[NODES];
    int16_t a[ORDER][ORDER];
    int16_t b[ORDER][ORDER];
    int32_t c[ORDER][ORDER];
    char text[TEXT];
    uint32_t visits[STATES];
};

const uint64_t kernel_bytes = sizeof(struct space);

typedef int (*compare)(const struct node *, const struct node *);

__attribute__((noinline)) static int by_key(const struct node *a, const struct node *b)
{
    return a->key - b->key;
}

__attribute__((noinline)) static int by_place(const struct node *a, const struct node *b)
{
    return a->place - b->place;
}

__attribute__((noinline)) static uint16_t crc16(uint16_t crc, uint8_t byte)
{
    crc ^= byte;
    for (int bit = 0; bit < 8; bit++) {
        crc = (uint16_t) (crc & 1 ? crc >> 1 ^ 0xa001 : crc >> 1);
    }
    return crc;
}

static struct node *merge(struct node *a, struct node *b, compare order)
{
    struct node *head = NULL;
    struct node **end = &head;
    while (a && b) {
        struct node **least = order(a, b) <= 0 ? &a : &b;
        *end = *least;
        end = &(*least)->next;
        *least = *end;
    }
    *end = a ? a : b;
    return head;
}

/* Cuts a list behind its first count nodes; returns the rest. */
static struct node *cut(struct node *list, int count)
{
    while (list && --count > 0) {
        list = list->next;
    }
    if (list == NULL) {
        return NULL;
    }
    struct node *rest = list->next;
    list->next = NULL;
    return rest;
}

__attribute__((noinline)) static struct node *sort(struct node *list, compare order)
{
    for (int run = 1; run < NODES; run *= 2) {
        struct node *sorted = NULL;
        struct node **end = &sorted;
        while (list) {
            struct node *a = list;
            struct node *b = cut(a, run);
            list = cut(b, run);
            *end = merge(a, b, order);
            while (*end) {
                end = &(*end)->next;
            }
        }
        list = sorted;
    }
    return list;
}

static struct node *reverse(struct node *list)
{
    struct node *reversed = NULL;
    while (list) {
        struct node *next = list->next;
        list->next = reversed;
        reversed = list;
        list = next;
    }
    return reversed;
}

static uint16_t lists(struct space *space, uint64_t *seed)
{
    for (int i = 0; i < NODES; i++) {
        space->nodes[i] = (struct node) {i + 1 < NODES ? &space->nodes[i + 1] : NULL, (int32_t) (next_random(seed) & 0xffff), i};
    }
    struct node *list = sort(space->nodes, by_key);
    uint16_t crc = 0;
    for (struct node *node = list; node; node = node->next) {
        crc = crc16(crc16(crc, (uint8_t) node->key), (uint8_t) (node->key >> 8));
    }
    list = sort(reverse(list), by_place);
    for (struct node *node = list; node; node = node->next) {
        crc = crc16(crc, (uint8_t) node->key);
    }
    return crc;
}

__attribute__((noinline)) static void multiply(int16_t a[ORDER][ORDER], int16_t b[ORDER][ORDER], int32_t c[ORDER][ORDER])
{
    for (int i = 0; i < ORDER; i++) {
        for (int j = 0; j < ORDER; j++) {
            int32_t sum = 0;
            for (int k = 0; k < ORDER; k++) {
                sum += a[i][k] * b[k][j];
            }
            c[i][j] = sum;
        }
    }
}

static uint16_t matrices(struct space *space, int round)
{
    for (int i = 0; i < ORDER; i++) {
        for (int j = 0; j < ORDER; j++) {
            space->a[i][j] = (int16_t) ((i * ORDER + j) ^ round);
            space->b[i][j] = (int16_t) (3 * i - j + round);
        }
    }
    multiply(space->a, space->b, space->c);
    uint16_t crc = 0;
    for (int i = 0; i < ORDER; i++) {
        for (int j = 0; j < ORDER; j++) {
            crc = crc16(crc, (uint8_t) space->c[i][j]);
        }
    }
    return crc;
}

enum state { START, SIGNED, INTEGER, FRACTION, EXPONENT, SCALED, INVALID };

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_sign(char c)
{
    return c == '+' || c == '-';
}

static enum state advance(enum state state, char c)
{
    switch (state) {
    case START:
        return is_digit(c) ? INTEGER : is_sign(c) ? SIGNED : c == '.' ? FRACTION : INVALID;
    case SIGNED:
        return is_digit(c) ? INTEGER : c == '.' ? FRACTION : INVALID;
    case INTEGER:
        return is_digit(c) ? INTEGER : c == '.' ? FRACTION : c == 'e' ? EXPONENT : INVALID;
    case FRACTION:
        return is_digit(c) ? FRACTION : c == 'e' ? EXPONENT : INVALID;
    case EXPONENT:
        return is_digit(c) || is_sign(c) ? SCALED : INVALID;
    case SCALED:
        return is_digit(c) ? SCALED : INVALID;
    default:
        return INVALID;
    }
}

/* Counts in which state each word ends. */
__attribute__((noinline)) static void scan(const char *text, uint32_t *visits)
{
    enum state state = START;
    for (int i = 0; i < TEXT; i++) {
        if (text[i] == ' ') {
            visits[state]++;
            state = START;
        } else {
            state = advance(state, text[i]);
        }
    }
}

uint64_t kernel(void *memory, uint64_t percent)
{
    static const char words[] = "17 -2048 +.5 3.14159 6.022e23 1e-9 -.75 12x4 --3 9.81e 0 4294967296 -273.15 1.6e-19 e5 2.99792458e+8 ";
    struct space *space = memory;
    uint64_t seed = 0x9e3779b97f4a7c15ull;
    uint64_t sum = 0;
    for (int i = 0; i < TEXT; i++) {
        space->text[i] = words[(uint64_t) i % (sizeof words - 1)];
    }
    for (int i = 0; i < STATES; i++) {
        space->visits[i] = 0;
    }
    uint64_t rounds = share(ROUNDS, percent);
    for (uint64_t round = 0; round < rounds; round++) {
        sum = digest(sum, lists(space, &seed));
        sum = digest(sum, matrices(space, (int) round));
        scan(space->text, space->visits);
    }
    for (int i = 0; i < STATES; i++) {
        sum = digest(sum, space->visits[i]);
    }
    return sum;
}
