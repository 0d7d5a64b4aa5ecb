package tidemark.differential;

import static tidemark.testkit.Op.*;
import static tidemark.testkit.Reg.*;

import java.util.List;
import tidemark.testkit.Csr;
import tidemark.testkit.Op;

/** Items about CSRs, interrupts and privilege modes. */
final class Privileged {
    private static final long SIE = 1L << 1;
    private static final long MIE = 1L << 3;
    private static final long SPIE = 1L << 5;
    private static final long MPIE = 1L << 7;
    private static final long SPP = 1L << 8;
    private static final long SUM = 1L << 18;
    private static final long MXR = 1L << 19;
    private static final long TVM = 1L << 20;
    private static final long TW = 1L << 21;
    private static final long S_INTERRUPTS = 1L << 1 | 1L << 5 | 1L << 9;
    private static final long M_INTERRUPTS = 1L << 3 | 1L << 7 | 1L << 11;
    /** All but ecall from S-mode, by which the S-mode handler reaches M-mode, and what belongs to the hypervisor. */
    private static final long DELEGABLE = 0x1ff | 1L << 12 | 1L << 13 | 1L << 15;
    private static final long ILLEGAL_INSTRUCTION = 1L << 2;
    private static final long SV39 = 8L << 60;

    /** Registers without consequences, and which of their bits are the same in every implementation. */
    private record Plain(int csr, long bits) {}

    private static final Plain[] PLAIN = {
        new Plain(Csr.MSCRATCH, -1), new Plain(Csr.SSCRATCH, -1), new Plain(Csr.MEPC, -2), new Plain(Csr.SEPC, -2), new Plain(Csr.MCAUSE,
        1L << 63 | 31), new Plain(Csr.SCAUSE, 1L << 63 | 31), new Plain(Csr.MTVAL, -1), new Plain(Csr.STVAL, -1), new
        Plain(Csr.MCOUNTEREN, 7), new Plain(Csr.SCOUNTEREN, 7), new Plain(Csr.PMPADDR0 + 8, -1L >>> 10), new Plain(Csr.PMPADDR0 + 9, -1L
        >>> 10), new Plain(Csr.FCSR, 0xff), new Plain(Csr.FRM, 7), new Plain(Csr.FFLAGS, 31)
    };
    /** Registers that are put back at once. */
    private static final Plain[] BORROWED = {
        new Plain(Csr.MTVEC, -4), new Plain(Csr.STVEC, -4), new Plain(Csr.MEDELEG, DELEGABLE), new Plain(Csr.MIDELEG, S_INTERRUPTS), new
        Plain(Csr.MIE, S_INTERRUPTS | M_INTERRUPTS), new Plain(Csr.SIE, S_INTERRUPTS), new Plain(Csr.MCOUNTINHIBIT, 5)
    };
    private static final int[] READABLE = {
        Csr.MISA, Csr.MHARTID, Csr.MCONFIGPTR, Csr.SSTATUS, Csr.SIP, Csr.MIP, Csr.SATP, Csr.MSTATUS, Csr.PMPCFG2, 0x7c0, 0x800, 0x5a8,
        0x280, 0x200, 0xfff
    };
    /** Of counters only whether they may be read. */
    private static final int[] COUNTERS = {Csr.CYCLE, Csr.TIME, Csr.INSTRET, Csr.MCYCLE, Csr.MINSTRET};

    private Privileged() {}

    static void csrs(Draw draw, Place out, List<Item> children) {
        for (int i = draw.between(1, 4); i > 0; i--) {
            switch (draw.below(6)) {
                case 0, 1 -> plain(draw, out.code());
                case 2 -> borrow(draw, out.code());
                case 3 -> out.code().csrr(draw.x(), draw.of(READABLE));
                case 4 -> counter(draw, out.code());
                default -> status(draw, out.code());
            }
        }
    }

    private static void plain(Draw draw, Listing code) {
        Plain plain = draw.of(PLAIN);
        if (draw.oneIn(3)) {
            code.op(draw.of(new Op[] {CSRRWI, CSRRSI, CSRRCI}), draw.x(), plain.csr, draw.below(32) & (int) plain.bits);
        } else {
            int x = draw.xBut(0);
            code.li(x, draw.integer() & plain.bits).op(draw.of(new Op[] {CSRRW, CSRRS, CSRRC}), draw.x(), plain.csr, x);
        }
    }

    private static void borrow(Draw draw, Listing code) {
        Plain plain = draw.of(BORROWED);
        int former = draw.xBut(0);
        int value = draw.xBut(0, former);
        code.li(value, draw.integer() & plain.bits).op(CSRRW, former, plain.csr, value).csrr(draw.xBut(former), plain.csr)
                .csrw(plain.csr, former);
    }

    private static void counter(Draw draw, Listing code) {
        int x = draw.x();
        code.csrr(x, draw.of(COUNTERS)).li(x, 0);
    }

    private static void status(Draw draw, Listing code) {
        int x = draw.xBut(0);
        code.li(x, draw.bits() & (SUM | MXR | SPIE | SPP | MPIE))
                .op(draw.oneIn(2) ? CSRRS : CSRRC, draw.x(), draw.of(Csr.MSTATUS, Csr.SSTATUS), x);
    }

    /**
     * In M-mode: makes interrupts pending, then lets them in by a CSR write, which is where every machine looks for them. (After the store
     * to msip QEMU looks only at the end of its translation block.)
     */
    static void interrupts(Draw draw, Place out, List<Item> children) {
        Listing code = out.code();
        boolean vectored = draw.oneIn(2);
        int x = draw.xBut(0);
        if (vectored) {
            code.li(x, out.monitor().address(Monitor.M_VECTORS) | 1).csrw(Csr.MTVEC, x);
        }
        code.op(CSRRCI, 0, Csr.MSTATUS, (int) MIE).csrw(Csr.MIDELEG, 0);
        code.li(x, draw.bits() & (S_INTERRUPTS | 1L << 3)).csrw(Csr.MIE, x);
        if (draw.oneIn(2)) {
            int one = draw.xBut(0, x);
            code.li(x, Monitor.CLINT_MSIP).op(ADDI, one, 0, 1).op(SW, one, 0, x);
        } else {
            code.li(x, pending(draw)).op(CSRRS, 0, Csr.MIP, x);
        }
        code.op(CSRRSI, 0, Csr.MSTATUS, (int) MIE);
        Computing.integers(draw, code, draw.below(3), x);
        code.op(CSRRCI, 0, Csr.MSTATUS, (int) MIE).li(x, Monitor.CLINT_MSIP).op(SW, 0, 0, x);
        code.csrr(draw.x(), Csr.MIP).csrw(Csr.MIE, 0).csrw(Csr.MIP, 0);
        code.li(x, out.monitor().address(Monitor.M_HANDLER)).csrw(Csr.MTVEC, x);
    }

    /** One interrupt at most: of several QEMU takes that with the lowest number first, against the specification. */
    private static long pending(Draw draw) {
        return 1L << draw.of(0, 1, 5, 9) & S_INTERRUPTS;
    }

    static void pageTable(Draw draw, Place out, List<Item> children) {
        Listing code = out.code();
        for (int i = draw.between(1, 3); i > 0; i--) {
            boolean middle = draw.oneIn(4);
            int index = draw.below(Paging.entries(middle));
            int address = draw.xBut(0);
            entry(draw, out, address, draw.xBut(0, address), index, middle);
        }
        code.op(SFENCE_VMA, 0, 0);
    }

    private static void entry(Draw draw, Place out, int address, int value, int index, boolean middle) {
        Listing code = out.code();
        code.near(address, out.region() + Paging.entryOffset(index, middle)).li(value, Paging.entry(draw, out.region(), index, middle));
        code.op(SD, value, 0, address);
    }

    /** Loads and stores of M-mode with the privilege of another mode. */
    static void modifiedPrivilege(Draw draw, Place out, List<Item> children) {
        Listing code = out.code();
        enterPaging(draw, out, true);
        int x = draw.xBut(0);
        code.li(x, Monitor.MPP | Monitor.MPRV | SUM | MXR).op(CSRRC, 0, Csr.MSTATUS, x);
        code.li(x, Monitor.MPRV | (draw.oneIn(2) ? 1L << 11 : 0) | draw.bits() & (SUM | MXR)).op(CSRRS, 0, Csr.MSTATUS, x);
        for (int i = draw.between(1, 3); i > 0; i--) {
            Accessing.access(draw, out, Paging.dataAddress(draw, out.region()));
            x = draw.xBut(0);
            code.li(x, draw.bits() & (1L << 11 | SUM | MXR)).op(draw.oneIn(2) ? CSRRS : CSRRC, 0, Csr.MSTATUS, x);
        }
        code.li(x, Monitor.MPRV).op(CSRRC, 0, Csr.MSTATUS, x);
        code.csrw(Csr.SATP, 0).op(SFENCE_VMA, 0, 0);
    }

    private static void enterPaging(Draw draw, Place out, boolean paged) {
        int x = draw.xBut(0);
        out.code().li(x, paged ? SV39 | (long) draw.below(4) << 44 | out.region() + Region.ROOT_TABLE >>> 12 : 0).csrw(Csr.SATP, x)
                .op(SFENCE_VMA, 0, 0);
    }

    static void supervisorBare(Draw draw, Place out, List<Item> children) {
        lower(draw, out, children, true, false);
    }

    static void userBare(Draw draw, Place out, List<Item> children) {
        lower(draw, out, children, false, false);
    }

    static void supervisorPaged(Draw draw, Place out, List<Item> children) {
        lower(draw, out, children, true, true);
    }

    static void userPaged(Draw draw, Place out, List<Item> children) {
        lower(draw, out, children, false, true);
    }

    /** From M-mode to a lower mode and, by the {@link Region#MAGIC} ecall, back. */
    private static void lower(Draw draw, Place out, List<Item> children, boolean supervisor, boolean paged) {
        Listing code = out.code();
        boolean trapSret = supervisor && draw.oneIn(4);
        boolean trapTranslation = draw.oneIn(4);
        boolean bySret = draw.oneIn(4);
        delegate(draw, code, trapSret);
        enterPaging(draw, out, paged);
        code.li(T1, Monitor.MPP | Monitor.MPRV | Monitor.TSR | SUM | MXR | TVM | TW | SIE | SPIE | SPP | MIE | MPIE)
                .op(CSRRC, 0, Csr.MSTATUS, T1);
        long status = (supervisor ? 1L << 11 | SPP : 0) | (trapSret ? Monitor.TSR : 0) | (trapTranslation ? TVM : 0)
                | (draw.oneIn(2) ? TW : 0) | draw.bits() & (SUM | MXR | SIE | SPIE | MPIE);
        code.li(T1, status).op(CSRRS, 0, Csr.MSTATUS, T1);
        enter(code, bySret ? Csr.SEPC : Csr.MEPC, bySret ? SRET : MRET, !supervisor && paged);
        int inFirst = supervisor && draw.oneIn(2) ? draw.below(children.size() + 1) : children.size();
        children.subList(0, inFirst).forEach(item -> item.emit(out));
        if (supervisor && paged && !trapTranslation) {
            changeOfRights(draw, out);
        } else if (supervisor) {
            supervisorOnly(draw, code, (status & TW) != 0);
        }
        if (inFirst < children.size()) {
            code.li(T1, SPP).op(CSRRC, 0, Csr.SSTATUS, T1);
            enter(code, Csr.SEPC, SRET, paged);
            children.subList(inFirst, children.size()).forEach(item -> item.emit(out));
        }
        code.li(T0, Region.MAGIC).op(ECALL);
        code.csrw(Csr.MIE, 0).csrw(Csr.MIP, 0).csrw(Csr.SATP, 0).op(SFENCE_VMA, 0, 0);
    }

    /** Accesses to one address in S-mode, before and after a change of what is allowed there. */
    private static void changeOfRights(Draw draw, Place out) {
        Listing code = out.code();
        int index = draw.below(Paging.DATA_ENTRIES);
        Paging.Target target = Paging.page(index, 8L * draw.below(512));
        Accessing.access(draw, out, target);
        switch (draw.below(4)) {
            case 0 -> code.li(T1, SUM).op(draw.oneIn(2) ? CSRRS : CSRRC, 0, Csr.SSTATUS, T1);
            case 1 -> code.li(T1, MXR).op(draw.oneIn(2) ? CSRRS : CSRRC, 0, Csr.SSTATUS, T1);
            case 2 -> {
                entry(draw, out, T1, T2, index, false);
                code.li(T1, target.address()).op(SFENCE_VMA, draw.of(0, T1), 0);
            }
            default -> {
                code.op(CSRRW, T2, Csr.SATP, 0);
                Accessing.access(draw, out, new Paging.Target(target.address(), true, true), T2);
                code.csrw(Csr.SATP, T2);
            }
        }
        Accessing.access(draw, out, target);
    }

    private static void delegate(Draw draw, Listing code, boolean trapSret) {
        code.li(T1, draw.bits() & DELEGABLE & (trapSret ? ~ILLEGAL_INSTRUCTION : -1)).csrw(Csr.MEDELEG, T1);
        code.li(T1, draw.bits() & S_INTERRUPTS).csrw(Csr.MIDELEG, T1);
        if (draw.oneIn(2)) {
            code.li(T1, draw.bits() & S_INTERRUPTS).csrw(Csr.MIE, T1).li(T1, pending(draw)).csrw(Csr.MIP, T1);
        }
    }

    /** Goes on behind this in the mode that {@code ret} enters. */
    private static void enter(Listing code, int epc, Op ret, boolean inAlias) {
        String entry = code.fresh();
        code.la(T0, entry);
        if (inAlias) {
            code.li(T1, Region.USER_ALIAS).op(SUB, T0, T0, T1);
        }
        code.csrw(epc, T0).op(ret).label(entry);
    }

    private static void supervisorOnly(Draw draw, Listing code, boolean waitTraps) {
        switch (draw.below(5)) {
            case 0 -> code.op(SFENCE_VMA, draw.below(32), draw.below(32));
            case 1 -> code.csrr(T1, Csr.SATP).csrw(Csr.SATP, T1).op(SFENCE_VMA, 0, 0);
            case 2 -> code.op(MRET);
            case 3 -> code.op(CSRRSI, T1, Csr.SIP, 2).op(CSRRCI, T2, Csr.SIP, 2);
            default -> {
                if (waitTraps) {
                    code.op(WFI);
                }
            }
        }
    }
}
