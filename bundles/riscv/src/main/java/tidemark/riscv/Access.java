package tidemark.riscv;

/** A kind of memory access, with the exceptions that it can raise. */
public enum Access {
    LOAD(Trap.LOAD_MISALIGNED, Trap.LOAD_ACCESS, Trap.LOAD_PAGE),
    /** AMO too. */
    STORE(Trap.STORE_MISALIGNED, Trap.STORE_ACCESS, Trap.STORE_PAGE),
    /** Instructions of 16 bits are never misaligned. */
    FETCH(0, Trap.FETCH_ACCESS, Trap.FETCH_PAGE);

    public final int misaligned;
    public final int accessFault;
    public final int pageFault;

    Access(int misaligned, int accessFault, int pageFault) {
        this.misaligned = misaligned;
        this.accessFault = accessFault;
        this.pageFault = pageFault;
    }
}
