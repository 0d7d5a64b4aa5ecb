package tidemark.cpu.nativecode;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.IdentityHashMap;
import java.util.Map;
import tidemark.api.cpu.EngineContext;
import tidemark.cpu.nativecode.cache.JumpTables;
import tidemark.cpu.nativecode.guest.BackEnd;
import tidemark.cpu.nativecode.guest.Exits;
import tidemark.cpu.nativecode.guest.Frame;
import tidemark.cpu.nativecode.x86.X86BackEnd;
import tidemark.interpreter.CodePage;
import tidemark.interpreter.FloatingUnit;
import tidemark.interpreter.Interpreter;
import tidemark.interpreter.Regime;
import tidemark.riscv.Insn;
import tidemark.riscv.Op;
import tidemark.riscv.Status;

/**
 * One hart's engine: executes blocks of machine code where there are some. Whatever a block does not do itself, the interpreter does, one
 * instruction at a time; the block goes on behind it. The interpreter also executes what is not warm yet.
 */
final class NativeEngine extends Interpreter {
    /** So many instructions are executed at once at most: then attention is polled, and the JVM may come to a safepoint. */
    private static final int POLL = 4096;
    private static final int NEVER = Integer.MAX_VALUE;

    /** A regime's TLBs as machine code is given them. */
    private record Tlbs(MemorySegment reads, MemorySegment writes) {
        static Tlbs of(Regime regime) {
            return new Tlbs(MemorySegment.ofArray(regime.reads.entries), MemorySegment.ofArray(regime.writes.entries));
        }
    }

    private final Settings settings;
    private final Arena arena = Arena.ofShared();
    private final Frame frame;
    private final Exits exits = new Exits();
    private final BackEnd backEnd = new X86BackEnd(exits);
    private final JumpTables tables = new JumpTables(arena);
    private final Workshop workshop;
    private final MemorySegment x;
    private final MemorySegment f;
    private final Map<Regime, Tlbs> tlbsOf = new IdentityHashMap<>();
    private Regime regime;
    private Tlbs tlbs;
    /** The {@link tidemark.interpreter.CodeCache#epoch} that the tables are of. */
    private long epoch;
    private int cardShift = -1;
    private boolean closed;
    /** Where code goes on behind the instruction that is the interpreter's; 0 if nowhere. */
    private int resume;
    /**
     * The guest's address there, the mode and {@link Frame#FLOATING} that must hold, and how many instructions the block has from there.
     */
    private long resumePc;
    private int resumeMode;
    private int resumeLevel;
    private int resumeRest;

    NativeEngine(EngineContext context, Settings settings) {
        super(context);
        this.settings = settings;
        frame = new Frame(arena, X86BackEnd.CONTROL, context.memory());
        x = MemorySegment.ofArray(hart.x);
        f = MemorySegment.ofArray(hart.f);
        workshop = new Workshop(settings, exits, backEnd, hart.id);
    }

    @Override
    protected void execute(Regime now) {
        look(now);
        int place = takeResume();
        if (place != 0) {
            run(workshop.address(place), resumeRest, resumeLevel == Frame.ARMED ? Frame.ARMED : floating(), now);
            return;
        }
        long code = find(hart.pc, false);
        if (code != 0) {
            run(code, 0, floating(), now);
        } else {
            interpretOn(now);
        }
    }

    /** Looks at what may have changed since code was last entered. */
    private void look(Regime now) {
        if (regime != now) {
            regime = now;
            tlbs = tlbsOf.computeIfAbsent(now, Tlbs::of);
        }
        if (cardShift != path.cardShift()) {
            cardShift = path.cardShift();
            forget();
        }
        if (cardShift >= 0) {
            frame.cards(path.cardTable());
        }
        lookAtEpoch();
    }

    private void lookAtEpoch() {
        if (epoch != codes.epoch()) {
            epoch = codes.epoch();
            tables.flush();
            resume = 0;
        }
    }

    private int takeResume() {
        int place = resume;
        resume = 0;
        boolean holds = place != 0 && hart.pc == resumePc && hart.privilege == resumeMode && left >= resumeRest
                && floating() >= Math.min(resumeLevel, FloatingUnit.NEAREST);
        return holds ? place : 0;
    }

    /**
     * What machine code may do with floating point: not as {@link FloatingUnit#of} has it, since machine code finds out whether a result
     * is inexact.
     */
    private int floating() {
        if ((hart.mstatus & Status.FS) != Status.FS) {
            return FloatingUnit.CARE;
        }
        return hart.frm == 0 ? FloatingUnit.NEAREST : FloatingUnit.DIRTY;
    }

    private void interpretOn(Regime now) {
        if (settings.eager()) {
            interpret(now, 0);
        } else {
            interpretToJump(now, settings.patience());
        }
    }

    // ---- Executing

    /**
     * Executes code, and what follows it, until an instruction is the interpreter's.
     *
     * @param counted how many instructions are still to come that no block will count
     * @param level of {@link Frame#FLOATING}
     */
    private void run(long first, int counted, int level, Regime now) {
        long code = first;
        int exit = enter(code, counted, level);
        while (true) {
            int kind = exits.kind(exit);
            hart.pc = kind == Exits.JUMP ? frame.pc() : exits.pc(exit);
            if (kind == Exits.STEP) {
                stepAt(exit, now);
                return;
            }
            if (left == 0 || hart.attention()) {
                return;
            }
            if (kind == Exits.BUDGET && left < exits.undone(exit)) {
                interpret(now, 0);
                return;
            }
            code = kind == Exits.LINK ? link(exit) : find(hart.pc, exits.always(exit));
            if (code == 0) {
                interpretOn(now);
                return;
            }
            exit = enter(code, 0, floating());
        }
    }

    private int enter(long code, int counted, int level) {
        int budget = Math.min(left, POLL);
        frame.enter(budget - counted, level, tables.table(hart.privilege));
        frame.enter(hart);
        int exit = Entrance.enter(code, frame.address(), x, f, tlbs.reads, tlbs.writes);
        left -= budget - frame.left() - exits.undone(exit);
        frame.leave(hart);
        if (frame.floating() == Frame.ARMED) {
            hart.fflags |= backEnd.flags(frame.control());
        }
        return exit;
    }

    private void stepAt(int exit, Regime now) {
        resume = exits.place(exit);
        resumePc = hart.pc + exits.size(exit);
        resumeMode = hart.privilege;
        resumeLevel = exits.level(exit);
        resumeRest = exits.undone(exit) - 1;
        long w = codes.page(hart.pc).instruction(CodePage.slot(hart.pc));
        if (Insn.op(w) > Op.AMO) {
            stepSystem(w);
        } else {
            step(now);
        }
    }

    // ---- Finding code

    /**
     * The code for an instruction; 0 if it is not warm.
     *
     * @param warm whether it is known to be
     * @throws tidemark.riscv.Trap if it cannot be fetched
     */
    private long find(long pc, boolean warm) {
        long code = JumpTables.find(tables.table(hart.privilege), pc);
        if (code != 0) {
            return code;
        }
        int place = place(pc, warm);
        if (place == 0) {
            return 0;
        }
        code = workshop.address(place);
        tables.put(hart.privilege, pc, code);
        return code;
    }

    /** The code that a block's jump leads to, by which it then gets there itself. */
    private long link(int exit) {
        int jump = exits.place(exit);
        int generation = workshop.generation();
        int place = place(hart.pc, exits.always(exit));
        if (place == 0) {
            return 0;
        }
        if (generation == workshop.generation()) {
            workshop.link(jump, place);
        }
        return workshop.address(place);
    }

    private int place(long pc, boolean warm) {
        codes.page(pc);
        CodePage page = codes.cached(pc);
        lookAtEpoch();
        if (page == null) {
            return 0;
        }
        int place = workshop.find(page, pc);
        return place == 0 && (warm || settings.eager() || isWarm(page, pc)) ? make(page, pc) : place;
    }

    /** Counts a visit. */
    private boolean isWarm(CodePage page, long pc) {
        return page.profile(settings.patience()).visit(CodePage.slot(pc));
    }

    private int make(CodePage page, long pc) {
        int generation = workshop.generation();
        int place = workshop.make(page, pc, cardShift);
        if (generation != workshop.generation()) {
            tables.flush();
            resume = 0;
        }
        if (place == 0) {
            page.profile(settings.patience()).leaveAfter(CodePage.slot(pc), NEVER);
        }
        return place;
    }

    // ---- Caches

    private void forget() {
        workshop.clear();
        tables.flush();
        resume = 0;
    }

    /** How many blocks were made. */
    int blocks() {
        return workshop.made();
    }

    @Override
    public void flushAll() {
        super.flushAll();
        if (!closed) {
            forget();
        }
    }

    @Override
    public void close() {
        super.close();
        if (!closed) {
            closed = true;
            workshop.close();
            arena.close();
        }
    }
}
