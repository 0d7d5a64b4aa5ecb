// A reader of flattened device trees that trusts no length in them.
#include "fdt.h"

#include <stdbool.h>
#include <stddef.h>

enum { FDT_MAGIC = (int) 0xd00dfeed, FDT_BEGIN_NODE = 1, FDT_END_NODE = 2, FDT_PROP = 3, FDT_NOP = 4 };
enum { MOST_BYTES = 1 << 20, HEADER_BYTES = 40 };

struct cursor {
    const uint8_t *at;
    const uint8_t *end;
};

static uint32_t be32(const uint8_t *p)
{
    return (uint32_t) p[0] << 24 | (uint32_t) p[1] << 16 | (uint32_t) p[2] << 8 | p[3];
}

static bool take_cell(struct cursor *c, uint32_t *value)
{
    if (c->end - c->at < 4) {
        return false;
    }
    *value = be32(c->at);
    c->at += 4;
    return true;
}

static bool skip(struct cursor *c, uint32_t bytes)
{
    uint64_t padded = ((uint64_t) bytes + 3) & ~(uint64_t) 3;
    if ((uint64_t) (c->end - c->at) < padded) {
        return false;
    }
    c->at += padded;
    return true;
}

/* Its length without the terminator, or -1 if it has none. */
static ptrdiff_t string_length(const uint8_t *s, const uint8_t *end)
{
    for (const uint8_t *p = s; p < end; p++) {
        if (*p == 0) {
            return p - s;
        }
    }
    return -1;
}

static bool is(const uint8_t *s, const char *expected)
{
    while (*expected && *s == (uint8_t) *expected) {
        s++;
        expected++;
    }
    return *s == (uint8_t) *expected;
}

/* Whether a node's name is this, with or without a unit address. */
static bool is_node(const uint8_t *name, const char *expected)
{
    while (*expected && *name == (uint8_t) *expected) {
        name++;
        expected++;
    }
    return *expected == 0 && (*name == 0 || *name == '@');
}

static uint64_t number(const uint8_t *value, uint32_t cells)
{
    uint64_t n = 0;
    for (uint32_t i = 0; i < cells; i++) {
        n = n << 32 | be32(value + 4 * i);
    }
    return n;
}

enum node { OTHER, ROOT, CHOSEN, MEMORY };

struct cells {
    uint32_t address;
    uint32_t size;
};

static void copy_bootargs(struct fdt_facts *facts, const uint8_t *value, uint32_t length)
{
    uint32_t i = 0;
    for (; i < length && i < sizeof facts->bootargs - 1 && value[i]; i++) {
        facts->bootargs[i] = (char) value[i];
    }
    facts->bootargs[i] = 0;
}

static void property(struct fdt_facts *facts, struct cells *cells, enum node node, const uint8_t *name, const uint8_t *value, uint32_t length)
{
    if (node == ROOT && length == 4 && is(name, "#address-cells")) {
        cells->address = be32(value);
    } else if (node == ROOT && length == 4 && is(name, "#size-cells")) {
        cells->size = be32(value);
    } else if (node == CHOSEN && is(name, "bootargs")) {
        copy_bootargs(facts, value, length);
    } else if (node == MEMORY && is(name, "reg") && facts->ram_size == 0 && cells->address <= 2 && cells->size <= 2
               && length >= 4 * (cells->address + cells->size)) {
        facts->ram_base = number(value, cells->address);
        facts->ram_size = number(value + 4 * cells->address, cells->size);
    }
}

static enum node kind(int depth, const uint8_t *name)
{
    if (depth == 1) {
        return ROOT;
    }
    return depth != 2 ? OTHER : is_node(name, "chosen") ? CHOSEN : is_node(name, "memory") ? MEMORY : OTHER;
}

static void walk(struct cursor c, const uint8_t *strings, uint32_t strings_size, struct fdt_facts *facts)
{
    struct cells cells = {2, 1};
    enum node node = OTHER;
    int depth = 0;
    uint32_t token;
    while (take_cell(&c, &token)) {
        if (token == FDT_BEGIN_NODE) {
            ptrdiff_t length = string_length(c.at, c.end);
            if (length < 0) {
                return;
            }
            node = kind(++depth, c.at);
            if (!skip(&c, (uint32_t) length + 1)) {
                return;
            }
        } else if (token == FDT_END_NODE) {
            node = OTHER;
            depth--;
        } else if (token == FDT_PROP) {
            uint32_t length;
            uint32_t name;
            if (!take_cell(&c, &length) || !take_cell(&c, &name)) {
                return;
            }
            const uint8_t *value = c.at;
            if (!skip(&c, length) || name >= strings_size || string_length(strings + name, strings + strings_size) < 0) {
                return;
            }
            property(facts, &cells, node, strings + name, value, length);
        } else if (token != FDT_NOP) {
            return;
        }
    }
}

static bool inside(uint32_t offset, uint32_t size, uint32_t total)
{
    return offset <= total && size <= total - offset;
}

void fdt_read(const void *tree, struct fdt_facts *facts)
{
    const uint8_t *header = tree;
    *facts = (struct fdt_facts) {0};
    if (header == NULL || be32(header) != (uint32_t) FDT_MAGIC) {
        return;
    }
    uint32_t total = be32(header + 4);
    uint32_t structure = be32(header + 8);
    uint32_t strings = be32(header + 12);
    uint32_t strings_size = be32(header + 32);
    uint32_t structure_size = be32(header + 36);
    if (total < HEADER_BYTES || total > MOST_BYTES || !inside(structure, structure_size, total) || !inside(strings, strings_size, total)) {
        return;
    }
    walk((struct cursor) {header + structure, header + structure + structure_size}, header + strings, strings_size, facts);
}
