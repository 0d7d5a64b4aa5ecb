package tidemark.cpu.nativecode.guest;

/** An instruction that accesses a CSR, by the fields of its encoding (RISC-V volume I, chapter 6). @param bits the instruction itself */
public record CsrAccess(int bits) {
    private static final int WRITE = 1;
    private static final int SET = 2;

    public int csr() {
        return bits >>> 20;
    }

    public int rd() {
        return bits >>> 7 & 31;
    }

    /** A register, or the immediate. */
    public int rs1() {
        return bits >>> 15 & 31;
    }

    public boolean immediate() {
        return (bits & 1 << 14) != 0;
    }

    private int kind() {
        return bits >>> 12 & 3;
    }

    /** Whether it replaces the CSR. */
    public boolean writes() {
        return kind() == WRITE;
    }

    /** Whether it only reads. */
    public boolean reads() {
        return !writes() && rs1() == 0;
    }

    /** Whether it sets bits, if it neither replaces nor only reads; else it clears them. */
    public boolean sets() {
        return kind() == SET;
    }
}
