package tidemark.cpu.nativecode.guest;

/**
 * Writes the machine code of one block: a call for each guest instruction. Operations are those of {@link tidemark.riscv.Op}; registers
 * are the guest's, by number. One engine's, on the hart's thread.
 *
 * <p>A block counts its instructions down from the budget at its entry. Where an instruction cannot go on by itself (a TLB miss, a rare
 * operand), code leaves through a {@link Exits#STEP} of its own; the interpreter executes the instruction, and code goes on behind it.
 */
public interface BackEnd {
    /** Code that all blocks share, for the begin of the code memory. */
    byte[] common();

    /** Which of RISC-V's flags code has raised, by the host's control register as code left it. */
    int flags(int control);

    /**
     * Begins a block.
     *
     * @param at where in the code memory it will lie
     * @param instructions how many it has
     * @param cardShift log2 of the bytes of a card that each store marks; -1 for none
     */
    void begin(int at, long pc, int instructions, int cardShift);

    /** The next call is for the instruction at this address; the one before is complete. @param size its bytes */
    void instruction(long pc, int number, int size);

    /** x[rd] = value. */
    void constant(int rd, long value);

    /** x[rd] = x[a] op x[b]. */
    void binary(int op, int rd, int a, int b);

    /** x[rd] = x[a] op immediate. @param op of an instruction with an immediate */
    void immediate(int op, int rd, int a, int immediate);

    /** A load to an x register; {@link tidemark.riscv.Op#LOAD_X0} with log2 of the size as {@code rd}. */
    void load(int op, int rd, int base, int offset);

    void store(int op, int base, int offset, int source);

    void loadFloat(boolean dual, int fd, int base, int offset);

    void storeFloat(boolean dual, int base, int offset, int source);

    /**
     * An AMO.
     *
     * @param funct5 which, see {@link tidemark.riscv.Arithmetic#amo}
     */
    void atomic(int funct5, boolean wide, int rd, int address, int source);

    /** LR. @param releases whether it is ordered behind earlier stores */
    void loadReserved(boolean wide, boolean releases, int rd, int address);

    /** SC. */
    void storeConditional(boolean wide, int rd, int address, int source);

    /** FENCE. @param bits the instruction itself: it says which accesses are ordered */
    void fence(int bits);

    /** @return false if there is no template: the instruction must be a {@link #step} */
    boolean floating(Floating instruction);

    /** A CSR instruction. @return false if there is no template: the instruction must be a {@link #step} */
    boolean csr(CsrAccess instruction);

    /** Goes to {@code target} if the condition holds, else on to the next instruction. @param op of a branch */
    void branch(int op, int a, int b, long target);

    /**
     * Ends a loop's first round, of which this is the last instruction: goes to {@code otherwise} unless the condition holds. What is
     * written next is the block once more, for all further rounds.
     *
     * @param op of a branch, or {@link tidemark.riscv.Op#J}, which always goes round
     */
    void beginLoop(int op, int a, int b, long otherwise);

    /** Ends a loop's further rounds: begins another if the condition holds, else goes on behind. */
    void endLoop(int op, int a, int b);

    /** Goes to {@code target} after the last instruction. */
    void jump(long target);

    /** Goes to x[base] + offset; then x[link] = {@code back}, unless {@code link} is 0. */
    void jumpRegister(int base, int offset, int link, long back);

    /** The interpreter executes the instruction. @param last whether code does not go on behind it */
    void step(boolean last);

    /** Ends the block. */
    void end();

    /** The block's machine code, valid until the next {@link #begin}. */
    byte[] code();

    int codeLength();
}
