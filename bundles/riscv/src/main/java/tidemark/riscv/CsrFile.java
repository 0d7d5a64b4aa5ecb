package tidemark.riscv;

import tidemark.api.cpu.EngineContext;
import tidemark.api.cpu.Hart;

/**
 * The CSRs of one hart: legality, reading, writing. Counters besides mcycle and minstret are read-only zero, misa is read-only; satp
 * takes the modes Bare and Sv39 and stays as it is for any other.
 */
public final class CsrFile {
    /** What a CSR instruction did, beyond its registers. */
    public enum Effect {
        /** Not allowed: nothing was changed, the instruction is illegal. */
        ILLEGAL,
        NONE,
        /** Cached address translations are invalid. */
        TRANSLATION
    }

    /** I M A F D C, S and U mode, 64 bits. */
    private static final long MISA = 2L << 62 | 0x14112D;
    private static final long SUPERVISOR_INTERRUPTS = Hart.SSIP | Hart.STIP | Hart.SEIP;
    private static final long INTERRUPTS = SUPERVISOR_INTERRUPTS | Hart.MSIP | Hart.MTIP | Hart.MEIP;
    /** All causes that a lower mode can have here: not the calls of M and VS mode, not the faults of guests of a hypervisor (volume II, 3.1.8). */
    private static final long DELEGABLE_EXCEPTIONS = 0xB3FF;
    /** FIOM, CBIE, CBCFE, CBZE. */
    private static final long ENVIRONMENT = 0xF1;
    private static final long STCE = 1L << 63;
    private static final int CYCLE_BIT = 0;
    private static final int TIME_BIT = 1;
    private static final int INSTRET_BIT = 2;
    private static final long INHIBITABLE = 1 << CYCLE_BIT | 1 << INSTRET_BIT;
    private static final long COUNTERS = 0xFFFFFFFFL;

    private final Hart hart;
    private final EngineContext context;
    private final Pmp pmp;
    private Effect effect;

    public CsrFile(EngineContext context, Pmp pmp) {
        this.hart = context.hart();
        this.context = context;
        this.pmp = pmp;
    }

    /** Executes CSRRW, CSRRS, CSRRC or an immediate form of these; {@code hart.instret} does not count it yet. Leaves pc alone. */
    public Effect execute(int instruction) {
        int csr = instruction >>> 20;
        int rd = instruction >>> 7 & 31;
        int rs1 = instruction >>> 15 & 31;
        int kind = instruction >>> 12 & 3;
        boolean writes = kind == 1 || rs1 != 0;
        if (!accessible(csr, writes)) {
            return Effect.ILLEGAL;
        }
        effect = Effect.NONE;
        long operand = (instruction & 1 << 14) != 0 ? rs1 : hart.x[rs1];
        long old = kind == 1 && rd == 0 ? 0 : read(csr);
        if (writes) {
            long base = csr == Csr.MIP || csr == Csr.SIP ? hart.mipSoftware : old;
            write(csr, switch (kind) {
                case 1 -> operand;
                case 2 -> base | operand;
                default -> base & ~operand;
            });
        }
        if (rd != 0) {
            hart.x[rd] = old;
        }
        return effect;
    }

    private boolean accessible(int csr, boolean writes) {
        boolean readOnly = csr >>> 10 == 3;
        if ((csr >>> 8 & 3) > hart.privilege || readOnly && writes) {
            return false;
        }
        return switch (csr) {
            case Csr.FFLAGS, Csr.FRM, Csr.FCSR -> (hart.mstatus & Status.FS) != 0;
            case Csr.SATP -> hart.privilege == Hart.MACHINE || (hart.mstatus & Status.TVM) == 0;
            case Csr.STIMECMP -> hart.privilege == Hart.MACHINE || (hart.menvcfg & STCE) != 0 && (hart.mcounteren >>> TIME_BIT & 1) != 0;
            case Csr.SSTATUS, Csr.SIE, Csr.STVEC, Csr.SCOUNTEREN, Csr.SENVCFG, Csr.SSCRATCH, Csr.SEPC, Csr.SCAUSE, Csr.STVAL, Csr.SIP,
                    Csr.MVENDORID, Csr.MARCHID, Csr.MIMPID, Csr.MHARTID, Csr.MCONFIGPTR, Csr.MSTATUS, Csr.MISA, Csr.MEDELEG, Csr.MIDELEG,
                    Csr.MIE, Csr.MTVEC, Csr.MCOUNTEREN, Csr.MENVCFG, Csr.MCOUNTINHIBIT, Csr.MSCRATCH, Csr.MEPC, Csr.MCAUSE, Csr.MTVAL,
                    Csr.MIP, Csr.PMPCFG0, Csr.PMPCFG2, Csr.MCYCLE, Csr.MINSTRET -> true;
            default -> csr >= Csr.CYCLE && csr <= Csr.HPMCOUNTER31 && counterEnabled(csr & 31)
                    || csr >= Csr.PMPADDR0 && csr <= Csr.PMPADDR15
                    || csr >= Csr.MHPMCOUNTER3 && csr <= Csr.MHPMCOUNTER31 || csr >= Csr.MHPMEVENT3 && csr <= Csr.MHPMEVENT31;
        };
    }

    private boolean counterEnabled(int counter) {
        return (hart.privilege == Hart.MACHINE || (hart.mcounteren >>> counter & 1) != 0)
                && (hart.privilege != Hart.USER || (hart.scounteren >>> counter & 1) != 0);
    }

    private long read(int csr) {
        return switch (csr) {
            case Csr.FFLAGS -> hart.fflags;
            case Csr.FRM -> hart.frm;
            case Csr.FCSR -> hart.frm << 5 | hart.fflags;
            case Csr.CYCLE, Csr.MCYCLE -> counter(CYCLE_BIT, hart.mcycleOffset);
            case Csr.TIME -> context.time();
            case Csr.INSTRET, Csr.MINSTRET -> counter(INSTRET_BIT, hart.minstretOffset);
            case Csr.SSTATUS -> Status.supervisorView(hart);
            case Csr.SIE -> hart.mie & hart.mideleg;
            case Csr.STVEC -> hart.stvec;
            case Csr.SCOUNTEREN -> hart.scounteren;
            case Csr.SENVCFG -> hart.senvcfg;
            case Csr.SSCRATCH -> hart.sscratch;
            case Csr.SEPC -> hart.sepc;
            case Csr.SCAUSE -> hart.scause;
            case Csr.STVAL -> hart.stval;
            case Csr.SIP -> hart.mip() & hart.mideleg;
            case Csr.STIMECMP -> hart.stimecmp;
            case Csr.SATP -> hart.satp;
            case Csr.MHARTID -> hart.id;
            case Csr.MSTATUS -> Status.read(hart);
            case Csr.MISA -> MISA;
            case Csr.MEDELEG -> hart.medeleg;
            case Csr.MIDELEG -> hart.mideleg;
            case Csr.MIE -> hart.mie;
            case Csr.MTVEC -> hart.mtvec;
            case Csr.MCOUNTEREN -> hart.mcounteren;
            case Csr.MENVCFG -> hart.menvcfg;
            case Csr.MCOUNTINHIBIT -> hart.mcountinhibit;
            case Csr.MSCRATCH -> hart.mscratch;
            case Csr.MEPC -> hart.mepc;
            case Csr.MCAUSE -> hart.mcause;
            case Csr.MTVAL -> hart.mtval;
            case Csr.MIP -> hart.mip();
            case Csr.PMPCFG0 -> hart.pmpcfg[0];
            case Csr.PMPCFG2 -> hart.pmpcfg[1];
            default -> csr >= Csr.PMPADDR0 && csr <= Csr.PMPADDR15 ? hart.pmpaddr[csr - Csr.PMPADDR0] : 0;
        };
    }

    private void write(int csr, long value) {
        switch (csr) {
            case Csr.FFLAGS -> writeFloating(value & 31, hart.frm);
            case Csr.FRM -> writeFloating(hart.fflags, value & 7);
            case Csr.FCSR -> writeFloating(value & 31, value >>> 5 & 7);
            case Csr.SSTATUS -> writeStatus(value, Status.SUPERVISOR_WRITABLE);
            case Csr.SIE -> hart.mie = hart.mie & ~hart.mideleg | value & hart.mideleg;
            case Csr.STVEC -> hart.stvec = vector(hart.stvec, value);
            case Csr.SCOUNTEREN -> hart.scounteren = value & COUNTERS;
            case Csr.SENVCFG -> hart.senvcfg = value & ENVIRONMENT;
            case Csr.SSCRATCH -> hart.sscratch = value;
            case Csr.SEPC -> hart.sepc = value & ~1L;
            case Csr.SCAUSE -> hart.scause = value;
            case Csr.STVAL -> hart.stval = value;
            case Csr.SIP -> writePending(value, Hart.SSIP & hart.mideleg);
            case Csr.STIMECMP -> {
                hart.stimecmp = value;
                context.timerChanged();
            }
            case Csr.SATP -> writeTranslation(value);
            case Csr.MSTATUS -> writeStatus(value, Status.MACHINE_WRITABLE);
            case Csr.MEDELEG -> hart.medeleg = value & DELEGABLE_EXCEPTIONS;
            case Csr.MIDELEG -> hart.mideleg = value & SUPERVISOR_INTERRUPTS;
            case Csr.MIE -> hart.mie = value & INTERRUPTS;
            case Csr.MTVEC -> hart.mtvec = vector(hart.mtvec, value);
            case Csr.MCOUNTEREN -> hart.mcounteren = value & COUNTERS;
            case Csr.MENVCFG -> writeEnvironment(value);
            case Csr.MCOUNTINHIBIT -> inhibit(value & INHIBITABLE);
            case Csr.MSCRATCH -> hart.mscratch = value;
            case Csr.MEPC -> hart.mepc = value & ~1L;
            case Csr.MCAUSE -> hart.mcause = value;
            case Csr.MTVAL -> hart.mtval = value;
            case Csr.MIP -> writePending(value, (hart.menvcfg & STCE) != 0 ? SUPERVISOR_INTERRUPTS & ~Hart.STIP : SUPERVISOR_INTERRUPTS);
            case Csr.MCYCLE -> hart.mcycleOffset = value - counted(CYCLE_BIT);
            case Csr.MINSTRET -> hart.minstretOffset = value - counted(INSTRET_BIT);
            case Csr.PMPCFG0 -> {
                pmp.writeConfig(0, value);
                effect = Effect.TRANSLATION;
            }
            case Csr.PMPCFG2 -> {
                pmp.writeConfig(1, value);
                effect = Effect.TRANSLATION;
            }
            default -> {
                if (csr >= Csr.PMPADDR0 && csr <= Csr.PMPADDR15) {
                    pmp.writeAddress(csr - Csr.PMPADDR0, value);
                    effect = Effect.TRANSLATION;
                }
            }
        }
    }

    private void writeFloating(long flags, long rounding) {
        hart.fflags = (int) flags;
        hart.frm = (int) rounding;
        hart.mstatus |= Status.FS;
    }

    private void writeStatus(long value, long mask) {
        long before = hart.mstatus;
        Status.write(hart, value, mask);
        if (((before ^ hart.mstatus) & Status.MXR) != 0) {
            effect = Effect.TRANSLATION;
        }
    }

    private void writePending(long value, long mask) {
        hart.mipSoftware = hart.mipSoftware & ~mask | value & mask;
    }

    private void writeTranslation(long value) {
        long mode = value >>> 60;
        if (mode == 0 || mode == Sv39.MODE) {
            hart.satp = value;
            effect = Effect.TRANSLATION;
        }
    }

    private void writeEnvironment(long value) {
        hart.menvcfg = value & (ENVIRONMENT | STCE);
        if ((hart.menvcfg & STCE) != 0) {
            hart.mipSoftware &= ~Hart.STIP;
        }
        context.timerChanged();
    }

    /** Reserved modes leave the register as it is. */
    private static long vector(long old, long value) {
        return (value & 3) < 2 ? value : old;
    }

    /** While a counter is inhibited its offset is its value. */
    private long counter(int bit, long offset) {
        return (hart.mcountinhibit >>> bit & 1) != 0 ? offset : hart.instret + offset;
    }

    /** What a counter that runs will have counted when this instruction, which writes it, has retired: itself not included. */
    private long counted(int bit) {
        return (hart.mcountinhibit >>> bit & 1) != 0 ? 0 : hart.instret + 1;
    }

    private void inhibit(long value) {
        long changed = value ^ hart.mcountinhibit;
        if ((changed >>> CYCLE_BIT & 1) != 0) {
            hart.mcycleOffset += (value >>> CYCLE_BIT & 1) != 0 ? hart.instret + 1 : -(hart.instret + 1);
        }
        if ((changed >>> INSTRET_BIT & 1) != 0) {
            hart.minstretOffset += (value >>> INSTRET_BIT & 1) != 0 ? hart.instret + 1 : -(hart.instret + 1);
        }
        hart.mcountinhibit = value;
    }
}
