package tidemark.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static tidemark.testkit.Reg.A0;
import static tidemark.testkit.Reg.A1;
import static tidemark.testkit.TestEngineContext.RAM_BASE;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tidemark.api.cpu.Exit;
import tidemark.api.cpu.Hart;
import tidemark.testkit.Assembler;
import tidemark.testkit.Csr;
import tidemark.testkit.Op;

/** What every engine must do about privilege: traps, CSRs, paging, protection. Extend it in a test. */
public abstract class PrivilegeContract extends EngineFixture {
    private static final int ILLEGAL = 2;
    private static final long HANDLER = RAM_BASE + 0x8000;
    private static final long ROOT = RAM_BASE + 0x10000;
    static final long LEAVES = RAM_BASE + 0x12000;
    private static final long DATA = RAM_BASE + 0x20000;
    /** Maps to {@link #DATA}, as the page after it does to the next one. */
    static final long VIRTUAL = 0x4000_0000L;
    static final int V = 1;
    static final int R = 2;
    static final int W = 4;
    private static final int X = 8;
    private static final int U = 16;
    static final int A = 64;
    static final int D = 128;

    @BeforeEach
    void handlers() {
        openPmp();
        hart.mtvec = HANDLER;
        hart.stvec = HANDLER;
    }

    /** S-mode, with code where it is and pages at {@link #VIRTUAL} whose leaves are still to be made. */
    void page() {
        memory.putLong(ROOT + 2 * 8, RAM_BASE >>> 12 << 10 | V | R | W | X | A | D);
        memory.putLong(ROOT + 8, LEAVES - 0x1000 >>> 12 << 10 | V);
        memory.putLong(LEAVES - 0x1000, LEAVES >>> 12 << 10 | V);
        hart.satp = 8L << 60 | ROOT >>> 12;
        hart.privilege = Hart.SUPERVISOR;
        engine.flushAll();
    }

    void leaf(int index, int flags) {
        memory.putLong(LEAVES + 8 * index, DATA + 4096L * index >>> 12 << 10 | flags);
    }

    private long trapOf(int instruction) {
        asm.word(instruction);
        load();
        run(1);
        return hart.privilege == Hart.MACHINE && hart.pc == HANDLER ? hart.mcause : -1;
    }

    @ParameterizedTest
    @CsvSource({"1, 0x300", "0, 0x100", "1, 0xF14", "0, 0x180", "3, 0x200", "3, 0x7C0", "3, 0x3A1", "3, 0x3C0"})
    void csrsOfAHigherModeOrOfNoneAreIllegal(int privilege, String csr) {
        hart.privilege = privilege;
        int instruction = Op.CSRRS.encode(A0, Integer.decode(csr), 0);
        assertEquals(ILLEGAL, trapOf(instruction));
        assertEquals(instruction & 0xFFFFFFFFL, hart.mtval);
        assertEquals(RAM_BASE, hart.mepc);
    }

    @Test
    void aReadOnlyCsrMustNotBeWritten() {
        assertEquals(ILLEGAL, trapOf(Op.CSRRS.encode(A0, Csr.MHARTID, A1)));
    }

    @Test
    void aReadOnlyCsrIsReadBySettingNoBits() {
        assertEquals(-1, trapOf(Op.CSRRSI.encode(A0, Csr.MHARTID, 0)));
    }

    @ParameterizedTest
    @CsvSource({"0, 7, 3, 0xC00, false", "0, 7, 6, 0xC00, true", "0, 6, 7, 0xC00, true", "1, 2, 0, 0xC01, false", "1, 5, 7, 0xC01, true",
        "3, 0, 0, 0xC02, false"})
    void countersAreReadableWhereTheHigherModesSaySo(int privilege, long mcounteren, long scounteren, String csr, boolean illegal) {
        hart.privilege = privilege;
        hart.mcounteren = mcounteren;
        hart.scounteren = scounteren;
        assertEquals(illegal ? ILLEGAL : -1, trapOf(Op.CSRRS.encode(A0, Integer.decode(csr), 0)));
    }

    @Test
    void supervisorTrapsTranslationControlIfTvmIsSet() {
        hart.privilege = Hart.SUPERVISOR;
        hart.mstatus |= 1 << 20;
        assertEquals(ILLEGAL, trapOf(Op.CSRRS.encode(A0, Csr.SATP, 0)));
        hart.privilege = Hart.SUPERVISOR;
        hart.pc = RAM_BASE;
        engine.flushAll();
        memory.put(RAM_BASE, new Assembler(RAM_BASE).op(Op.SFENCE_VMA, 0, 0).bytes());
        hart.mcause = 0;
        run(1);
        assertEquals(ILLEGAL, hart.mcause);
    }

    @Test
    void floatingPointIsIllegalWhileItIsOff() {
        int instruction = Op.FLD.encode(1, 0, A0);
        hart.x[A0] = RAM_BASE;
        assertEquals(ILLEGAL, trapOf(instruction));
        assertEquals(instruction, hart.mtval);
    }

    @Test
    void aReservedDynamicRoundingModeIsIllegal() {
        hart.mstatus |= FS_DIRTY;
        hart.frm = 5;
        assertEquals(ILLEGAL, trapOf(Op.FADD_D.encode(1, 2, 3, 7)));
    }

    @Test
    void writingAFloatingPointRegisterMakesItsStateDirty() {
        hart.mstatus |= 1 << 13;
        hart.x[A0] = DATA;
        memory.putLong(DATA, 5);
        assertEquals(-1, trapOf(Op.FLD.encode(1, 0, A0)));
        assertEquals(FS_DIRTY, hart.mstatus & FS_DIRTY);
        assertEquals(5, hart.f[1]);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3})
    void environmentCallsNameTheirMode(int privilege) {
        hart.privilege = privilege;
        assertEquals(8 + privilege, trapOf(Op.ECALL.encode()));
        assertEquals(0, hart.mtval);
        assertEquals((long) privilege << 11, hart.mstatus & 3 << 11);
        assertEquals(0, hart.instret);
    }

    @Test
    void delegatedExceptionsGoToSupervisorMode() {
        hart.privilege = Hart.USER;
        hart.medeleg = 1 << 8;
        hart.mstatus |= 2;
        trapOf(Op.ECALL.encode());
        assertEquals(Hart.SUPERVISOR, hart.privilege);
        assertEquals(8, hart.scause);
        assertEquals(RAM_BASE, hart.sepc);
        assertEquals(1 << 5, hart.mstatus & (1 << 5 | 2 | 1 << 8), "SPIE was SIE, SIE is off, SPP is U");
    }

    @Test
    void machineReturnRestoresModeAndInterruptEnable() {
        hart.mstatus |= 1 << 7 | 1 << 11 | 1 << 17;
        hart.mepc = DATA;
        asm.op(Op.MRET);
        load();
        run(1);
        assertEquals(Hart.SUPERVISOR, hart.privilege);
        assertEquals(DATA, hart.pc);
        assertEquals(1 << 3 | 1 << 7, hart.mstatus & (1 << 3 | 1 << 7 | 3 << 11 | 1 << 17));
    }

    @Test
    void theMostImportantInterruptComesFirst() {
        hart.mie = -1;
        hart.mipSoftware = Hart.SSIP | Hart.STIP | Hart.SEIP;
        hart.mstatus |= 8;
        asm.nop();
        load();
        run(0);
        assertEquals(1L << 63 | 9, hart.mcause);
        hart.setLine(Hart.MTIP, true);
        hart.mstatus |= 8;
        run(0);
        assertEquals(1L << 63 | 7, hart.mcause);
    }

    @Test
    void delegatedInterruptsWaitForSupervisorMode() {
        hart.mie = Hart.SSIP;
        hart.mideleg = Hart.SSIP;
        hart.mipSoftware = Hart.SSIP;
        hart.mstatus |= 8 | 2;
        asm.nop();
        load();
        run(1);
        assertEquals(RAM_BASE + 4, hart.pc, "not in M-mode");
        hart.privilege = Hart.SUPERVISOR;
        run(0);
        assertEquals(1L << 63 | 1, hart.scause);
        assertEquals(1 << 8, hart.mstatus & 1 << 8);
    }

    @Test
    void theWalkerSetsAccessedAndDirty() {
        page();
        leaf(0, V | R | W);
        hart.x[A0] = VIRTUAL;
        asm.op(Op.LD, A1, 0, A0).op(Op.SD, A0, 8, A0);
        load();
        run(1);
        assertEquals(V | R | W | A, (int) memory.getLong(LEAVES) & 0xFF);
        run(1);
        assertEquals(V | R | W | A | D, (int) memory.getLong(LEAVES) & 0xFF);
        assertEquals(VIRTUAL, memory.getLong(DATA + 8));
    }

    @ParameterizedTest
    @CsvSource({"0, 13", "6, 13", "9, 13", "3, -1", "19, 13", "5, 13"})
    void aLoadNeedsAReadablePageOfItsMode(int flags, long cause) {
        page();
        leaf(0, flags);
        hart.x[A0] = VIRTUAL + 16;
        assertEquals(cause, trapOf(Op.LD.encode(A1, 0, A0)));
        if (cause >= 0) {
            assertEquals(VIRTUAL + 16, hart.mtval);
        }
    }

    @Test
    void supervisorReachesUserPagesWithSumAndExecutableOnesWithMxr() {
        page();
        leaf(0, V | X | U);
        hart.mstatus |= 1 << 18 | 1 << 19;
        memory.putLong(DATA, 77);
        hart.x[A0] = VIRTUAL;
        assertEquals(-1, trapOf(Op.LD.encode(A1, 0, A0)));
        assertEquals(77, hart.x[A1]);
    }

    /** Linux does so around each access to a program's memory. */
    @Test
    void supervisorReachesUserPagesWhileSumIsSetAndNoLonger() {
        page();
        leaf(0, V | R | W | U);
        memory.putLong(DATA, 77);
        hart.x[A0] = VIRTUAL;
        hart.x[12] = 1 << 18;
        hart.x[13] = 1 << 18 | 1 << 5;
        asm.label("again").op(Op.CSRRS, 0, Csr.SSTATUS, 12).op(Op.LD, A1, 0, A0).op(Op.SD, A1, 8, A0).op(Op.CSRRC, 14, Csr.SSTATUS, 12);
        asm.op(Op.CSRRS, 0, Csr.SSTATUS, 13).op(Op.LD, A1, 8, A0).op(Op.CSRRC, 15, Csr.SSTATUS, 13).op(Op.BNE, 16, 0, "end").j("again");
        asm.label("end").op(Op.LD, A1, 0, A0);
        load();
        run(10 * 9);
        assertEquals(77, hart.x[A1]);
        assertEquals(1 << 18, hart.x[14] & (1 << 18 | 1 << 5));
        assertEquals(1 << 18 | 1 << 5, hart.x[15] & (1 << 18 | 1 << 5));
        assertEquals(0, hart.mstatus & (1 << 18 | 1 << 5));
        hart.x[16] = 1;
        run(9);
        assertEquals(13, hart.mcause);
    }

    @Test
    void aSupervisorThatEnablesInterruptsByARegisterTakesOneThatWaits() {
        hart.privilege = Hart.SUPERVISOR;
        hart.mideleg = Hart.SSIP;
        hart.mie = Hart.SSIP;
        hart.mipSoftware = Hart.SSIP;
        hart.x[A0] = 2;
        asm.op(Op.ADDI, A1, A1, 1).op(Op.CSRRC, 0, Csr.SSTATUS, A0).op(Op.CSRRS, 12, Csr.SSTATUS, A0).op(Op.ADDI, A1, A1, 1);
        load();
        run(3);
        assertEquals(RAM_BASE, hart.sepc - 12);
        assertEquals(HANDLER, hart.pc);
        assertEquals(1, hart.x[A1]);
        assertEquals(0, hart.x[12] & 2);
    }

    @Test
    void modifiedPrivilegeIsThatOfMpp() {
        page();
        hart.privilege = Hart.MACHINE;
        leaf(0, V | R | U);
        memory.putLong(DATA, 78);
        hart.mstatus |= 1 << 17;
        hart.x[A0] = VIRTUAL;
        assertEquals(-1, trapOf(Op.LD.encode(A1, 0, A0)));
        assertEquals(78, hart.x[A1]);
    }

    @Test
    void anAddressThatIsNotCanonicalIsAPageFault() {
        page();
        hart.x[A0] = 1L << 39;
        assertEquals(13, trapOf(Op.LD.encode(A1, 0, A0)));
    }

    @Test
    void aStoreAcrossPagesFaultsAtTheSecondAndWritesNothing() {
        page();
        leaf(0, V | R | W | A | D);
        hart.x[A0] = VIRTUAL + 4092;
        memory.putLong(DATA + 4088, 0);
        assertEquals(15, trapOf(Op.SD.encode(A0, 0, A0)));
        assertEquals(VIRTUAL + 4096, hart.mtval);
        assertEquals(0, memory.getLong(DATA + 4088));
    }

    @Test
    void accessesAcrossPagesAreWhole() {
        page();
        memory.putLong(LEAVES, DATA + 8192 >>> 12 << 10 | V | R | W);
        leaf(1, V | R | W);
        hart.x[A0] = VIRTUAL + 4093;
        hart.x[11] = 0x1122334455667788L;
        asm.op(Op.SD, A1, 0, A0).op(Op.LD, 12, 0, A0).op(Op.LH, 13, 2, A0);
        load();
        run(3);
        assertEquals(0x1122334455667788L, hart.x[12]);
        assertEquals(0x5566, hart.x[13]);
        assertEquals(0x88, memory.getLong(DATA + 8192 + 4093 & -8) >>> 40 & 0xFF);
    }

    @Test
    void aFenceForgetsOldTranslations() {
        page();
        leaf(0, V | R | A | D);
        memory.putLong(DATA, 1);
        memory.putLong(DATA + 4096, 2);
        hart.x[A0] = VIRTUAL;
        asm.label("again").op(Op.LD, A1, 0, A0).op(Op.SFENCE_VMA, 0, 0).j("again");
        load();
        run(1);
        memory.putLong(LEAVES, DATA + 4096 >>> 12 << 10 | V | R | A | D);
        run(3);
        assertEquals(2, hart.x[A1]);
    }

    @Test
    void aFenceOfAnAddressForgetsThatPage() {
        page();
        leaf(0, V | R | A | D);
        memory.putLong(DATA, 1);
        memory.putLong(DATA + 4096, 2);
        hart.x[A0] = VIRTUAL;
        asm.label("again").op(Op.LD, A1, 0, A0).op(Op.SFENCE_VMA, A0, 0).j("again");
        load();
        run(1);
        for (int page : new int[] {1, 0, 1}) {
            memory.putLong(LEAVES, DATA + 4096L * page >>> 12 << 10 | V | R | A | D);
            run(3);
            assertEquals(1 + page, hart.x[A1]);
        }
    }

    @Test
    void aFenceOfAnAddressForgetsAllOfALargePage() {
        page();
        long megapage = LEAVES - 0x1000 + 8;
        memory.putLong(megapage, RAM_BASE >>> 12 << 10 | V | R | A | D);
        hart.x[A0] = VIRTUAL + 0x20_0000 + DATA - RAM_BASE;
        hart.x[12] = hart.x[A0] + 0x5000;
        asm.op(Op.LD, A1, 0, A0).op(Op.SFENCE_VMA, 12, 0).op(Op.LD, A1, 0, A0);
        load();
        run(1);
        memory.putLong(megapage, 0);
        run(2);
        assertEquals(13, hart.mcause);
        assertEquals(hart.x[A0], hart.mtval);
    }

    @Test
    void aFenceOfAnAddressForgetsWhatCodeIsThere() {
        page();
        hart.x[A0] = VIRTUAL;
        asm.label("again").op(Op.JALR, 1, 0, A0).op(Op.SFENCE_VMA, A0, 0).j("again");
        load();
        for (int page : new int[] {0, 1, 0, 1, 1, 0}) {
            memory.put(DATA + 4096L * page, new Assembler(VIRTUAL).op(Op.ADDI, A1, 0, 1 + page).op(Op.JALR, 0, 0, 1).bytes());
            memory.putLong(LEAVES, DATA + 4096L * page >>> 12 << 10 | V | X | A);
            run(5);
            assertEquals(1 + page, hart.x[A1]);
        }
    }

    @Test
    void protectionAppliesToLowerModesAndLockedEntriesToAll() {
        hart.pmpaddr[0] = DATA >>> 2;
        hart.pmpaddr[1] = DATA + 8 >>> 2;
        hart.pmpaddr[2] = -1L >>> 10;
        hart.pmpcfg[0] = 0x1FL << 16 | 0x09L << 8 | 0x0F;
        engine.flushAll();
        hart.x[A0] = DATA;
        hart.privilege = Hart.USER;
        asm.op(Op.LD, A1, 0, A0).op(Op.SD, A1, 8, A0).op(Op.SD, A1, 0, A0);
        load();
        run(3);
        assertEquals(7, hart.mcause);
        assertEquals(DATA, hart.mtval);
        assertEquals(2, hart.instret);
        hart.privilege = Hart.MACHINE;
        hart.pc = RAM_BASE + 8;
        run(1);
        assertEquals(3, hart.instret, "M-mode may");
        hart.pmpcfg[0] |= 0x80 << 8;
        engine.flushAll();
        hart.pc = RAM_BASE + 8;
        run(1);
        assertEquals(HANDLER, hart.pc, "but not if the entry is locked");
    }

    @Test
    void withoutProtectionEntriesLowerModesHaveNoAccess() {
        hart.pmpcfg[0] = 0;
        engine.flushAll();
        hart.privilege = Hart.USER;
        assertEquals(1, trapOf(Op.ADDI.encode(0, 0, 0)));
    }

    @Test
    void writtenCountersGoOnFromTheirNewValue() {
        asm.op(Op.CSRRW, 0, Csr.MINSTRET, A0).op(Op.CSRRS, A1, Csr.MINSTRET, 0).op(Op.CSRRSI, 0, Csr.MCOUNTINHIBIT, 4)
                .op(Op.CSRRS, 12, Csr.MINSTRET, 0).nop()
                .op(Op.CSRRS, 13, Csr.MINSTRET, 0).op(Op.CSRRCI, 0, Csr.MCOUNTINHIBIT, 4).op(Op.CSRRS, 14, Csr.MINSTRET, 0);
        load();
        hart.x[A0] = 1000;
        run(8);
        assertEquals(1000, hart.x[A1]);
        assertEquals(1002, hart.x[12]);
        assertEquals(1002, hart.x[13]);
        assertEquals(1002, hart.x[14]);
        assertEquals(8, hart.instret);
    }

    @Test
    void storeConditionalNeedsAnUnchangedReservation() {
        hart.x[A0] = DATA;
        asm.op(Op.SC_D, 12, A0, A0).op(Op.LR_D, A1, A0).op(Op.SC_D, 13, A0, A0).op(Op.LR_D, A1, A0).op(Op.SD, 0, 0, A0)
                .op(Op.SC_D, 14, A0, A0);
        load();
        run(6);
        assertEquals(1, hart.x[12]);
        assertEquals(0, hart.x[13]);
        assertEquals(DATA, hart.x[A1]);
        assertEquals(1, hart.x[14]);
        assertEquals(-1, hart.reservation);
    }

    /** An SC to RAM whose address is misaligned, of a page that is not mapped, that may not be written, and of no RAM. */
    @ParameterizedTest
    @CsvSource({"0x40000004, 6", "0x40001000, 15", "0x40002000, 15", "0x40003000, 7"})
    void storeConditionalTrapsWhereAStoreDoesEvenWithoutAReservation(long address, long cause) {
        page();
        leaf(0, V | R | W | A | D);
        leaf(2, V | R | A | D);
        memory.putLong(LEAVES + 8 * 3, 0x1000_0000L >>> 12 << 10 | V | R | W | A | D);
        hart.x[A0] = address;
        assertEquals(cause, trapOf(Op.SC_D.encode(12, A1, A0)));
        assertEquals(address, hart.mtval);
    }

    @Test
    void onlyWhatALowerModeCanCauseIsDelegated() {
        asm.op(Op.ADDI, A0, 0, -1).csrw(Csr.MEDELEG, A0).op(Op.CSRRS, A1, Csr.MEDELEG, 0);
        load();
        run(3);
        assertEquals(0xB3FF, hart.x[A1], "not 10, 11 and 14, nor 20 to 23");
    }

    @Test
    void userModeMustNotWaitForInterrupts() {
        hart.privilege = Hart.USER;
        assertEquals(ILLEGAL, trapOf(Op.WFI.encode()));
    }

    @Test
    void stimecmpTellsTheMachine() {
        hart.x[A0] = 12345;
        asm.op(Op.CSRRW, 0, Csr.STIMECMP, A0);
        load();
        assertEquals(Exit.BUDGET, run(1));
        assertEquals(12345, hart.stimecmp);
        assertEquals(1, context.timerChanges());
    }
}
