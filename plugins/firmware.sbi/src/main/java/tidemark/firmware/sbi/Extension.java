package tidemark.firmware.sbi;

import tidemark.api.cpu.Hart;

/** An SBI extension. Its parameters are in a0 to a5 of the hart that calls. */
interface Extension {
    // Numbers of registers (RISC-V psABI)
    int A0 = 10;
    int A1 = 11;
    int A2 = 12;
    int A6 = 16;
    int A7 = 17;

    /** On the hart's thread, several harts at once. Leaves pc, a0 and a1 alone unless the outcome is {@link Outcome#NO_RETURN}. */
    Outcome call(Hart hart, int function);
}
