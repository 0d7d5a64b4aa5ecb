package tidemark.cpu.nativecode.guest;

import java.util.Arrays;
import tidemark.interpreter.CodePage;
import tidemark.riscv.Insn;
import tidemark.riscv.Op;

/**
 * The instructions of a block, in the order of their execution, all in one page: on past branches that are not taken and along jumps
 * ahead, to a jump that leaves, an instruction after which nothing is certain, or a limit.
 */
public final class Trace {
    private final int most;
    private final int mostBranches;
    private final long[] words;
    private final long[] addresses;
    private int length;
    private long next;

    /** @param most instructions */
    public Trace(int most, int mostBranches) {
        this.most = most;
        this.mostBranches = mostBranches;
        words = new long[most];
        addresses = new long[most];
    }

    /** Takes one instruction alone. @param w decoded */
    public void take(long pc, long w) {
        length = 0;
        next = pc;
        add(w);
    }

    /** Follows the instructions from an address; the first ends in this page. */
    public void follow(CodePage page, long pc) {
        length = 0;
        next = pc;
        int branches = 0;
        while (length < most && (next ^ pc) >>> 12 == 0) {
            long w = page.instruction(CodePage.slot(next));
            int op = Insn.op(w);
            if (op == Op.CROSSING) {
                break;
            }
            add(w);
            if (next == -1 || isBranch(op) && ++branches == mostBranches) {
                break;
            }
        }
    }

    private void add(long w) {
        int op = Insn.op(w);
        words[length] = w;
        addresses[length++] = next;
        if (op == Op.J && Insn.imm(w) > 0) {
            next += Insn.imm(w);
        } else if (op >= Op.J && op <= Op.JALR || isLast(op)) {
            next = -1;
        } else {
            next += 2 * Insn.halfwords(w);
        }
    }

    static boolean isBranch(int op) {
        return op >= Op.BEQ && op <= Op.BGEU;
    }

    /** Whether code never goes on behind it. */
    static boolean isLast(int op) {
        return op >= Op.FENCE_I && op <= Op.ILLEGAL;
    }

    public int length() {
        return length;
    }

    public long word(int i) {
        return words[i];
    }

    public long pc(int i) {
        return addresses[i];
    }

    /** Whether the last instruction leads to the first. */
    public boolean isLoop() {
        long w = words[length - 1];
        int op = Insn.op(w);
        return (op == Op.J || isBranch(op)) && addresses[length - 1] + Insn.imm(w) == addresses[0];
    }

    /** Where the guest goes on after the last instruction; -1 if that instruction says so itself. */
    public long next() {
        return next;
    }

    @Override
    public String toString() {
        return Arrays.toString(Arrays.copyOf(addresses, length));
    }
}
