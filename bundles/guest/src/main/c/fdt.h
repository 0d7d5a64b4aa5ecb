#ifndef FDT_H
#define FDT_H

#include <stdint.h>

/* What a guest wants to know of the device tree. Zero or empty if the tree does not say. */
struct fdt_facts {
    uint64_t ram_base;      /* of the first entry of /memory's reg */
    uint64_t ram_size;
    char bootargs[512];     /* of /chosen, cut to this length */
};

/* Reads a flattened device tree (Devicetree Specification 0.4, chapter 5). Stops at the first thing that does not fit into it. */
void fdt_read(const void *tree, struct fdt_facts *facts);

#endif
