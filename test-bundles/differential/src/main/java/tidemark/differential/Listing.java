package tidemark.differential;

import java.util.TreeMap;
import tidemark.testkit.Assembler;
import tidemark.testkit.Op;

/** Code with its text beside it. */
final class Listing {
    private final Assembler assembler;
    private final TreeMap<Long, String> text = new TreeMap<>();
    private int labels;
    private long body;

    Listing(long origin) {
        assembler = new Assembler(origin);
    }

    Assembler assembler() {
        return assembler;
    }

    /** A label that nobody else has. */
    String fresh() {
        return "L" + labels++;
    }

    Listing comment(String comment) {
        text.merge(assembler.here(), "; " + comment, (a, b) -> a + "  " + b);
        return this;
    }

    Listing op(Op op, int... operands) {
        note(op.text(operands));
        assembler.op(op, operands);
        return this;
    }

    Listing op(Op op, String target) {
        note(op + " " + target);
        assembler.op(op, target);
        return this;
    }

    Listing op(Op op, int register, String target) {
        note(op + " x" + register + ", " + target);
        assembler.op(op, register, target);
        return this;
    }

    Listing op(Op op, int rs1, int rs2, String target) {
        note(op + " x" + rs1 + ", x" + rs2 + ", " + target);
        assembler.op(op, rs1, rs2, target);
        return this;
    }

    Listing li(int rd, long value) {
        note("li x" + rd + ", 0x" + Long.toHexString(value));
        assembler.li(rd, value);
        return this;
    }

    Listing la(int rd, String target) {
        note("la x" + rd + ", " + target);
        assembler.la(rd, target);
        return this;
    }

    /** An address in RAM, as far from pc as it is now: the user's alias of it when run in the user's alias. */
    Listing near(int rd, long address) {
        int offset = Math.toIntExact(address - assembler.here());
        int low = offset << 20 >> 20;
        note("la x%d, 0x%x".formatted(rd, address));
        assembler.op(Op.AUIPC, rd, offset - low >>> 12).op(Op.ADDI, rd, rd, low);
        return this;
    }

    Listing csrw(int csr, int rs) {
        return op(Op.CSRRW, 0, csr, rs);
    }

    Listing csrr(int rd, int csr) {
        return op(Op.CSRRS, rd, csr, 0);
    }

    Listing word(int word) {
        note(".word 0x%08x".formatted(word));
        assembler.word(word);
        return this;
    }

    Listing half(int half) {
        note(".half 0x%04x".formatted(half & 0xffff));
        assembler.half(half);
        return this;
    }

    Listing label(String name) {
        note(name + ":");
        assembler.label(name);
        return this;
    }

    /** From here on is {@link #body}. */
    Listing markBody() {
        body = assembler.here();
        return this;
    }

    /** The lines of the body. */
    String body() {
        StringBuilder lines = new StringBuilder();
        text.tailMap(body).forEach((address, line) -> lines.append("  %x  %s%n".formatted(address, line)));
        return lines.toString();
    }

    private void note(String line) {
        text.merge(assembler.here(), line, (a, b) -> a + "  " + b);
    }
}
