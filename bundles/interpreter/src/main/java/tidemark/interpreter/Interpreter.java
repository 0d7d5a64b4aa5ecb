package tidemark.interpreter;

import java.lang.invoke.VarHandle;
import tidemark.api.cpu.EngineContext;
import tidemark.api.cpu.ExecutionEngine;
import tidemark.api.cpu.Exit;
import tidemark.api.cpu.Hart;
import tidemark.riscv.Access;
import tidemark.riscv.CsrFile;
import tidemark.riscv.Decoder;
import tidemark.riscv.FloatingPoint;
import tidemark.riscv.Insn;
import tidemark.riscv.MemoryPath;
import tidemark.riscv.Op;
import tidemark.riscv.Pmp;
import tidemark.riscv.Status;
import tidemark.riscv.Sv39;
import tidemark.riscv.Trap;
import tidemark.riscv.Traps;

/**
 * One hart's engine: everything around the {@link Loop}. The budget is handed to the loop in spans; an instruction after which interrupts
 * must be looked for ends its span early.
 *
 * <p>An engine that executes hot code by other means extends it and overrides {@link #execute}: it then has hot code brought to its notice by
 * {@link #interpret}, and leaves to {@link #step} what it does not execute itself.
 */
public class Interpreter implements ExecutionEngine, MemoryPath.Cache {
    /** {@code hart.instret} is published at least this often, in instructions. */
    private static final int SPAN = 50_000;
    // The ordering bits of an atomic
    private static final int RL = 1 << 25;
    private static final int AQ = 1 << 26;
    /** The register that holds the address of an SFENCE.VMA; x0 for all addresses. */
    private static final int RS1 = 31 << 15;

    protected final Hart hart;
    protected final MemoryPath path;
    protected final CodeCache codes;
    final FloatingPoint floating;
    private final EngineContext context;
    private final Trap trap = new Trap();
    private final Pmp pmp;
    private final CsrFile csrs;
    private final Sv39 translation;
    private final Regime[] regimes = Regime.all();
    private final Loop loop;
    private Regime regime;

    /** See {@link #translated}; for the hart's thread. */
    protected long translated;

    /** What remains of this span: instructions that may be executed before {@link #execute} returns. */
    protected int left;
    /** What remains of the budget behind the span, and what hart.instret will be at the span's end. */
    private long reserve;
    private long instretAtEnd;
    /** Interrupts must be looked for before the next instruction. */
    private boolean event;

    @SuppressWarnings("this-escape") // only stored
    public Interpreter(EngineContext context) {
        this.context = context;
        hart = context.hart();
        pmp = new Pmp(hart);
        csrs = new CsrFile(context, pmp);
        translation = new Sv39(hart, context.memory(), pmp, trap);
        path = new MemoryPath(context, translation, pmp, trap, this);
        floating = new FloatingPoint(hart);
        codes = new CodeCache(hart, context.memory(), translation, pmp, trap, this::isWritable, this::flushWrites);
        loop = new Loop(this);
    }

    @Override
    public final Exit run(long instructions) {
        path.enter();
        left = 0;
        reserve = instructions;
        instretAtEnd = hart.instret;
        event = true;
        while (true) {
            if (event) {
                event = false;
                if (hart.waiting && !Traps.wakes(hart)) {
                    return finish(Exit.WAIT);
                }
                hart.waiting = false;
                Traps.interrupt(hart);
            }
            if (left == 0 && !nextSpan()) {
                return finish(Exit.BUDGET);
            }
            if (hart.attention()) {
                return finish(Exit.ATTENTION);
            }
            enter();
        }
    }

    @Override
    public final long translated() {
        return translated;
    }

    private boolean nextSpan() {
        left = (int) Math.min(reserve, SPAN);
        reserve -= left;
        instretAtEnd += left;
        return left != 0;
    }

    private Exit finish(Exit exit) {
        publish();
        return exit;
    }

    private void enter() {
        try {
            execute(regimeNow());
        } catch (Trap t) {
            left--;
            instretAtEnd--;
            Traps.exception(hart, t.cause(), t.value());
        }
        publish();
    }

    /** What holds for loads and stores now: {@link #execute} asks anew after it changed that itself. */
    protected final Regime regimeNow() {
        regime = regimes[Regime.ofData(hart)];
        return regime;
    }

    /** What holds in S-mode. @param user whether sstatus.SUM is set */
    protected final Regime supervisorRegime(boolean user) {
        return regimes[Regime.ofSupervisor(user)];
    }

    /**
     * Executes from {@code hart.pc}: at least one instruction, at most {@link #left}, which it counts down. Returns at the latest after an
     * instruction that {@link #step} or {@link #interpret} executed, so that interrupts are seen where they must be.
     *
     * @param now what holds for loads and stores
     * @throws Trap an exception of the instruction at {@code hart.pc}, which {@link #left} still counts
     */
    protected void execute(Regime now) {
        loop.run(now, 0);
    }

    /**
     * Executes by the loop.
     *
     * @param patience comes back at heads that were reached this often, see {@link Profile}; 0 for never
     */
    protected final void interpret(Regime now, int patience) {
        loop.run(now, patience);
    }

    /**
     * Executes by the loop.
     *
     * @param visits comes back where a jump of any kind led this often
     */
    protected final void interpretToJump(Regime now, int visits) {
        loop.run(now, -visits);
    }

    /** Executes one instruction by the loop. */
    protected final void step(Regime now) {
        int rest = left - 1;
        left = 1;
        instretAtEnd -= rest;
        try {
            loop.run(now, 0);
        } finally {
            left += rest;
            instretAtEnd += rest;
        }
    }

    /** Executes the instruction at {@code hart.pc}, which {@link Op} has behind {@link Op#AMO}, without the loop. @param w decoded */
    protected final void stepSystem(long w) {
        system(w);
    }

    /**
     * Executes a load, a store or an atomic at {@code hart.pc} without the loop, and goes on to the next instruction.
     *
     * @param w decoded; one of f registers only while floating point is on
     * @return false if {@link #execute} must return now
     * @throws Trap as {@link #execute}
     */
    protected final boolean stepAccess(long w) {
        access(w);
        hart.pc += 2 * Insn.halfwords(w);
        left--;
        return !event;
    }

    private void access(long w) {
        int op = Insn.op(w);
        if (op >= Op.LR && op <= Op.AMO) {
            atomic(w);
        } else if (op >= Op.FLW && op <= Op.FSD) {
            floatingAccess(w, 0);
        } else if (op >= Op.SB) {
            path.store(hart.x[Insn.rs1(w)] + Insn.imm(w), 1 << op - Op.SB, hart.x[Insn.rs2(w)]);
        } else {
            load(w);
        }
    }

    private void load(long w) {
        long address = hart.x[Insn.rs1(w)] + Insn.imm(w);
        int op = Insn.op(w);
        switch (op) {
            case Op.LB -> hart.x[Insn.rd(w)] = (byte) path.load(address, 1);
            case Op.LH -> hart.x[Insn.rd(w)] = (short) path.load(address, 2);
            case Op.LW -> hart.x[Insn.rd(w)] = (int) path.load(address, 4);
            case Op.LD -> hart.x[Insn.rd(w)] = path.load(address, 8);
            case Op.LOAD_X0 -> path.load(address, 1 << Insn.rs2(w));
            default -> hart.x[Insn.rd(w)] = path.load(address, 1 << op - Op.LBU);
        }
    }

    private void publish() {
        hart.instret = instretAtEnd - left;
    }

    /** The instruction under way is the last of this span. */
    private void endSpan() {
        if (left > 1) {
            reserve += left - 1;
            instretAtEnd -= left - 1;
            left = 1;
        }
    }

    /** The decoded page at {@code hart.pc}. @throws Trap if it cannot be fetched */
    CodePage page() {
        CodePage page = codes.page(hart.pc);
        if (!codes.cacheable()) {
            endSpan();
        }
        return page;
    }

    /**
     * The 32-bit instruction at {@code hart.pc}, whose second half lies in the next page.
     *
     * @throws Trap if that half cannot be fetched
     */
    protected final long crossing(int low) {
        long pc = hart.pc;
        int high = codes.page(pc + 2).halfword(0);
        return Decoder.decode(low | high << 16);
    }

    @Override
    public final void fill(long address, long host, Access access) {
        (access == Access.STORE ? regime.writes : regime.reads).fill(address, host);
    }

    @Override
    public final void storing(long host) {
        codes.storing(host);
    }

    /** Whether a write TLB has a page of the host. */
    private boolean isWritable(long page) {
        for (Regime each : regimes) {
            if (each.writes.has(page)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public final void beforeBus() {
        publish();
        endSpan();
        event = true;
    }

    // ---- Instructions that the loop leaves to us; hart.pc and left are up to date

    void atomic(long w) {
        int insn = Insn.imm(w);
        long address = hart.x[Insn.rs1(w)];
        long operand = hart.x[Insn.rs2(w)];
        int size = (insn & 1 << 12) == 0 ? 4 : 8;
        if (Insn.op(w) == Op.LR && (insn & RL) != 0) {
            VarHandle.fullFence(); // what stores releases by itself, a load does not
        }
        long result = switch (Insn.op(w)) {
            case Op.LR -> path.loadReserved(address, size);
            case Op.SC -> path.storeConditional(address, size, operand);
            default -> path.modify(address, size, insn >>> 27, operand);
        };
        if ((insn & AQ) != 0) {
            VarHandle.fullFence(); // plain loads that follow may overtake the store of a CAS: on AArch64, not on x86
        }
        if (Insn.rd(w) != 0) {
            hart.x[Insn.rd(w)] = result;
        }
    }

    void floating(long w) {
        if (!floating.execute(Insn.imm(w))) {
            throw trap.of(Trap.ILLEGAL_INSTRUCTION, Insn.imm(w) & 0xFFFFFFFFL);
        }
    }

    /** FLW, FLD, FSW or FSD in any case. @param instruction its bits */
    void floatingAccess(long w, long instruction) {
        if (FloatingPoint.isOff(hart)) {
            throw trap.of(Trap.ILLEGAL_INSTRUCTION, instruction);
        }
        long address = hart.x[Insn.rs1(w)] + Insn.imm(w);
        switch (Insn.op(w)) {
            case Op.FLW -> setFloating(w, path.load(address, 4) | 0xFFFFFFFF_00000000L);
            case Op.FLD -> setFloating(w, path.load(address, 8));
            case Op.FSW -> path.store(address, 4, hart.f[Insn.rs2(w)]);
            default -> path.store(address, 8, hart.f[Insn.rs2(w)]);
        }
    }

    private void setFloating(long w, long bits) {
        hart.f[Insn.rd(w)] = bits;
        FloatingPoint.dirty(hart);
    }

    /** An instruction that may change anything of the hart: the loop is entered anew after it. */
    void system(long w) {
        publish();
        int insn = Insn.imm(w);
        long next = hart.pc + 2 * Insn.halfwords(w);
        switch (Insn.op(w)) {
            case Op.CSR -> {
                csr(insn);
                hart.pc = next;
            }
            case Op.FENCE_I -> {
                VarHandle.acquireFence(); // what this hart has seen is older than what it fetches now
                codes.nextGeneration();
                hart.pc = next;
            }
            case Op.SFENCE_VMA -> {
                require(hart.privilege == Hart.MACHINE || hart.privilege == Hart.SUPERVISOR && (hart.mstatus & Status.TVM) == 0, insn);
                VarHandle.acquireFence(); // what this hart has seen is older than what the walker reads now
                if ((insn & RS1) == 0) {
                    renewTranslations();
                } else {
                    flushPage(hart.x[insn >>> 15 & 31]); // after each page fault of Linux: comparing all code would cost too much
                    codes.compareStored();
                }
                hart.pc = next;
            }
            case Op.WFI -> {
                require(hart.privilege == Hart.MACHINE || hart.privilege == Hart.SUPERVISOR && (hart.mstatus & Status.TW) == 0, insn);
                hart.waiting = true;
                event = true;
                hart.pc = next;
            }
            case Op.MRET -> {
                require(Traps.machineReturn(hart), insn);
                codes.compareStored();
                event = true;
            }
            case Op.SRET -> {
                require(Traps.supervisorReturn(hart), insn);
                codes.compareStored();
                event = true;
            }
            case Op.ECALL -> {
                if (hart.privilege == Hart.SUPERVISOR && context.environmentCall()) {
                    event = true;
                } else {
                    Traps.environmentCall(hart);
                    instretAtEnd--; // not retired
                }
            }
            case Op.EBREAK -> throw trap.of(Trap.BREAKPOINT, 0);
            default -> throw trap.of(Trap.ILLEGAL_INSTRUCTION, insn & 0xFFFFFFFFL);
        }
        left--;
    }

    private void csr(int insn) {
        event = true;
        switch (csrs.execute(insn)) {
            case ILLEGAL -> throw trap.of(Trap.ILLEGAL_INSTRUCTION, insn & 0xFFFFFFFFL);
            case TRANSLATION -> renewTranslations();
            case NONE -> { }
        }
    }

    private void require(boolean legal, int insn) {
        if (!legal) {
            throw trap.of(Trap.ILLEGAL_INSTRUCTION, insn & 0xFFFFFFFFL);
        }
    }


    // ---- Caches

    @Override
    public void flushTranslations() {
        flushRegimes();
        codes.flushTranslations();
    }

    /** Of one page. What is known of a large page is spread over many entries. */
    private void flushPage(long address) {
        if (translation.large().mayHave(address)) {
            flushTranslations();
            return;
        }
        for (Regime each : regimes) {
            each.flush(address);
        }
        codes.flushPage(address);
    }

    private void flushRegimes() {
        translation.large().clear();
        for (Regime each : regimes) {
            each.flush();
        }
        codes.writesFlushed();
    }

    /** By the guest, which may expect to see code that it, another hart or a device wrote: many kernels have no FENCE.I beside it. */
    private void renewTranslations() {
        flushRegimes();
        codes.nextGeneration();
    }

    @Override
    public final void flushWrites() {
        for (Regime each : regimes) {
            each.writes.flush();
        }
        codes.writesFlushed();
    }

    @Override
    public void flushAll() {
        pmp.reload();
        flushTranslations();
        codes.flush();
    }

    @Override
    public void close() {
        flushAll();
    }
}
