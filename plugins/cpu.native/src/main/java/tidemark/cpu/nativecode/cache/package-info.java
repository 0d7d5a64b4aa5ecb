/** Where machine code lies and how it is found: memory in two views, blocks by page, jump tables. */
package tidemark.cpu.nativecode.cache;
