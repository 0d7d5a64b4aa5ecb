/**
 * RISC-V semantics that every CPU engine shares: RV64GC (IMAFDC, Zicsr, Zifencei, Zicntr, Sstc) with M, S and U mode and Sv39. Sources: The
 * RISC-V Instruction Set Manual, volume I 20191213 and volume II 1.12. What these leave open is as in QEMU 7.2.
 */
@Export
@Version("0.1.0")
package tidemark.riscv;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
