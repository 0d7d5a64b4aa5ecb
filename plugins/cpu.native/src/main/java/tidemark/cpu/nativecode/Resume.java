package tidemark.cpu.nativecode;

import tidemark.api.cpu.Hart;
import tidemark.cpu.nativecode.guest.Exits;
import tidemark.cpu.nativecode.guest.Frame;
import tidemark.interpreter.FloatingUnit;

/** Where code goes on behind the instruction that is the interpreter's, and what must hold there. */
final class Resume {
    private int place;
    private long pc;
    private int mode;
    private int level;
    private int rest;

    /** Behind the instruction that a block was left for. */
    void behind(Exits exits, int exit, Hart hart) {
        place = exits.place(exit);
        pc = hart.pc + exits.size(exit);
        mode = hart.privilege;
        level = exits.level(exit);
        rest = exits.undone(exit) - 1;
    }

    /** Nowhere. */
    void forget() {
        place = 0;
    }

    /**
     * Where code goes on, once; 0 if it must not.
     *
     * @param left instructions that may be executed
     * @param floating of {@link Frame#FLOATING}, as it is now
     */
    int take(Hart hart, int left, int floating) {
        int there = place;
        place = 0;
        boolean holds = there != 0 && hart.pc == pc && hart.privilege == mode && left >= rest
                && floating >= Math.min(level, FloatingUnit.NEAREST);
        return holds ? there : 0;
    }

    /** How many instructions the block has from there, which are counted. */
    int rest() {
        return rest;
    }

    /** Of {@link Frame#FLOATING}, for code that goes on. @param floating as it is now */
    int level(int floating) {
        return level == Frame.ARMED ? Frame.ARMED : floating;
    }
}
