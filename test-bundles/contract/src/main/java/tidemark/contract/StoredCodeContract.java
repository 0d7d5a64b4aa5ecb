package tidemark.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static tidemark.testkit.Reg.A0;
import static tidemark.testkit.Reg.A1;
import static tidemark.testkit.Reg.S0;
import static tidemark.testkit.Reg.S1;
import static tidemark.testkit.Reg.T0;
import static tidemark.testkit.Reg.T1;
import static tidemark.testkit.TestEngineContext.RAM_BASE;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tidemark.api.cpu.Hart;
import tidemark.testkit.Assembler;
import tidemark.testkit.Csr;
import tidemark.testkit.Op;

/** When every engine must see code that was stored: kernels rely on more than FENCE.I. Extend it in a test. */
public abstract class StoredCodeContract extends EngineFixture {
    private static final int ROUNDS = 200;
    /** The immediate of the instruction here is in the next page. */
    private static final long ACROSS_PAGES = RAM_BASE + 0x4FFE;
    private static final int BASE_OF_ADDI_A0 = Op.ADDI.encode(A0, 0, 0);

    /** What a kernel does between storing code and entering it. */
    enum Event {
        FENCE_I, SFENCE_VMA, SFENCE_VMA_OF_AN_ADDRESS, SATP, MRET, SRET
    }

    @BeforeEach
    void open() {
        openPmp();
    }

    static Stream<Arguments> placesOfStoredCode() {
        return Stream.of(Event.values()).flatMap(event -> Stream.of(RAM_BASE + 0x200, RAM_BASE + 0x4000, ACROSS_PAGES)
                .flatMap(target -> Stream.of(1, 40).map(pages -> Arguments.of(event, target, pages))));
    }

    /** Of {@code pages} functions one after the other is rewritten and called, so that all of these pages hold code and are stored into. */
    @ParameterizedTest
    @MethodSource("placesOfStoredCode")
    void codeThatTheHartStoredIsSeenAfterTheEvent(Event event, long target, int pages) {
        hart.privilege = event == Event.SRET ? Hart.SUPERVISOR : Hart.MACHINE;
        asm.label("round").li(T0, BASE_OF_ADDI_A0).op(Op.SLLI, T1, S0, 20).op(Op.OR, T0, T0, T1).op(Op.SW, T0, 0, A1);
        occur(event);
        asm.op(Op.JALR, 1, 0, A1).op(Op.SUB, A0, A0, S0).op(Op.SLTU, A0, 0, A0).op(Op.ADD, S1, S1, A0).op(Op.ADDI, S0, S0, 1);
        asm.li(T0, 0x1000).op(Op.ADD, A1, A1, T0).li(T0, target + 0x1000L * pages).op(Op.BLTU, A1, T0, "round").li(A1, target).j("round");
        load();
        byte[] function = new Assembler(RAM_BASE).op(Op.ADDI, A0, 0, -1).op(Op.JALR, 0, 0, 1).bytes();
        for (int page = 0; page < pages; page++) {
            memory.put(target + 0x1000L * page, function);
        }
        hart.x[A1] = target;
        while (hart.x[S0] < ROUNDS) {
            run(1000);
        }
        assertEquals(0, hart.x[S1], "calls of " + hart.x[S0] + " that executed what had been there before");
    }

    static Stream<Arguments> placesOfOthersCode() {
        return Stream.of(Event.FENCE_I, Event.SFENCE_VMA, Event.SATP).flatMap(event -> Stream.of(RAM_BASE + 0x4000, ACROSS_PAGES)
                .map(target -> Arguments.of(event, target)));
    }

    @ParameterizedTest
    @MethodSource("placesOfOthersCode")
    void codeThatADeviceOrAnotherHartStoredIsSeenAfterTheEvent(Event event, long target) {
        hart.privilege = Hart.MACHINE;
        asm.label("round").op(Op.JALR, 1, 0, A1);
        occur(event);
        asm.j("round");
        load();
        hart.x[A1] = target;
        for (int value : List.of(1, 2, 3)) {
            memory.put(target, new Assembler(RAM_BASE).op(Op.ADDI, A0, 0, value).op(Op.JALR, 0, 0, 1).bytes());
            run(1000);
            assertEquals(value, hart.x[A0]);
        }
    }

    private void occur(Event event) {
        switch (event) {
            case FENCE_I -> asm.op(Op.FENCE_I);
            case SFENCE_VMA -> asm.op(Op.SFENCE_VMA, 0, 0);
            case SFENCE_VMA_OF_AN_ADDRESS -> asm.op(Op.SFENCE_VMA, A1, 0);
            case SATP -> asm.csrw(Csr.SATP, 0);
            case MRET -> asm.la(T0, "on").csrw(Csr.MEPC, T0).li(T0, 3 << 11).op(Op.CSRRS, 0, Csr.MSTATUS, T0).op(Op.MRET).label("on");
            case SRET -> asm.la(T0, "on").csrw(Csr.SEPC, T0).li(T0, 1 << 8).op(Op.CSRRS, 0, Csr.SSTATUS, T0).op(Op.SRET).label("on");
        }
    }
}
