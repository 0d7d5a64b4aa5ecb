package tidemark.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tidemark.testkit.Reg.A0;
import static tidemark.testkit.Reg.A1;
import static tidemark.testkit.Reg.A2;
import static tidemark.testkit.Reg.T0;
import static tidemark.testkit.TestEngineContext.RAM_BASE;

import java.util.Random;
import org.junit.jupiter.api.Test;
import tidemark.api.cpu.ExecutionEngine;
import tidemark.api.cpu.Exit;
import tidemark.api.cpu.Hart;
import tidemark.api.memory.Bus;
import tidemark.api.memory.BusFault;
import tidemark.api.memory.HostMemory;
import tidemark.testkit.Assembler;
import tidemark.testkit.Csr;
import tidemark.testkit.Op;
import tidemark.testkit.TestEngineContext;

/** What every engine must do in M-mode: budgets, faults, barriers, changed code. Extend it in a test. */
public abstract class ExecutionContract extends EngineFixture {
    private static final long DEVICE = 0x1000_0000L;

    @Test
    void theBudgetIsRetiredExactly() {
        asm.li(A0, 0).label("loop").op(Op.ADDI, A0, A0, 1).j("loop");
        load();
        assertEquals(Exit.BUDGET, run(1 + 2 * 1_000_000 + 1));
        assertEquals(1_000_001, hart.x[A0]);
        assertEquals(2_000_002, hart.instret);
        assertEquals(RAM_BASE + 8, hart.pc);
    }

    @Test
    void slicesOfAnyLengthGiveTheSameResult() {
        asm.la(A2, "data").li(A1, 7).label("loop").op(Op.ADDI, A0, A0, 3).op(Op.MUL, A1, A1, A0).op(Op.SD, A1, 0, A2).op(Op.LW, T0, 4, A2)
                .op(Op.XOR, A0, A0, T0).op(Op.BLT, A0, 0, "loop").op(Op.CSRRW, 0, Csr.MSCRATCH, A0).op(Op.CSRRS, T0, Csr.MINSTRET, 0)
                .op(Op.ADD, A0, A0, T0).j("loop").align(8).label("data").dword(0);
        load();
        run(100_000);
        try (TestEngineContext sliced = new TestEngineContext(1 << 20).load(asm.bytes())) {
            ExecutionEngine other = part().create(sliced);
            Random random = new Random(4);
            for (long left = 100_000; left > 0;) {
                long slice = Math.min(left, 1 + random.nextInt(20));
                assertEquals(Exit.BUDGET, other.run(slice));
                left -= slice;
                if (random.nextInt(10) == 0) {
                    other.flushAll();
                }
            }
            assertEquals(hart.save(), sliced.hart().save());
        }
    }

    @Test
    void aTrapIsNotRetiredButTakesPartOfTheBudget() {
        asm.word(0);
        load();
        hart.mtvec = RAM_BASE;
        assertEquals(Exit.BUDGET, run(100));
        assertEquals(0, hart.instret);
        assertEquals(2, hart.mcause);
    }

    @Test
    void executionRunsOnFromPageToPage() {
        for (int i = 0; i < 3000; i++) {
            asm.op(Op.ADDI, A0, A0, 1);
        }
        load();
        assertEquals(Exit.BUDGET, run(2999));
        assertEquals(2999, hart.x[A0]);
        assertEquals(RAM_BASE + 4 * 2999, hart.pc);
    }

    @Test
    void anInstructionMayCrossAPage() {
        asm.org(RAM_BASE + 4094).op(Op.ADDI, A0, A0, 5).op(Op.ADDI, A0, A0, 6);
        load();
        hart.pc = RAM_BASE + 4094;
        run(2);
        assertEquals(11, hart.x[A0]);
        assertEquals(RAM_BASE + 4102, hart.pc);
    }

    @Test
    void changedCodeIsSeenAfterFenceI() {
        asm.la(T0, "target").li(A1, Op.ADDI.encode(A0, 0, 2)).op(Op.SW, A1, 0, T0).op(Op.FENCE_I).label("target").op(Op.ADDI, A0, 0, 1);
        load();
        hart.pc = asm.address("target");
        run(1);
        assertEquals(1, hart.x[A0]);
        hart.pc = RAM_BASE;
        while (hart.pc != asm.address("target")) {
            run(1);
        }
        run(1);
        assertEquals(2, hart.x[A0]);
    }

    @Test
    void codeThatADeviceOrARestoreWroteIsSeenAfterFenceIOrFlush() {
        asm.label("code").op(Op.ADDI, A0, 0, 1).op(Op.FENCE_I).j("code");
        load();
        run(3);
        memory.put(RAM_BASE, new Assembler(RAM_BASE).op(Op.ADDI, A0, 0, 2).bytes());
        run(4);
        assertEquals(2, hart.x[A0]);
        memory.put(RAM_BASE, new Assembler(RAM_BASE).op(Op.ADDI, A0, 0, 3).bytes());
        engine.flushAll();
        hart.pc = RAM_BASE;
        run(1);
        assertEquals(3, hart.x[A0]);
    }

    @Test
    void attentionEndsALoopSoon() throws InterruptedException {
        asm.label("loop").op(Op.ADDI, A0, A0, 1).j("loop");
        load();
        hart.requestAttention();
        assertEquals(Exit.ATTENTION, run(1_000_000_000));
        assertEquals(0, hart.instret);
        hart.clearAttention();
        Thread other = Thread.ofPlatform().start(() -> {
            while (hart.instret == 0) {
                Thread.onSpinWait();
            }
            hart.requestAttention();
        });
        assertEquals(Exit.ATTENTION, run(Long.MAX_VALUE));
        other.join();
        assertTrue(hart.instret > 0);
    }

    @Test
    void attentionThatABusAccessRaisesIsSeenBeforeTheNextInstruction() {
        RaisingBus raising = new RaisingBus();
        try (TestEngineContext own = new TestEngineContext(1 << 20, raising)) {
            raising.hart = own.hart();
            own.load(new Assembler(RAM_BASE).op(Op.LUI, A0, 0x10000).nop().op(Op.LW, A1, 0, A0).op(Op.ADDI, A1, A1, 1).bytes());
            ExecutionEngine other = part().create(own);
            assertEquals(Exit.ATTENTION, other.run(100));
            assertEquals(2, raising.instretAtAccess);
            assertEquals(5, own.hart().x[A1]);
            assertEquals(3, own.hart().instret);
            assertEquals(RAM_BASE + 12, own.hart().pc);
        }
    }

    /** A device that wants the hart's attention when it is read. */
    private static final class RaisingBus implements Bus {
        private Hart hart;
        private long instretAtAccess;

        @Override
        public long load(long physical, int size) {
            instretAtAccess = hart.instret;
            hart.requestAttention();
            return 5;
        }

        @Override
        public void store(long physical, int size, long value) throws BusFault {
            throw new BusFault(physical);
        }
    }

    @Test
    void waitForInterruptWaitsUntilOneIsPendingThatMieEnables() {
        asm.op(Op.WFI).op(Op.ADDI, A0, A0, 1);
        load();
        assertEquals(Exit.WAIT, run(100));
        assertTrue(hart.waiting);
        assertEquals(1, hart.instret);
        assertEquals(RAM_BASE + 4, hart.pc);
        assertEquals(Exit.WAIT, run(100));
        hart.mie = Hart.MTIP;
        hart.setLine(Hart.MTIP, true);
        hart.clearAttention();
        assertEquals(Exit.BUDGET, run(1));
        assertFalse(hart.waiting);
        assertEquals(1, hart.x[A0], "interrupts are off: execution goes on");
    }

    @Test
    void anInterruptIsTakenAtEntryAndAfterTheCsrWriteThatEnablesIt() {
        asm.op(Op.CSRRSI, 0, Csr.MSTATUS, 8).nop().nop().align(64).label("handler").op(Op.ADDI, A0, A0, 1);
        load();
        hart.mie = Hart.MSIP;
        hart.mtvec = asm.address("handler");
        hart.setLine(Hart.MSIP, true);
        hart.clearAttention();
        run(2);
        assertEquals(1, hart.x[A0]);
        assertEquals(RAM_BASE + 4, hart.mepc);
        assertEquals(1L << 63 | 3, hart.mcause);
    }

    @Test
    void loadsAndStoresThatMissRamGoToTheBus() {
        bus.register(DEVICE, 0x1122334455667788L);
        asm.op(Op.LUI, A0, 0x10000).op(Op.LB, A1, 0, A0).op(Op.LWU, A2, 0, A0).op(Op.SH, A2, 0, A0);
        load();
        run(4);
        assertEquals((byte) 0x88, hart.x[A1]);
        assertEquals(0x55667788L, hart.x[A2]);
        assertEquals(0x7788, bus.value(DEVICE));
        assertEquals(3, bus.accesses().size());
    }

    @Test
    void aBusFaultIsAPreciseAccessFault() {
        asm.op(Op.LUI, A0, 0x10000).op(Op.LD, A0, 8, A0);
        load();
        run(2);
        assertEquals(5, hart.mcause);
        assertEquals(DEVICE + 8, hart.mtval);
        assertEquals(RAM_BASE + 4, hart.mepc);
        assertEquals(DEVICE, hart.x[A0]);
        assertEquals(1, hart.instret);
    }

    @Test
    void everyStoreMarksItsCards() {
        long cards = memory.hostAddress() + (1 << 19); // in the upper half of RAM, which the guest does not use
        memory.dirtyLog(new RecordingLog(memory.pages(), cards));
        asm.li(A0, RAM_BASE + 4096).op(Op.SB, A0, 0, A0).op(Op.SD, A0, 64 * 3 - 4, A0).op(Op.SW, A0, 64 * 8, A0).op(Op.AMOADD_D, 0, A0, A0)
                .op(Op.ADDI, A0, A0, 64 * 5).op(Op.AMOADD_W, 0, A0, A0).op(Op.LR_D, A1, A0).op(Op.SC_D, A1, A0, A0)
                .op(Op.FSD, 1, 64 * 4, A0)
                .label("end").j("end");
        load();
        hart.mstatus |= FS_DIRTY;
        run(60);
        byte[] marked = new byte[12];
        HostMemory.copy(cards + (4096 >> RecordingLog.CARD_SHIFT), marked, 0, marked.length);
        assertArrayEquals(new byte[] {1, 0, 1, 1, 0, 1, 0, 0, 1, 1, 0, 0}, marked);
        assertEquals(0, hart.x[A1]);
    }

    @Test
    void flushedWritesAreMarkedAgain() {
        RecordingLog log = new RecordingLog(memory.pages(), 0);
        memory.dirtyLog(log);
        asm.li(A0, RAM_BASE + 4096).label("loop").op(Op.SD, A1, 0, A0).j("loop");
        load();
        log.flip();
        run(50);
        assertTrue(log.marked.contains(1));
        log.flip();
        run(50);
        assertTrue(log.marked.isEmpty(), "steady state costs nothing");
        engine.flushWrites();
        run(50);
        assertTrue(log.marked.contains(1));
    }

    @Test
    void registerZeroStaysZero() {
        asm.op(Op.ADDI, 0, 0, 5).op(Op.LW, 0, 0, A0).op(Op.CSRRS, 0, Csr.MISA, 0).op(Op.AMOADD_W, 0, 0, A0).op(Op.FEQ_D, 0, 1, 1)
                .op(Op.AUIPC, 0, 4)
                .op(Op.DIVU, 0, A0, A0).op(Op.LR_W, 0, A0);
        load();
        hart.x[A0] = RAM_BASE;
        hart.mstatus |= FS_DIRTY;
        run(8);
        assertEquals(0, hart.x[0]);
        assertEquals(8, hart.instret);
    }
}
