package tidemark.differential;

import static tidemark.testkit.Op.*;
import static tidemark.testkit.Reg.*;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import tidemark.testkit.Assembler;
import tidemark.testkit.Csr;
import tidemark.testkit.Field;
import tidemark.testkit.Op;

/**
 * One guest that computes instructions, floating-point ones in every rounding mode, for every combination of operands from tables: every
 * pair, every pair with each of a few third operands. It leaves (result, flags) for each in RAM.
 */
final class OperandTables {
    private static final int RAM_FOR_RESULTS = 40 << 20;
    private static final long FIRST_TABLE = Region.RAM + 0x4000;
    private static final long RESULTS = Region.RAM + 0x10_0000;
    private static final int RESULT = 16;
    private static final int ROUNDING_MODES = 5;

    /** An instruction in one rounding mode; its results begin at {@code first}. */
    private record Block(Op op, int rounding, List<long[]> tables, int first) {
        int size() {
            return tables.stream().mapToInt(table -> table.length).reduce(1, (a, b) -> a * b);
        }

        /** The operands of the {@code n}th result: the last register's change fastest. */
        long[] operands(int n) {
            long[] operands = new long[tables.size()];
            for (int i = operands.length - 1, rest = n; i >= 0; i--) {
                operands[i] = tables.get(i)[rest % tables.get(i).length];
                rest /= tables.get(i).length;
            }
            return operands;
        }
    }

    private final int flags;
    private final Assembler a = new Assembler(Region.RAM);
    private final List<Block> blocks = new ArrayList<>();
    private final List<long[]> placed = new ArrayList<>();
    private final List<Long> addresses = new ArrayList<>();
    private long nextTable = FIRST_TABLE;
    private int results;

    /**
     * @param ops from registers to a register, all with the same kind of operands: singles, doubles or integers
     * @param flags what fflags are before each instruction; an engine may take other ways when inexact is set already
     */
    OperandTables(List<Op> ops, int flags, long[] operands, long[] thirds) {
        this.flags = flags;
        a.csrr(T0, Csr.MHARTID).op(BEQ, T0, ZERO, "go").label("park").op(WFI).j("park").label("go");
        a.li(T0, Monitor.FS).op(CSRRS, ZERO, Csr.MSTATUS, T0).li(S0, RESULTS);
        for (Op op : ops) {
            int modes = op.fields().contains(Field.RM) ? ROUNDING_MODES : 1;
            for (int rounding = 0; rounding < modes; rounding++) {
                block(op, rounding, operands, thirds);
            }
        }
        a.li(T0, Monitor.FINISHER).li(T1, 0x5555).op(SW, T1, 0, T0).j("park");
    }

    private void block(Op op, int rounding, long[] operands, long[] thirds) {
        int sources = (int) op.fields().stream().filter(field -> field.name().matches("F?RS[123]")).count();
        List<long[]> tables = IntStream.range(0, sources).mapToObj(i -> i == 2 ? thirds : operands).toList();
        Block block = new Block(op, rounding, tables, results);
        blocks.add(block);
        results += block.size();
        if ((long) results * RESULT > RAM_FOR_RESULTS) {
            throw new IllegalStateException("Too many combinations: " + results);
        }
        loop(block, 0);
    }

    /** One loop within the other, one for each operand: t-registers are cursors, s-registers ends. */
    private void loop(Block block, int depth) {
        if (depth == block.tables.size()) {
            compute(block);
            return;
        }
        String start = "b" + blocks.size() + "d" + depth;
        int cursor = T0 + depth;
        int end = S2 + depth;
        long table = place(block.tables.get(depth));
        a.li(cursor, table).li(end, table + 8L * block.tables.get(depth).length).label(start);
        a.op(FLD, FA0 + depth, 0, cursor).op(LD, A0 + depth, 0, cursor);
        loop(block, depth + 1);
        a.op(ADDI, cursor, cursor, 8).op(BNE, cursor, end, start);
    }

    private void compute(Block block) {
        int[] operands = new int[block.op.fields().size()];
        boolean toInteger = block.op.fields().get(0) == Field.RD;
        operands[0] = toInteger ? A5 : 15;
        for (int i = 1; i < operands.length; i++) {
            operands[i] = block.op.fields().get(i) == Field.RM ? block.rounding : FA0 + i - 1;
        }
        a.op(CSRRWI, ZERO, Csr.FFLAGS, flags).op(block.op, operands).csrr(A6, Csr.FFLAGS).op(SD, A6, 8, S0);
        a.op(toInteger ? SD : FSD, operands[0], 0, S0).op(ADDI, S0, S0, RESULT);
    }

    private long place(long[] table) {
        int known = placed.indexOf(table);
        if (known >= 0) {
            return addresses.get(known);
        }
        placed.add(table);
        addresses.add(nextTable);
        nextTable += 8L * table.length;
        return addresses.getLast();
    }

    int results() {
        return results;
    }

    byte[] image() {
        ByteBuffer image = ByteBuffer.allocate((int) (RESULTS - Region.RAM) + results * RESULT).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < placed.size(); i++) {
            image.position((int) (addresses.get(i) - Region.RAM));
            LongStream.of(placed.get(i)).forEach(image::putLong);
        }
        byte[] code = a.bytes();
        if (code.length > FIRST_TABLE - Region.RAM) {
            throw new IllegalStateException(code.length + " bytes of code");
        }
        return image.put(0, code).array();
    }

    /** The first results that differ, as text; empty if there are none. */
    List<String> differences(byte[] expected, byte[] actual, int most) {
        ByteBuffer e = ByteBuffer.wrap(expected).order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer x = ByteBuffer.wrap(actual).order(ByteOrder.LITTLE_ENDIAN);
        List<String> lines = new ArrayList<>();
        for (Block block : blocks) {
            for (int n = 0; n < block.size() && lines.size() < most; n++) {
                int at = (int) (RESULTS - Region.RAM) + (block.first + n) * RESULT;
                if (e.getLong(at) != x.getLong(at) || e.getLong(at + 8) != x.getLong(at + 8)) {
                    StringBuilder line = new StringBuilder(block.op + " rm=" + block.rounding);
                    LongStream.of(block.operands(n)).forEach(operand -> line.append(" %016x".formatted(operand)));
                    line.append(": expected %016x flags %02x".formatted(e.getLong(at), e.getLong(at + 8)));
                    lines.add(line + ", was %016x flags %02x".formatted(x.getLong(at), x.getLong(at + 8)));
                }
            }
        }
        return lines;
    }
}
