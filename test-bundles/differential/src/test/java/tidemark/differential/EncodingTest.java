package tidemark.differential;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tidemark.differential.Sweep.Case;
import tidemark.testkit.Op;
import tidemark.testkit.Reg;

/**
 * Which instructions there are, and what each does from one state: the whole compressed space, all that funct3 and funct7 can say in the
 * others, all CSRs.
 */
class EncodingTest {
    private static final Set<Integer> LEAVE_THE_SLOT = Set.of(Op.MRET.encode(), Op.SRET.encode(), Op.WFI.encode());
    private static final int[] MODES = {0, 1, 3};
    private static final int RD = Reg.A0;
    private static final int RS1 = Reg.A1;

    /** All but those that jump to themselves. */
    private static List<Case> compressed() {
        return IntStream.range(0, 0x1_0000).filter(half -> (half & 3) != 3 && half != 0xa001 && (half & ~0x380) != 0xe001)
                .mapToObj(Case::of).toList();
    }

    @Test
    void everyCompressedEncodingDoesTheSame() throws IOException, InterruptedException {
        assertEquals(Set.of(2L, 3L), compare(compressed(), true));
    }

    @Test
    void compressedFloatingPointIsIllegalWhenSwitchedOff() throws IOException, InterruptedException {
        List<Case> cases = compressed().stream().filter(c -> (c.instruction() & 1) == 0 && c.instruction() % 7 == 0).toList();
        assertEquals(Set.of(2L, 3L), compare(cases, false));
    }

    @Test
    void everyFunctionCodeOfEveryMajorOpcodeDoesTheSame() throws IOException, InterruptedException {
        List<Case> cases = new ArrayList<>();
        for (int opcode = 3; opcode < 128; opcode += 4) {
            for (int funct3 = 0; funct3 < 8; funct3++) {
                functions(opcode, opcode | funct3 << 12 | RD << 7 | RS1 << 15, cases);
            }
        }
        assertEquals(Set.of(2L, 3L), compare(cases, true));
    }

    /** The instructions of one major opcode and funct3, with as many values of funct7 and rs2 as make a difference to it. */
    private static void functions(int opcode, int instruction, List<Case> cases) {
        int funct7Step = switch (opcode) {
            case 0x13, 0x1b, 0x2f, 0x33, 0x3b, 0x53 -> 1; // OP-IMM, OP-IMM-32, AMO, OP, OP-32, OP-FP
            case 0x03, 0x07, 0x23, 0x27, 0x63, 0x67 -> 128; // a part of the offset
            case 0x6f, 0x73 -> 256; // JAL has no function code, SYSTEM a test of its own
            default -> 9;
        };
        for (int funct7 = 0; funct7 < 128; funct7 += funct7Step) {
            for (int rs2 = 0; rs2 < 32; rs2 += opcode == 0x53 ? 1 : 13) {
                if (funct7Step <= 128) {
                    cases.add(Case.of(instruction | funct7 << 25 | rs2 << 20));
                }
            }
        }
    }

    @Test
    void everySystemInstructionDoesTheSameInEveryMode() throws IOException, InterruptedException {
        List<Case> cases = new ArrayList<>();
        for (int privilege : MODES) {
            for (int immediate = 0; immediate < 4096; immediate++) {
                for (int registers : new int[] {0, RS1 << 15, RD << 7}) {
                    int instruction = 0x73 | immediate << 20 | registers;
                    if (!LEAVE_THE_SLOT.contains(instruction)) {
                        cases.add(new Case(instruction, privilege, -1));
                    }
                }
            }
        }
        assertEquals(Set.of(2L, 3L, 8L, 9L, 11L), compare(cases, true));
    }

    /** QEMU has vstimecmp even without hypervisor. */
    private static final int VSTIMECMP = 0x24d;

    /** Counters for performance monitoring, which QEMU lacks when it has no events, and Tidemark reads as zero. */
    private static boolean isPerformanceMonitor(int csr) {
        return csr >= 0xb03 && csr <= 0xb1f || csr >= 0xc03 && csr <= 0xc1f || csr >= 0x323 && csr <= 0x33f;
    }

    private static boolean isCounter(int csr) {
        return csr >= 0xb00 && csr <= 0xb02 || csr >= 0xc00 && csr <= 0xc02;
    }

    @Test
    void everyCsrIsThereForTheSameModes() throws IOException, InterruptedException {
        List<Case> cases = new ArrayList<>();
        for (int csr = 0; csr < 4096; csr++) {
            for (int privilege : isPerformanceMonitor(csr) || csr == VSTIMECMP ? new int[0] : MODES) {
                cases.add(new Case(Op.CSRRS.encode(RD, csr, 0), privilege, isCounter(csr) ? RD : -1));
            }
        }
        assertEquals(Set.of(2L, 3L), compare(cases, true));
    }

    /** @return the causes of the traps in which QEMU's instructions ended */
    private static Set<Long> compare(List<Case> cases, boolean floats) throws IOException, InterruptedException {
        Sweep sweep = new Sweep(cases, floats);
        byte[] expected = Reference.qemu().run(sweep.image()).ram();
        for (Engine engine : Engines.all()) {
            assertEquals(List.of(), sweep.differences(expected, engine.run(sweep.image()).ram(), 20),
                    engine + " on " + cases.size() + " instructions");
        }
        return sweep.causes(expected);
    }
}
