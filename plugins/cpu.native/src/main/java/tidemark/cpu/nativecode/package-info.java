/** The engine that executes warm guest code as machine code of the host, and leaves the rest to the interpreter. */
package tidemark.cpu.nativecode;
