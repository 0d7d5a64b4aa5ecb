/**
 * Judges CPU engines against QEMU 7.2: random streams of instructions, the whole space of encodings, and tables of operands, run by both
 * and compared in everything that they leave behind. To add an engine: the list in {@code Engines}.
 *
 * <p>Where QEMU 7.2 departs from the specification, or the specification leaves a choice, streams keep away; there the engines' own tests
 * must judge:
 * <ul>
 * <li>Of several pending interrupts QEMU takes that with the lowest number first: never more than one is pending.
 * <li>MPRV survives a return to a lower mode, and translations made for MPRV survive a change of MPP by a trap or return.
 * <li>S-mode may execute a user page that a load with SUM has brought into QEMU's TLB: no page is both loaded from and fetched from.
 * <li>A page table outside RAM gives a page fault instead of an access fault: there is none. An AMO outside RAM gives a load access fault:
 * nor that.
 * <li>UXL, VS and MPP=2 in mstatus are writable, mepc and sepc keep bit 0, satp takes Sv48 and Sv57, vstimecmp exists: no such values, no
 * such register.
 * <li>Where a misaligned access outside RAM faults, and how many counters there are, is the machine's choice; counters' values are time.
 * <li>Physical memory protection is open; only its registers without effect are written.
 * </ul>
 */
package tidemark.differential;
