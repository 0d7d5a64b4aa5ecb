/** Judges CPU engines against QEMU: random streams of instructions, run by both, compared in everything that they leave behind. */
package tidemark.differential;
