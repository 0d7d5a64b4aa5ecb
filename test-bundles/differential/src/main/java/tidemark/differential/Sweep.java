package tidemark.differential;

import static tidemark.testkit.Op.*;
import static tidemark.testkit.Reg.*;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import tidemark.testkit.Assembler;
import tidemark.testkit.Csr;

/**
 * One guest that executes instructions one at a time, each from the same state, and records all that it did: the trap, the registers,
 * digests of what it could store to and of the floating-point registers. Wherever an instruction may jump to lies a {@code c.ebreak}.
 */
final class Sweep {
    static final int MAX_CASES = 60_000;
    private static final long CASES = Region.RAM + 0x10_0000;
    private static final long RECORDS = Region.RAM + 0x40_0000;
    private static final int CAUSE = 0;
    private static final int EPC = 8;
    private static final int TVAL = 16;
    private static final int FCSR = 24;
    private static final int STORED = 32;
    private static final int FLOATS = 40;
    private static final int X = 48;
    private static final int RECORD = X + 32 * 8;
    private static final String[] FIELDS = {"cause", "epc", "tval", "fcsr", "stored", "floats"};

    private static final long CONTROL = Region.RAM + 0x2000;
    private static final int NEXT_CASE = 0;
    private static final int NEXT_RECORD = 8;
    private static final int SAVED_RA = 16;
    private static final int INITIAL_X = 64;
    private static final long SLOT = Region.RAM + 0x1_2000;
    private static final long SLOT_AREA = Region.RAM + 0x1_0000;
    private static final int SLOT_AREA_SIZE = 0x4000;
    static final long SCRATCH = Region.RAM + 0x2_1000;
    private static final long SCRATCH_AREA = Region.RAM + 0x2_0000;
    private static final int SCRATCH_AREA_SIZE = 0x2000;
    /** Restored before each instruction. */
    private static final int WINDOW = 65 * 8;
    private static final long C_EBREAKS = 0x9002_9002_9002_9002L;

    /**
     * @param instruction a compressed one in the lower half
     * @param volatileRegister one whose value does not count, such as that of a counter; -1 if there is none
     */
    record Case(int instruction, int privilege, int volatileRegister) {
        static Case of(int instruction) {
            return new Case(instruction, 3, -1);
        }

        @Override
        public String toString() {
            String bits = (instruction & 3) == 3 ? "%08x".formatted(instruction) : "%04x".formatted(instruction & 0xffff);
            return bits + " in " + "US?M".charAt(privilege);
        }
    }

    private final List<Case> cases;
    private final Assembler a = new Assembler(Region.RAM);

    /** @param floats whether floating point is switched on */
    Sweep(List<Case> cases, boolean floats) {
        if (cases.size() > MAX_CASES) {
            throw new IllegalArgumentException(cases.size() + " cases, at most " + MAX_CASES);
        }
        this.cases = List.copyOf(cases);
        start();
        next(floats);
        handler();
    }

    private void start() {
        a.csrr(T0, Csr.MHARTID).op(BEQ, T0, ZERO, "go").label("park").op(WFI).j("park").label("go");
        a.li(T0, -1L >>> 10).csrw(Csr.PMPADDR0, T0).li(T0, 0x1f).csrw(Csr.PMPCFG0, T0);
        a.li(T0, 7).csrw(Csr.MCOUNTEREN, T0).csrw(Csr.SCOUNTEREN, T0);
        a.li(T0, Monitor.CLINT_MTIMECMP).li(T1, -1).op(SD, T1, 0, T0).csrw(Csr.STIMECMP, T1);
        a.la(T0, "handler").csrw(Csr.MTVEC, T0);
    }

    private void next(boolean floats) {
        a.label("next").li(S0, CONTROL).csrw(Csr.MSCRATCH, S0).op(LD, S1, NEXT_CASE, S0);
        a.op(LW, A0, 0, S1).op(LW, A1, 4, S1).op(BLT, A1, ZERO, "end").op(ADDI, S1, S1, 8).op(SD, S1, NEXT_CASE, S0);
        a.li(T0, SLOT).op(SW, A0, 0, T0);
        a.li(T0, SCRATCH).op(ADDI, T1, T0, WINDOW).li(T2, C_EBREAKS).label("fill").op(SD, T2, 0, T0).op(ADDI, T0, T0, 8)
                .op(BNE, T0, T1, "fill");
        a.op(FENCE_I);
        a.li(T0, Monitor.MPP | Monitor.FS).op(CSRRC, ZERO, Csr.MSTATUS, T0).op(SLLI, A1, A1, 11).op(CSRRS, ZERO, Csr.MSTATUS, A1);
        a.li(T0, Monitor.FS).op(CSRRS, ZERO, Csr.MSTATUS, T0).csrw(Csr.FCSR, ZERO);
        for (int i = 0; i < 32; i++) {
            a.op(FLD, i, INITIAL_X + 8 * i, S0);
        }
        if (!floats) {
            a.op(CSRRC, ZERO, Csr.MSTATUS, T0);
        }
        a.li(T0, SLOT).csrw(Csr.MEPC, T0).op(ADDI, SP, S0, 0);
        for (int i = 31; i >= 1; i--) {
            if (i != SP) {
                a.op(LD, i, INITIAL_X + 8 * i, SP);
            }
        }
        a.op(LD, SP, INITIAL_X + 8 * SP, SP).op(MRET);
        a.label("end").li(T0, Monitor.FINISHER).li(T1, 0x5555).op(SW, T1, 0, T0).j("park");
    }

    private void handler() {
        a.align(4).label("handler").op(CSRRW, SP, Csr.MSCRATCH, SP).op(SD, RA, SAVED_RA, SP).op(LD, RA, NEXT_RECORD, SP);
        for (int i = 3; i < 32; i++) {
            a.op(SD, i, X + 8 * i, RA);
        }
        a.csrr(T0, Csr.MSCRATCH).op(SD, T0, X + 8 * SP, RA).op(LD, T0, SAVED_RA, SP).op(SD, T0, X + 8 * RA, RA);
        record(Csr.MCAUSE, CAUSE);
        record(Csr.MEPC, EPC);
        record(Csr.MTVAL, TVAL);
        a.li(T0, Monitor.FS).op(CSRRS, ZERO, Csr.MSTATUS, T0);
        record(Csr.FCSR, FCSR);
        a.li(T3, 31).li(T4, 0);
        for (int i = 0; i < 32; i++) {
            a.op(FMV_X_D, T0, i).op(MUL, T4, T4, T3).op(ADD, T4, T4, T0);
        }
        a.op(SD, T4, FLOATS, RA).li(T4, 0);
        a.li(T0, SCRATCH).op(ADDI, T1, T0, WINDOW).label("digest").op(LD, T2, 0, T0).op(MUL, T4, T4, T3).op(ADD, T4, T4, T2);
        a.op(ADDI, T0, T0, 8).op(BNE, T0, T1, "digest").op(SD, T4, STORED, RA);
        a.op(ADDI, RA, RA, RECORD).op(SD, RA, NEXT_RECORD, SP).csrw(Csr.SATP, ZERO).j("next");
    }

    private void record(int csr, int field) {
        a.csrr(T0, csr).op(SD, T0, field, RA);
    }

    byte[] image() {
        ByteBuffer image = ByteBuffer.allocate((int) (RECORDS - Region.RAM) + cases.size() * RECORD).order(ByteOrder.LITTLE_ENDIAN);
        image.put(0, a.bytes());
        int control = (int) (CONTROL - Region.RAM);
        image.putLong(control + NEXT_CASE, CASES).putLong(control + NEXT_RECORD, RECORDS);
        for (int i = 1; i < 32; i++) {
            // bases of compressed loads and stores 8 bytes apart, the others where they can be told apart
            image.putLong(control + INITIAL_X + 8 * i, SCRATCH + (i == SP ? 0 : i >= 8 && i < 16 ? 8 * (i - 8) : 2 * i));
        }
        fill(image, SLOT_AREA, SLOT_AREA_SIZE);
        fill(image, SCRATCH_AREA, SCRATCH_AREA_SIZE);
        image.position((int) (CASES - Region.RAM));
        for (Case c : cases) {
            boolean compressed = (c.instruction & 3) != 3;
            image.putInt(compressed ? c.instruction & 0xffff | (int) C_EBREAKS << 16 : c.instruction).putInt(c.privilege);
        }
        image.putInt(0).putInt(-1);
        return image.array();
    }

    private static void fill(ByteBuffer image, long area, int size) {
        for (int i = 0; i < size; i += 8) {
            image.putLong((int) (area - Region.RAM) + i, C_EBREAKS);
        }
    }

    /** The first cases that differ, as text; empty if there are none. */
    List<String> differences(byte[] expected, byte[] actual, int most) {
        ByteBuffer e = ByteBuffer.wrap(expected).order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer x = ByteBuffer.wrap(actual).order(ByteOrder.LITTLE_ENDIAN);
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < cases.size() && lines.size() < most; i++) {
            StringBuilder line = new StringBuilder();
            for (int field = 0; field < RECORD / 8; field++) {
                int at = (int) (RECORDS - Region.RAM) + i * RECORD + field * 8;
                int register = field - X / 8;
                if (e.getLong(at) != x.getLong(at) && (register < 0 || register != cases.get(i).volatileRegister)) {
                    String name = register < 0 ? FIELDS[field] : "x" + register;
                    line.append(", %s expected %x was %x".formatted(name, e.getLong(at), x.getLong(at)));
                }
            }
            if (!line.isEmpty()) {
                lines.add(cases.get(i).toString() + line);
            }
        }
        return lines;
    }

    /** The causes of the traps in which the instructions ended. */
    Set<Long> causes(byte[] ram) {
        ByteBuffer buffer = ByteBuffer.wrap(ram).order(ByteOrder.LITTLE_ENDIAN);
        Set<Long> causes = new TreeSet<>();
        for (int i = 0; i < cases.size(); i++) {
            causes.add(buffer.getLong((int) (RECORDS - Region.RAM) + i * RECORD + CAUSE));
        }
        return causes;
    }
}
