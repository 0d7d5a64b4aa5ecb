package tidemark.firmware.sbi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static tidemark.testkit.Reg.A0;
import static tidemark.testkit.Reg.A1;
import static tidemark.testkit.Reg.A6;
import static tidemark.testkit.Reg.A7;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import tidemark.api.cpu.Hart;
import tidemark.api.machine.Firmware;

/** A machine of three harts with the firmware, booted: hart 0 runs. Calls are made as the binary encoding says (SBI 2.0, chapter 3). */
abstract class SbiFixture {
    static final long KERNEL = 0x8020_0000L;
    static final long TREE = 0x8000_4000L;
    static final int SUCCESS = 0;
    static final int NOT_SUPPORTED = -2;
    static final int INVALID_PARAM = -3;
    static final int DENIED = -4;
    static final int INVALID_ADDRESS = -5;
    static final int ALREADY_AVAILABLE = -6;

    final TestMachine machine = new TestMachine(3);
    final Firmware sbi = new SbiPart().create(machine);

    /** struct sbiret. */
    record SbiRet(long error, long value) {}

    @BeforeEach
    void boot() {
        sbi.boot(KERNEL, TREE);
    }

    @AfterEach
    void close() {
        sbi.close();
        machine.close();
    }

    Hart hart(int id) {
        return machine.harts().get(id);
    }

    /** A call that returns: it preserves all registers but a0 and a1, and goes on behind the ECALL. */
    SbiRet call(int id, long extension, long function, long... parameters) {
        Hart hart = hart(id);
        long pc = hart.pc;
        long[] before = prepare(hart, extension, function, parameters);
        sbi.call(hart);
        assertEquals(pc + 4, hart.pc, "goes on behind the ECALL");
        SbiRet result = new SbiRet(hart.x[A0], hart.x[A1]);
        before[A0] = hart.x[A0];
        before[A1] = hart.x[A1];
        assertArrayEquals(before, hart.x);
        return result;
    }

    /** A call that does not. */
    void callWithoutReturn(int id, long extension, long function, long... parameters) {
        prepare(hart(id), extension, function, parameters);
        sbi.call(hart(id));
    }

    private static long[] prepare(Hart hart, long extension, long function, long... parameters) {
        for (int i = 1; i < hart.x.length; i++) {
            hart.x[i] = 0x1000 + i;
        }
        hart.x[A7] = extension;
        hart.x[A6] = function;
        System.arraycopy(parameters, 0, hart.x, A0, parameters.length);
        return hart.x.clone();
    }

    static SbiRet ok(long value) {
        return new SbiRet(SUCCESS, value);
    }

    static SbiRet error(int code) {
        return new SbiRet(code, 0);
    }
}
