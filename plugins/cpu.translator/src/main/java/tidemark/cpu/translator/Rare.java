package tidemark.cpu.translator;

import tidemark.riscv.Op;

/** Which instructions are never translated. */
final class Rare {
    private Rare() {}

    static boolean is(Instruction instruction) {
        int op = instruction.op();
        return op == Op.LOAD_X0 || op > Op.FENCE || op == Op.FP && !FloatingGroup.translates(instruction);
    }
}
