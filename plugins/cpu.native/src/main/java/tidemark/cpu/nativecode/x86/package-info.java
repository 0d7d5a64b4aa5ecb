/** The back end for x86-64: an encoder of instructions, and a template for each operation of the guest. */
package tidemark.cpu.nativecode.x86;
