package tidemark.testkit;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes RISC-V code.
 *
 * {@snippet :
 * byte[] code = new Assembler(0x8000_0000L)
 *         .li(T0, 10)
 *         .label("loop")
 *         .op(ADDI, T0, T0, -1)
 *         .op(BNE, T0, ZERO, "loop")
 *         .op(EBREAK)
 *         .bytes();
 * }
 *
 * Labels may be used before they are placed. Not thread-safe.
 */
public final class Assembler {
    private final long origin;
    private final ByteArrayOutputStream code = new ByteArrayOutputStream();
    private final Map<String, Long> labels = new HashMap<>();
    private final List<Reference> references = new ArrayList<>();

    /** @param origin where the code will run */
    public Assembler(long origin) {
        this.origin = origin;
    }

    /** The address of the next byte. */
    public long here() {
        return origin + code.size();
    }

    /** Places a label here. */
    public Assembler label(String name) {
        if (labels.putIfAbsent(name, here()) != null) {
            throw new IllegalStateException("Label '" + name + "' is placed twice");
        }
        return this;
    }

    /** Whether a label is placed already. */
    public boolean placed(String name) {
        return labels.containsKey(name);
    }

    /** The address of a label that is placed already. */
    public long address(String name) {
        Long address = labels.get(name);
        if (address == null) {
            throw new IllegalStateException("Label '" + name + "' is not placed; there are " + labels.keySet());
        }
        return address;
    }

    /** An instruction; see {@link Op#encode}. */
    public Assembler op(Op op, int... operands) {
        return op.length() == 2 ? half(op.encode(operands)) : word(op.encode(operands));
    }

    /** A jump without register: {@code C_J}. */
    public Assembler op(Op op, String target) {
        return reference(op, target, new int[1]);
    }

    /** {@code JAL rd}, {@code C_BEQZ}, {@code C_BNEZ}. */
    public Assembler op(Op op, int register, String target) {
        return reference(op, target, new int[] {register, 0});
    }

    /** A conditional branch. */
    public Assembler op(Op op, int rs1, int rs2, String target) {
        return reference(op, target, new int[] {rs1, rs2, 0});
    }

    /** {@code jal zero, target}: +-1 MiB. */
    public Assembler j(String target) {
        return op(Op.JAL, Reg.ZERO, target);
    }

    public Assembler nop() {
        return op(Op.ADDI, Reg.ZERO, Reg.ZERO, 0);
    }

    public Assembler mv(int rd, int rs) {
        return op(Op.ADDI, rd, rs, 0);
    }

    public Assembler csrr(int rd, int csr) {
        return op(Op.CSRRS, rd, csr, Reg.ZERO);
    }

    public Assembler csrw(int csr, int rs) {
        return op(Op.CSRRW, Reg.ZERO, csr, rs);
    }

    /** Any 64-bit constant, in at most eight instructions that use {@code rd} alone. */
    public Assembler li(int rd, long value) {
        if (value == (int) value) {
            int low = (int) value << 20 >> 20;
            int high = (int) value - low >>> 12;
            if (high != 0) {
                op(Op.LUI, rd, high);
            }
            return high == 0 ? op(Op.ADDI, rd, Reg.ZERO, low) : low == 0 ? this : op(Op.ADDIW, rd, rd, low);
        }
        long low = value << 52 >> 52;
        long high = value - low;
        int shift = Long.numberOfTrailingZeros(high);
        li(rd, high >> shift).op(Op.SLLI, rd, rd, shift);
        return low == 0 ? this : op(Op.ADDI, rd, rd, (int) low);
    }

    /** The address of a label, relative to pc. */
    public Assembler la(int rd, String target) {
        references.add(new Reference(code.size(), null, target, new int[] {rd}));
        return word(0).word(0);
    }

    public Assembler half(int value) {
        return put(value, 2);
    }

    public Assembler word(int value) {
        return put(value, 4);
    }

    public Assembler dword(long value) {
        return put(value, 8);
    }

    public Assembler bytes(byte[] bytes) {
        code.writeBytes(bytes);
        return this;
    }

    /** Zeros up to a multiple of {@code alignment}, a power of two. */
    public Assembler align(int alignment) {
        return bytes(new byte[(int) (-here() & alignment - 1)]);
    }

    /** Zeros up to {@code address}, where the next byte goes. */
    public Assembler org(long address) {
        if (address < here()) {
            throw new IllegalStateException("Already at 0x%x, beyond 0x%x".formatted(here(), address));
        }
        return bytes(new byte[Math.toIntExact(address - here())]);
    }

    /** The finished code. */
    public byte[] bytes() {
        byte[] bytes = code.toByteArray();
        for (Reference reference : references) {
            reference.resolve(bytes);
        }
        return bytes;
    }

    private Assembler put(long value, int length) {
        for (int i = 0; i < length; i++) {
            code.write((int) (value >>> 8 * i));
        }
        return this;
    }

    private Assembler reference(Op op, String target, int[] operands) {
        references.add(new Reference(code.size(), op, target, operands));
        return bytes(new byte[op.length()]);
    }

    /** An instruction to be encoded when its label is known; auipc and addi if {@code op} is null. */
    private final class Reference {
        private final int position;
        private final Op op;
        private final String target;
        private final int[] operands;

        Reference(int position, Op op, String target, int[] operands) {
            this.position = position;
            this.op = op;
            this.target = target;
            this.operands = operands;
        }

        void resolve(byte[] bytes) {
            int offset = Math.toIntExact(address(target) - (origin + position));
            if (op == null) {
                int low = offset << 20 >> 20;
                patch(bytes, position, Op.AUIPC.encode(operands[0], offset - low >>> 12), 4);
                patch(bytes, position + 4, Op.ADDI.encode(operands[0], operands[0], low), 4);
            } else {
                int[] complete = Arrays.copyOf(operands, operands.length);
                complete[complete.length - 1] = offset;
                patch(bytes, position, op.encode(complete), op.length());
            }
        }

        private static void patch(byte[] bytes, int at, int instruction, int length) {
            for (int i = 0; i < length; i++) {
                bytes[at + i] = (byte) (instruction >>> 8 * i);
            }
        }
    }
}
