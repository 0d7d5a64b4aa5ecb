package tidemark.api.cpu;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import tidemark.api.state.State;
import tidemark.api.state.StateException;

/**
 * A hardware thread: its whole architectural state, owned by the machine. A plain holder: the engine reads and writes its fields on the
 * hart's thread; others only at a handshake, except {@link #attention}, {@link #setLine} and reading {@link #instret}.
 * Names and encodings are those of the RISC-V privileged specification 1.12 (with Sstc).
 */
public final class Hart {
    public static final int USER = 0;
    public static final int SUPERVISOR = 1;
    public static final int MACHINE = 3;

    // Bits of mip, mie, mideleg
    public static final long SSIP = 1L << 1;
    public static final long MSIP = 1L << 3;
    public static final long STIP = 1L << 5;
    public static final long MTIP = 1L << 7;
    public static final long SEIP = 1L << 9;
    public static final long MEIP = 1L << 11;

    private static final int VERSION = 2;
    private static final int PMP_ENTRIES = 16;
    private static final VarHandle LINES;
    private static final VarHandle ATTENTION;

    static {
        try {
            LINES = MethodHandles.lookup().findVarHandle(Hart.class, "lines", long.class);
            ATTENTION = MethodHandles.lookup().findVarHandle(Hart.class, "attention", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    public final int id;
    public long pc;
    /** x0 to x31; x[0] is always 0 when an engine returns. */
    public final long[] x = new long[32];
    /** f0 to f31, raw bits; single precision values are NaN-boxed. */
    public final long[] f = new long[32];
    public int privilege = MACHINE;
    /** Retired instructions since power-on: never written by the guest. Published by the engine at least every 100,000 instructions. */
    public long instret;
    /** Stopped in WFI. */
    public boolean waiting;
    /** Executes nothing until firmware starts it: not in reset state, but as if it were not there. */
    public boolean stopped;

    /** Address that LR reserved (physical), or -1; and the value that it read. */
    public long reservation = -1;
    public long reservedValue;

    public int fflags;
    public int frm;

    public long mstatus = 0xA00000000L;
    public long medeleg;
    public long mideleg;
    public long mie;
    public long mtvec;
    public long mcounteren;
    public long mcountinhibit;
    public long mscratch;
    public long mepc;
    public long mcause;
    public long mtval;
    public long menvcfg;
    /** The bits of mip that software wrote (SSIP, STIP, SEIP); mip is this or {@link #lines()}. */
    public long mipSoftware;
    /** minstret is instret + this; so for mcycle, which counts instructions. */
    public long minstretOffset;
    public long mcycleOffset;
    public final long[] pmpaddr = new long[PMP_ENTRIES];
    /** One byte per entry, entry 0 lowest: pmpcfg0 and pmpcfg2. */
    public final long[] pmpcfg = new long[PMP_ENTRIES / 8];

    public long stvec;
    public long scounteren;
    public long sscratch;
    public long sepc;
    public long scause;
    public long stval;
    public long senvcfg;
    public long satp;
    public long stimecmp = -1L;

    @SuppressWarnings("unused") // through LINES
    private volatile long lines;
    /** Someone wants this hart to leave its engine; see {@link #attention()}. */
    private volatile boolean attention;

    public Hart(int id) {
        this.id = id;
    }

    /** Asks the engine to come back soon. Any thread. */
    public void requestAttention() {
        attention = true;
    }

    /** Whether the engine should come back; cheap enough for every taken branch (opaque read). */
    public boolean attention() {
        return (boolean) ATTENTION.getOpaque(this);
    }

    /** By the machine, on the hart's thread, before it looks for what was asked. */
    public void clearAttention() {
        attention = false;
    }

    /** Drives an interrupt line, one bit of mip. Any thread. Wakes a waiting hart only through its machine. */
    public void setLine(long bit, boolean level) {
        if (level) {
            LINES.getAndBitwiseOr(this, bit);
            requestAttention();
        } else {
            LINES.getAndBitwiseAnd(this, ~bit);
        }
    }

    /** The interrupt lines as bits of mip. */
    public long lines() {
        return lines;
    }

    /** The value of mip. */
    public long mip() {
        return lines | mipSoftware;
    }

    /** Everything as after power-on, except for {@link #instret}: M-mode at {@code entry}, all registers zero. While the hart does not run. */
    public void reset(long entry) {
        Hart fresh = new Hart(id);
        fresh.pc = entry;
        fresh.instret = instret;
        try {
            load(fresh.save());
        } catch (StateException e) {
            throw new AssertionError(e);
        }
    }

    /** The state as {@code hart<id>}. At a handshake. */
    public State save() {
        return new State("hart" + id, VERSION).put("pc", pc).put("x", x).put("f", f).put("privilege", privilege)
                .put("instret", instret).put("waiting", waiting).put("stopped", stopped).put("reservation", reservation)
                .put("reservedValue", reservedValue).put("fflags", fflags).put("frm", frm).put("mstatus", mstatus)
                .put("medeleg", medeleg).put("mideleg", mideleg).put("mie", mie).put("mtvec", mtvec)
                .put("mcounteren", mcounteren).put("mcountinhibit", mcountinhibit).put("mscratch", mscratch)
                .put("mepc", mepc).put("mcause", mcause).put("mtval", mtval).put("menvcfg", menvcfg)
                .put("mipSoftware", mipSoftware).put("minstretOffset", minstretOffset).put("mcycleOffset", mcycleOffset)
                .put("pmpaddr", pmpaddr).put("pmpcfg", pmpcfg).put("stvec", stvec).put("scounteren", scounteren)
                .put("sscratch", sscratch).put("sepc", sepc).put("scause", scause).put("stval", stval)
                .put("senvcfg", senvcfg).put("satp", satp).put("stimecmp", stimecmp).put("lines", lines);
    }

    /** Takes over a saved state; this hart is unchanged if that fails. At a handshake; its engine must then flush everything. */
    public void load(State state) throws StateException {
        state.expect("hart" + id, VERSION);
        Hart h = new Hart(id);
        h.read(state);
        h.copyTo(this);
    }

    private void read(State s) throws StateException {
        pc = s.getLong("pc");
        s.getLongs("x", x);
        s.getLongs("f", f);
        privilege = s.getInt("privilege");
        if (privilege != USER && privilege != SUPERVISOR && privilege != MACHINE) {
            throw new StateException("State 'hart" + id + "': " + privilege + " is no privilege mode");
        }
        instret = s.getLong("instret");
        waiting = s.getBoolean("waiting");
        stopped = s.getBoolean("stopped");
        reservation = s.getLong("reservation");
        reservedValue = s.getLong("reservedValue");
        fflags = s.getInt("fflags");
        frm = s.getInt("frm");
        mstatus = s.getLong("mstatus");
        medeleg = s.getLong("medeleg");
        mideleg = s.getLong("mideleg");
        mie = s.getLong("mie");
        mtvec = s.getLong("mtvec");
        mcounteren = s.getLong("mcounteren");
        mcountinhibit = s.getLong("mcountinhibit");
        mscratch = s.getLong("mscratch");
        mepc = s.getLong("mepc");
        mcause = s.getLong("mcause");
        mtval = s.getLong("mtval");
        menvcfg = s.getLong("menvcfg");
        mipSoftware = s.getLong("mipSoftware");
        minstretOffset = s.getLong("minstretOffset");
        mcycleOffset = s.getLong("mcycleOffset");
        s.getLongs("pmpaddr", pmpaddr);
        s.getLongs("pmpcfg", pmpcfg);
        stvec = s.getLong("stvec");
        scounteren = s.getLong("scounteren");
        sscratch = s.getLong("sscratch");
        sepc = s.getLong("sepc");
        scause = s.getLong("scause");
        stval = s.getLong("stval");
        senvcfg = s.getLong("senvcfg");
        satp = s.getLong("satp");
        stimecmp = s.getLong("stimecmp");
        lines = s.getLong("lines");
    }

    private void copyTo(Hart h) {
        System.arraycopy(x, 0, h.x, 0, x.length);
        System.arraycopy(f, 0, h.f, 0, f.length);
        System.arraycopy(pmpaddr, 0, h.pmpaddr, 0, pmpaddr.length);
        System.arraycopy(pmpcfg, 0, h.pmpcfg, 0, pmpcfg.length);
        h.pc = pc;
        h.privilege = privilege;
        h.instret = instret;
        h.waiting = waiting;
        h.stopped = stopped;
        h.reservation = reservation;
        h.reservedValue = reservedValue;
        h.fflags = fflags;
        h.frm = frm;
        h.mstatus = mstatus;
        h.medeleg = medeleg;
        h.mideleg = mideleg;
        h.mie = mie;
        h.mtvec = mtvec;
        h.mcounteren = mcounteren;
        h.mcountinhibit = mcountinhibit;
        h.mscratch = mscratch;
        h.mepc = mepc;
        h.mcause = mcause;
        h.mtval = mtval;
        h.menvcfg = menvcfg;
        h.mipSoftware = mipSoftware;
        h.minstretOffset = minstretOffset;
        h.mcycleOffset = mcycleOffset;
        h.stvec = stvec;
        h.scounteren = scounteren;
        h.sscratch = sscratch;
        h.sepc = sepc;
        h.scause = scause;
        h.stval = stval;
        h.senvcfg = senvcfg;
        h.satp = satp;
        h.stimecmp = stimecmp;
        h.lines = lines;
    }
}
