/**
 * What guest code means: decoded instructions become calls of a {@link tidemark.cpu.nativecode.guest.BackEnd}. Nothing here knows the
 * host's instructions.
 */
package tidemark.cpu.nativecode.guest;
