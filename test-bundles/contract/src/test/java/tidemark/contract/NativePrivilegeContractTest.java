package tidemark.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static tidemark.testkit.Reg.A0;
import static tidemark.testkit.Reg.A1;
import static tidemark.testkit.Reg.A2;

import org.junit.jupiter.api.Test;
import tidemark.api.cpu.CpuPart;
import tidemark.cpu.nativecode.NativePart;
import tidemark.testkit.Op;

/** Beside what every engine must do: what it need not look up again. The walker would set the bit A of a leaf. */
class NativePrivilegeContractTest extends PrivilegeContract {
    @Override
    protected CpuPart part() {
        return NativePart.eager();
    }

    @Test
    void aFenceOfAnAddressKeepsWhatIsKnownOfOtherPages() {
        page();
        leaf(0, V | R | A);
        leaf(1, V | R | A);
        hart.x[A0] = VIRTUAL;
        hart.x[A2] = VIRTUAL + 4096;
        asm.op(Op.LD, A1, 0, A0).op(Op.LD, A1, 0, A2).op(Op.SFENCE_VMA, A0, 0).op(Op.LD, A1, 0, A2).op(Op.LD, A1, 0, A0);
        load();
        run(2);
        leaf(0, V | R);
        leaf(1, V | R);
        run(3);
        assertEquals(V | R | A, memory.getLong(LEAVES) & 0xFF, "the page that was fenced");
        assertEquals(V | R, memory.getLong(LEAVES + 8) & 0xFF, "another page");
    }

    @Test
    void whatAnAtomicAccessedIsKnown() {
        page();
        hart.x[A0] = VIRTUAL;
        asm.op(Op.AMOADD_D, 0, A1, A0).op(Op.SD, A1, 8, A0).op(Op.LR_D, 0, A0).op(Op.LD, A1, 8, A0);
        load();
        for (int i = 0; i < 2; i++) {
            leaf(0, V | R | W | A | D);
            run(1);
            leaf(0, V | R | W);
            run(1);
            assertEquals(V | R | W, memory.getLong(LEAVES) & 0xFF);
        }
    }
}
