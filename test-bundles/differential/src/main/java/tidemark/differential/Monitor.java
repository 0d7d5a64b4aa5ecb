package tidemark.differential;

import static tidemark.testkit.Op.*;
import static tidemark.testkit.Reg.*;

import tidemark.testkit.Assembler;
import tidemark.testkit.Csr;
import tidemark.testkit.Op;

/**
 * The guest code around the streams: start, the trap handlers of M- and S-mode, the end of a stream, the end of all. The handlers log the
 * trap into the stream's region and go on behind the instruction that trapped; after a failed fetch they go on where {@code ra} points.
 */
final class Monitor {
    static final String M_HANDLER = "m_handler";
    static final String M_VECTORS = "m_vectors";
    static final String S_HANDLER = "s_handler";
    static final String FINISH = "finish";
    /** Where the last stream's {@link Region#NEXT_STREAM} leads. */
    static final String END = "end";

    static final long MPP = 3L << 11;
    static final long FS = 3L << 13;
    static final long MPRV = 1L << 17;
    static final long TSR = 1L << 22;

    static final long CLINT_MTIMECMP = 0x0200_4000L;
    static final long CLINT_MSIP = 0x0200_0000L;
    static final long FINISHER = 0x0010_0000L;
    private static final int FINISHER_PASS = 0x5555;

    private final Assembler a = new Assembler(Region.RAM);

    /** @param firstStream where the first stream's code begins */
    Monitor(long firstStream) {
        start(firstStream);
        mHandler();
        mVectors();
        sHandler();
        finish();
    }

    byte[] bytes() {
        return a.bytes();
    }

    long address(String label) {
        return a.address(label);
    }

    private void start(long firstStream) {
        a.csrr(T0, Csr.MHARTID).op(BNE, T0, ZERO, "park");
        a.la(T0, "park").csrw(Csr.MTVEC, T0);
        a.li(T0, CLINT_MTIMECMP).li(T1, -1).op(SD, T1, 0, T0);
        a.li(T0, -1L >>> 10).csrw(Csr.PMPADDR0, T0).li(T0, 0x1f).csrw(Csr.PMPCFG0, T0);
        a.li(T0, firstStream).op(JALR, ZERO, 0, T0);
        a.label(END).li(T0, FINISHER).li(T1, FINISHER_PASS).op(SW, T1, 0, T0);
        a.align(4).label("park").op(WFI).j("park");
    }

    private void mHandler() {
        a.align(4).label(M_HANDLER);
        a.op(SD, T0, Region.M_T0, TP).op(SD, T1, Region.M_T1, TP).op(SD, T2, Region.M_T2, TP);
        log(Csr.MCAUSE, Csr.MEPC, Csr.MTVAL, Csr.MSTATUS);
        a.op(LD, T2, Region.LOG_LIMIT, TP).op(BGEU, T0, T2, "m_abort");
        a.op(BLT, T1, ZERO, "m_interrupt");
        a.csrr(T0, Csr.MEPC);
        a.la(T2, "s_escape").op(BEQ, T0, T2, "m_escape");
        a.la(T2, "s_sret").op(BEQ, T0, T2, "m_allow_sret");
        branchIfFetch("m_fetch");
        a.op(ADDI, T1, T1, -8).op(SLTIU, T1, T1, 2).op(BEQ, T1, ZERO, "m_skip");
        a.op(LD, T1, Region.M_T0, TP).li(T2, Region.MAGIC).op(BNE, T1, T2, "m_skip");
        a.label("m_to_m").li(T2, MPP).op(CSRRS, ZERO, Csr.MSTATUS, T2);
        physical(T0, T0).op(ADDI, T0, T0, 4).j("m_resume");
        a.label("m_skip");
        addInstructionLength();
        a.label("m_resume").csrw(Csr.MEPC, T0);
        a.label("m_return");
        flushIfModifiedPrivilege();
        restore(Region.M_T0, Region.M_T1, Region.M_T2).op(MRET);

        a.label("m_fetch").op(ANDI, T0, RA, -2).j("m_resume");
        a.label("m_allow_sret").li(T2, TSR).op(CSRRC, ZERO, Csr.MSTATUS, T2).j("m_return");
        a.label("m_interrupt").op(ADDI, T2, ZERO, 1).op(SLL, T2, T2, T1);
        a.op(CSRRC, ZERO, Csr.MIE, T2).op(CSRRC, ZERO, Csr.MIP, T2).j("m_return");

        a.label("m_escape").op(LD, T0, Region.S_T0, TP).op(SD, T0, Region.M_T0, TP).op(LD, T0, Region.S_T1, TP).op(SD, T0, Region.M_T1, TP);
        a.op(LD, T0, Region.S_T2, TP).op(SD, T0, Region.M_T2, TP).csrr(T0, Csr.SEPC).j("m_to_m");
        a.label("m_abort");
        restore(Region.M_T0, Region.M_T1, Region.M_T2).j(FINISH);
    }

    /** One entry for each cause, each leaving its number behind. */
    private void mVectors() {
        a.align(256).label(M_VECTORS);
        for (int cause = 0; cause < 16; cause++) {
            a.j("m_vector" + cause);
        }
        for (int cause = 0; cause < 16; cause++) {
            a.label("m_vector" + cause).op(SD, T0, Region.M_T0, TP).li(T0, cause).op(SD, T0, Region.VECTOR, TP);
            a.op(LD, T0, Region.M_T0, TP).j(M_HANDLER);
        }
    }

    private void sHandler() {
        a.align(4).label(S_HANDLER);
        a.op(SD, T0, Region.S_T0, TP).op(SD, T1, Region.S_T1, TP).op(SD, T2, Region.S_T2, TP);
        log(Csr.SCAUSE, Csr.SEPC, Csr.STVAL, Csr.SSTATUS);
        a.op(LD, T2, Region.LOG_LIMIT, TP).op(BGEU, T0, T2, "s_escape");
        a.op(BLT, T1, ZERO, "s_interrupt");
        a.csrr(T0, Csr.SEPC);
        branchIfFetch("s_fetch");
        a.op(ADDI, T1, T1, -8).op(BNE, T1, ZERO, "s_skip");
        a.op(LD, T1, Region.S_T0, TP).li(T2, Region.MAGIC).op(BNE, T1, T2, "s_skip");
        a.label("s_escape").op(ECALL);
        a.label("s_skip");
        addInstructionLength();
        a.label("s_resume").csrw(Csr.SEPC, T0);
        a.label("s_return");
        restore(Region.S_T0, Region.S_T1, Region.S_T2).label("s_sret").op(SRET);
        a.label("s_fetch").op(ANDI, T0, RA, -2).j("s_resume");
        a.label("s_interrupt").op(ADDI, T2, ZERO, 1).op(SLL, T2, T2, T1);
        a.op(CSRRC, ZERO, Csr.SIE, T2).op(CSRRC, ZERO, Csr.SIP, T2).j("s_return");
    }

    private void finish() {
        a.label(FINISH).csrr(T0, Csr.MSTATUS).op(SD, T0, Region.FINAL_CSR, TP);
        for (int i = 1; i < 32; i++) {
            if (i == T0) {
                a.op(LD, T0, Region.M_T0, TP);
            }
            a.op(SD, i, Region.FINAL_X + 8 * i, TP);
        }
        a.li(T0, FS).op(CSRRS, ZERO, Csr.MSTATUS, T0);
        for (int i = 0; i < 32; i++) {
            a.op(FSD, i, Region.FINAL_F + 8 * i, TP);
        }
        for (int i = 1; i < Region.FINAL_CSRS.length; i++) {
            a.csrr(T0, Region.FINAL_CSRS[i]).op(SD, T0, Region.FINAL_CSR + 8 * i, TP);
        }
        a.csrw(Csr.SATP, ZERO).op(SFENCE_VMA, ZERO, ZERO).op(ADDI, T0, ZERO, 1).op(SD, T0, Region.FINISHED, TP);
        a.op(LD, T0, Region.NEXT_STREAM, TP).op(JALR, ZERO, 0, T0);
    }

    /** Leaves the new end of the log in t0 and the cause in t1. */
    private void log(int cause, int epc, int tval, int status) {
        a.op(LD, T0, Region.LOG_NEXT, TP).csrr(T1, cause).op(SD, T1, 0, T0);
        a.csrr(T2, epc).op(SD, T2, 8, T0).csrr(T2, tval).op(SD, T2, 16, T0).csrr(T2, status).op(SD, T2, 24, T0);
        a.op(ADDI, T0, T0, Region.LOG_ENTRY).op(SD, T0, Region.LOG_NEXT, TP);
    }

    /** QEMU keeps translations that it made for MPRV although the trap or mret has changed MPP. */
    private void flushIfModifiedPrivilege() {
        a.csrr(T0, Csr.MSTATUS).li(T1, MPRV).op(Op.AND, T0, T0, T1).op(BEQ, T0, ZERO, "m_plain").op(SFENCE_VMA, ZERO, ZERO)
                .label("m_plain");
    }

    private void branchIfFetch(String target) {
        a.op(BEQ, T1, ZERO, target).op(ADDI, T2, ZERO, 1).op(BEQ, T1, T2, target).op(ADDI, T2, ZERO, 12).op(BEQ, T1, T2, target);
    }

    /** t0 is an epc; adds 2 or 4. */
    private void addInstructionLength() {
        physical(T1, T0).op(LHU, T1, 0, T1).op(ANDI, T1, T1, 3).op(SLTIU, T1, T1, 3);
        a.op(SLLI, T1, T1, 1).op(ADDI, T0, T0, 4).op(SUB, T0, T0, T1);
    }

    /** Where a byte of code is in RAM, whether seen there or in {@link Region#USER_ALIAS}. Uses t2. */
    private Assembler physical(int rd, int rs) {
        return a.op(SLLI, rd, rs, 34).op(SRLI, rd, rd, 34).op(ADDI, T2, ZERO, 1).op(SLLI, T2, T2, 31).op(Op.OR, rd, rd, T2);
    }

    private Assembler restore(int t0, int t1, int t2) {
        return a.op(LD, T0, t0, TP).op(LD, T1, t1, TP).op(LD, T2, t2, TP);
    }
}
