package tidemark.interpreter;

import tidemark.api.cpu.Hart;
import tidemark.riscv.Status;

/** What an engine may do with floating point by itself, in the state in which the hart is. Each includes those before it. */
public final class FloatingUnit {
    /** Nothing: mstatus.FS is off, or the next write to an f register changes it. */
    public static final int CARE = 0;
    /** Moves and comparisons. */
    public static final int DIRTY = 1;
    /**
     * Host arithmetic besides: it rounds to nearest even, and whether a result is inexact need not be found out because that flag is set.
     */
    public static final int NEAREST = 2;

    private static final int NX = 1;

    private FloatingUnit() {}

    public static int of(Hart hart) {
        if ((hart.mstatus & Status.FS) != Status.FS) {
            return CARE;
        }
        return hart.frm == 0 && (hart.fflags & NX) != 0 ? NEAREST : DIRTY;
    }
}
