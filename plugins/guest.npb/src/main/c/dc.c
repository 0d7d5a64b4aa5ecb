// Benchmark DC, NAS-03-005: views of a data cube. A view has, for each combination of values of its attributes that occurs in the tuples, the sum of their
// measures. Views are written to a disk, and each is made from the smallest one there that has all its attributes. Argument: rounds=1, of making all views
#include "npb.h"

#if CLASS == 'S'
enum { ATTRIBUTES = 5, TUPLES = 1000, VIEW_STRIDE = 1 };
#define EXPONENTS {11, 13, 17, 19, 23}
static const uint64_t CHECKSUM = 464620213;
#elif CLASS == 'W'
enum { ATTRIBUTES = 10, TUPLES = 100000, VIEW_STRIDE = 1 };
#define EXPONENTS {4, 40, 6, 20, 42, 23, 29, 31, 4, 76}
static const uint64_t CHECKSUM = 1401796434318;
#elif CLASS == 'A'
enum { ATTRIBUTES = 15, TUPLES = 1000000, VIEW_STRIDE = 1 << 6 };
#define EXPONENTS {4, 40, 6, 20, 42, 38, 26, 38, 1976, 2888, 46, 16, 736, 32, 92}
static const uint64_t CHECKSUM = 7141688178042;
#endif

enum { VIEWS = ((1 << ATTRIBUTES) - 1 + VIEW_STRIDE - 1) / VIEW_STRIDE, MEASURE_BOUND = 31415, NO_DISK_EXIT_CODE = 4 };

/* Attribute i of tuple n is GENERATOR[i]^(EXPONENT[i] n) / 2 mod PRIME[i]. */
static const uint32_t PRIME[] = {421, 601, 631, 701, 883, 419, 443, 647, 21737, 31769, 1427, 18353, 22817, 34337, 98717};
static const uint32_t GENERATOR[] = {2, 7, 3, 2, 2, 2, 2, 5, 31, 7, 2, 3, 3, 3, 2};
static const uint32_t EXPONENT[ATTRIBUTES] = EXPONENTS;

/* A balanced tree of rows by their keys (A. Andersson, Balanced search trees made simple, 1993). Node 0 is none, of level 0. */
struct node {
    uint32_t child[2];      /* left, right */
    uint32_t level;
    uint32_t key[ATTRIBUTES];
    uint64_t measure;
};

static struct node nodes[TUPLES + 1];
static uint32_t root, rows, key_words;

static int compare(const uint32_t *a, const uint32_t *b)
{
    for (uint32_t i = 0; i < key_words; i++) {
        if (a[i] != b[i]) {
            return a[i] < b[i] ? -1 : 1;
        }
    }
    return 0;
}

/* Turns the link to a child the other way. Returns the child, which is above now. */
static uint32_t rotate(uint32_t node, int side)
{
    uint32_t child = nodes[node].child[side];
    nodes[node].child[side] = nodes[child].child[!side];
    nodes[child].child[!side] = node;
    return child;
}

/* Right links may be level, once; left links may not. */
static uint32_t balance(uint32_t node)
{
    if (nodes[nodes[node].child[0]].level == nodes[node].level) {
        node = rotate(node, 0);
    }
    if (nodes[nodes[nodes[node].child[1]].child[1]].level == nodes[node].level) {
        node = rotate(node, 1);
        nodes[node].level++;
    }
    return node;
}

static uint32_t new_node(const uint32_t *key, uint64_t measure)
{
    struct node *node = &nodes[++rows];
    *node = (struct node) {.level = 1, .measure = measure};
    for (uint32_t i = 0; i < key_words; i++) {
        node->key[i] = key[i];
    }
    return rows;
}

static void clear_tree(uint32_t words)
{
    root = 0;
    rows = 0;
    key_words = words;
}

/* Adds a measure to the row of a key. */
static void add(const uint32_t *key, uint64_t measure)
{
    enum { MOST_LEVELS = 64 };
    uint32_t *path[MOST_LEVELS];
    int depth = 0;
    path[0] = &root;
    while (*path[depth]) {
        struct node *node = &nodes[*path[depth]];
        int order = compare(key, node->key);
        if (order == 0) {
            node->measure += measure;
            return;
        }
        path[++depth] = &node->child[order > 0];
    }
    *path[depth] = new_node(key, measure);
    while (--depth >= 0) {
        *path[depth] = balance(*path[depth]);
    }
}

static void walk(uint32_t node, void (*visit)(const uint32_t *key, uint64_t measure))
{
    if (node) {
        walk(nodes[node].child[0], visit);
        visit(nodes[node].key, nodes[node].measure);
        walk(nodes[node].child[1], visit);
    }
}

/* Words in order, from or to the disk. */
struct stream {
    uint64_t place;         /* of the buffer on the disk */
    uint32_t at;
    uint32_t buffer[1 << 14] __attribute__((aligned(DISK_SECTOR)));
};

enum { BUFFER_BYTES = sizeof ((struct stream *) 0)->buffer, BUFFER_WORDS = BUFFER_BYTES / 4 };
static struct stream reader, writer;

static void read_from(uint64_t place)
{
    reader.place = place - BUFFER_BYTES;
    reader.at = BUFFER_WORDS;
}

static uint32_t get(void)
{
    if (reader.at == BUFFER_WORDS) {
        reader.place += BUFFER_BYTES;
        disk_read(reader.place, reader.buffer, BUFFER_BYTES);
        reader.at = 0;
    }
    return reader.buffer[reader.at++];
}

static void put(uint32_t word)
{
    writer.buffer[writer.at++] = word;
    if (writer.at == BUFFER_WORDS) {
        disk_write(writer.place, writer.buffer, BUFFER_BYTES);
        writer.place += BUFFER_BYTES;
        writer.at = 0;
    }
}

/* Writes what is left, and goes on with the next sector. */
static void end_writing(void)
{
    uint32_t bytes = (writer.at * 4 + DISK_SECTOR - 1) & -DISK_SECTOR;
    if (bytes) {
        disk_write(writer.place, writer.buffer, bytes);
    }
    writer.place += bytes;
    writer.at = 0;
}

static void put_row(const uint32_t *key, uint64_t measure)
{
    put((uint32_t) measure);
    put((uint32_t) (measure >> 32));
    for (uint32_t i = 0; i < key_words; i++) {
        put(key[i]);
    }
}

static uint64_t get_row(uint32_t *key, uint32_t words)
{
    uint64_t measure = get();
    measure |= (uint64_t) get() << 32;
    for (uint32_t i = 0; i < words; i++) {
        key[i] = get();
    }
    return measure;
}

struct view {
    uint32_t attributes;    /* bit i for attribute i */
    uint32_t expected_rows;
    uint32_t rows;          /* 0 if it is not made yet */
    uint64_t place;
};

static struct view input = {.attributes = (1 << ATTRIBUTES) - 1, .rows = TUPLES, .place = 0};
static struct view view[VIEWS];

static uint32_t dimensions(uint32_t attributes)
{
    uint32_t count = 0;
    for (; attributes; attributes &= attributes - 1) {
        count++;
    }
    return count;
}

static uint64_t greatest_common_divisor(uint64_t a, uint64_t b)
{
    return b ? greatest_common_divisor(b, a % b) : a;
}

/* Attributes return to where they began after the least common multiple of their generators' orders. */
static uint32_t rows_of(uint32_t attributes)
{
    uint64_t multiple = 1;
    for (int i = 0; i < ATTRIBUTES; i++) {
        if (attributes >> i & 1) {
            uint64_t order = (PRIME[i] - 1) / greatest_common_divisor(PRIME[i] - 1, EXPONENT[i]);
            multiple = multiple / greatest_common_divisor(multiple, order) * order;
        }
        if (multiple >= TUPLES) {
            return TUPLES;
        }
    }
    return (uint32_t) multiple;
}

static uint32_t ordinal, chosen;

static void choose(const uint32_t *key, uint64_t attributes)
{
    if (ordinal++ % VIEW_STRIDE == 0) {
        view[chosen++] = (struct view) {.attributes = (uint32_t) attributes, .expected_rows = key[0]};
    }
}

/* Of all views, by size, each VIEW_STRIDE-th. */
static void choose_views(void)
{
    clear_tree(2);
    for (uint32_t attributes = 1; attributes < 1u << ATTRIBUTES; attributes++) {
        add((uint32_t[]) {rows_of(attributes), attributes}, attributes);
    }
    walk(root, choose);
}

static uint64_t disk_needed(void)
{
    uint64_t bytes = (uint64_t) TUPLES * (8 + 4 * ATTRIBUTES);
    for (int i = 0; i < VIEWS; i++) {
        bytes += (uint64_t) view[i].expected_rows * (8 + 4 * dimensions(view[i].attributes)) + DISK_SECTOR;
    }
    return bytes + 2 * BUFFER_BYTES;
}

static void write_tuples(void)
{
    uint64_t factor[ATTRIBUTES];
    uint32_t value[ATTRIBUTES];
    for (int i = 0; i < ATTRIBUTES; i++) {
        factor[i] = 1;
        for (uint32_t n = 0; n < EXPONENT[i]; n++) {
            factor[i] = factor[i] * GENERATOR[i] % PRIME[i];
        }
        value[i] = (PRIME[i] + 1) / 2;
    }
    key_words = ATTRIBUTES;
    for (int n = 0; n < TUPLES; n++) {
        uint32_t greatest = 0;
        for (int i = 0; i < ATTRIBUTES; i++) {
            value[i] = (uint32_t) (value[i] * factor[i] % PRIME[i]);
            greatest = value[i] > greatest ? value[i] : greatest;
        }
        put_row(value, (uint64_t) value[0] * greatest % MEASURE_BOUND);
    }
    end_writing();
}

/* The smallest there is with all attributes of a view. */
static const struct view *parent(const struct view *child)
{
    const struct view *smallest = &input;
    for (int i = 0; i < VIEWS; i++) {
        bool has_all = (view[i].attributes & child->attributes) == child->attributes;
        if (has_all && view[i].rows && (view[i].rows < smallest->rows || smallest == &input)) {
            smallest = &view[i];
        }
    }
    return smallest;
}

/* Where a view's attributes stand in the rows of its parent. */
static void select(const struct view *from, const struct view *child, uint32_t *position)
{
    uint32_t at = 0;
    for (uint32_t bit = 1; bit <= from->attributes; bit <<= 1) {
        if (child->attributes & bit) {
            *position++ = at;
        }
        at += (from->attributes & bit) != 0;
    }
}

static void make(struct view *child)
{
    const struct view *from = parent(child);
    const uint32_t words = dimensions(from->attributes);
    uint32_t position[ATTRIBUTES], row[ATTRIBUTES], key[ATTRIBUTES];
    select(from, child, position);
    clear_tree(dimensions(child->attributes));
    read_from(from->place);
    for (uint32_t n = 0; n < from->rows; n++) {
        uint64_t measure = get_row(row, words);
        for (uint32_t i = 0; i < key_words; i++) {
            key[i] = row[position[i]];
        }
        add(key, measure);
    }
    child->rows = rows;
    child->place = writer.place;
    walk(root, put_row);
    end_writing();
}

static void make_views(void)
{
    for (uint32_t count = ATTRIBUTES; count > 0; count--) {
        uint32_t made = 0;
        for (int i = 0; i < VIEWS; i++) {
            if (dimensions(view[i].attributes) == count) {
                make(&view[i]);
                made++;
            }
        }
        print(" Views of %2u attributes: %5u\n", count, made);
    }
}

/* NPB's sum over the rows of a view, from the disk: a row's place in its order counts. */
static uint64_t checksum(const struct view *v)
{
    uint64_t sum = 0;
    uint32_t key[ATTRIBUTES];
    read_from(v->place);
    for (uint64_t n = 1; n <= v->rows; n++) {
        sum += n * get_row(key, dimensions(v->attributes)) % MEASURE_BOUND;
    }
    return sum;
}

static bool has_room(void)
{
    uint64_t mebibytes = (disk_needed() + (1 << 20) - 1) >> 20;
    if (disk_bytes() >> 20 < mebibytes) {
        print("DC class %c writes to a disk of %lu MiB or more; the first virtio disk here has %lu. For vm:create ... --disk FILE, disk:create FILE %luM makes one.\n",
              CLASS, mebibytes, disk_bytes() >> 20, mebibytes);
    }
    return disk_bytes() >> 20 >= mebibytes;
}

/* Makes all views anew, and adds the time that it takes. Returns their rows. */
static uint64_t one_round(uint64_t place, struct timer *elapsed)
{
    writer.place = place;
    for (int i = 0; i < VIEWS; i++) {
        view[i].rows = 0;
    }
    struct timer start = timer_start();
    make_views();
    struct timer round = timer_stop(start);
    elapsed->ticks += round.ticks;
    elapsed->instructions += round.instructions;
    uint64_t total = 0;
    for (int i = 0; i < VIEWS; i++) {
        total += view[i].rows;
    }
    return total;
}

static bool verify(void)
{
    uint64_t sum = 0;
    bool as_expected = true;
    for (int i = 0; i < VIEWS; i++) {
        sum += checksum(&view[i]);
        as_expected &= view[i].rows == view[i].expected_rows;
    }
    print(" Checksum         = %20lu\n", sum);
    return as_expected && sum == CHECKSUM;
}

int guest_main(const char *arguments)
{
    const uint64_t rounds = number_argument(arguments, "rounds", 1, 1000000);
    print("\n\n NAS Parallel Benchmarks (NPB3.3-SER) - DC Benchmark\n\n");
    print(" Attributes:   %8d\n Tuples:       %8d\n Views:        %8d\n\n", ATTRIBUTES, TUPLES, VIEWS);
    choose_views();
    if (!has_room()) {
        return NO_DISK_EXIT_CODE;
    }
    write_tuples();

    const uint64_t views_place = writer.place;
    struct timer elapsed = {0, 0};
    uint64_t generated = 0;
    bool verified = true;
    for (uint64_t round = 0; round < rounds; round++) {
        generated += one_round(views_place, &elapsed);
        verified &= verify();
    }
    print("\n*** DC Benchmark Results:\n");
    print(" Benchmark Time   = %20.3f\n", seconds(elapsed));
    print(" Input Tuples     = %20d\n", TUPLES);
    print(" Number of Views  = %20d\n", VIEWS);
    print(" Tuples Generated = %20lu\n", generated);
    print(" Bytes on Disk    = %20lu\n", writer.place);
    return print_results(&(struct results) {
        .name = "DC", .class = CLASS, .size = TUPLES, .iterations = (int) rounds, .elapsed = elapsed, .operations = (double) generated,
        .operation_type = "Tuples generated", .verified = verified,
    });
}
