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
    private static final int POLL = 16_384;

    private final Settings settings;
    private final Arena arena = Arena.ofShared();
    private final Frame frame;
    private final Exits exits = new Exits();
    private final BackEnd backEnd = new X86BackEnd(exits);
    private final JumpTables tables = new JumpTables(arena);
    private final Workshop workshop;
    private final MemorySegment x;
    private final MemorySegment f;
    private final Map<Regime, Tlbs[]> tlbsOf = new IdentityHashMap<>();
    private final Tlbs[] supervisorTlbs = {Tlbs.of(supervisorRegime(false)), Tlbs.of(supervisorRegime(true))};
    private Regime regime;
    private Tlbs[] tlbs;
    /** The {@link tidemark.interpreter.CodeCache#epoch} that the tables are of. */
    private long epoch;
    private int cardShift = -1;
    private boolean closed;
    private final Resume resume = new Resume();

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
        int place = resume.take(hart, left, floating());
        if (place != 0) {
            run(workshop.address(place), resume.rest(), resume.level(floating()));
            return;
        }
        long code = find(hart.pc, false);
        if (code != 0) {
            run(code, 0, floating());
        } else {
            interpretOn();
        }
    }

    /** Looks at what may have changed since code was last entered. */
    private void look(Regime now) {
        choose(now);
        if (cardShift != path.cardShift()) {
            cardShift = path.cardShift();
            forget();
        }
        if (cardShift >= 0) {
            frame.cards(path.cardTable());
        }
        lookAtEpoch();
    }

    private void choose(Regime now) {
        if (regime != now) {
            regime = now;
            tlbs = tlbsOf.computeIfAbsent(now, each -> {
                Tlbs its = Tlbs.of(each);
                return new Tlbs[] {its, its};
            });
        }
    }

    private void lookAtEpoch() {
        if (epoch != codes.epoch()) {
            epoch = codes.epoch();
            tables.flush();
            resume.forget();
        }
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

    private void interpretOn() {
        if (settings.eager()) {
            interpret(regime, 0);
        } else {
            interpretToJump(regime, settings.patience());
        }
    }

    // ---- Executing

    /**
     * Executes code, and what follows it, until an instruction is the interpreter's.
     *
     * @param counted how many instructions are still to come that no block will count
     * @param level of {@link Frame#FLOATING}
     */
    private void run(long first, int counted, int level) {
        long code = first;
        int exit = enter(code, counted, level);
        while (true) {
            int kind = exits.kind(exit);
            hart.pc = kind == Exits.JUMP ? frame.pc() : exits.pc(exit);
            if (kind == Exits.STEP && !stepAt(exit) || left == 0 || hart.attention()) {
                return;
            }
            if (kind == Exits.STEP) {
                lookAtEpoch();
                int place = resume.take(hart, left, floating());
                if (place == 0) {
                    return;
                }
                exit = enter(workshop.address(place), resume.rest(), resume.level(floating()));
                continue;
            }
            if (kind == Exits.BUDGET && left < exits.undone(exit)) {
                interpret(regime, 0);
                return;
            }
            code = kind == Exits.LINK ? link(exit) : find(hart.pc, exits.always(exit));
            if (code == 0) {
                interpretOn();
                return;
            }
            exit = enter(code, 0, floating());
        }
    }

    private int enter(long code, int counted, int level) {
        int budget = Math.min(left, POLL);
        frame.enter(budget - counted, level, tables.table(hart.privilege));
        frame.enter(hart);
        int exit = Entrance.enter(code, frame.address(), x, f, Frame.switchesTlbs(hart) ? supervisorTlbs : tlbs);
        int retired = budget - frame.left() - exits.undone(exit);
        left -= retired;
        translated += retired;
        if (frame.leave(hart)) {
            choose(regimeNow());
        }
        if (frame.floating() == Frame.ARMED) {
            hart.fflags |= backEnd.flags(frame.control());
        }
        return exit;
    }

    /** @return whether code may go on behind the instruction at once */
    private boolean stepAt(int exit) {
        resume.behind(exits, exit, hart);
        long w = codes.page(hart.pc).instruction(CodePage.slot(hart.pc));
        int op = Insn.op(w);
        if (op >= Op.LB && op <= Op.SD || op >= Op.LR && op <= Op.AMO || op >= Op.FLW && op <= Op.FSD && floating() != FloatingUnit.CARE) {
            return stepAccess(w);
        }
        if (op > Op.AMO) {
            stepSystem(w);
        } else {
            step(regime);
        }
        return false;
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
        int generation = workshop.generation();
        int place = page.instruction(CodePage.slot(pc)) == Op.CROSSING ? placeAcross(page, pc, warm) : placeWithin(page, pc, warm);
        if (generation != workshop.generation()) {
            tables.flush();
            resume.forget();
        }
        return place;
    }

    private int placeWithin(CodePage page, long pc, boolean warm) {
        int place = workshop.find(page, pc);
        return place == 0 && isWarm(page, pc, warm) ? workshop.make(page, pc, cardShift) : place;
    }

    /** For an instruction that ends in the next page: its code holds for these two pages together. Jump tables alone lead to it. */
    private int placeAcross(CodePage page, long pc, boolean warm) {
        long w = crossing(page.halfword(CodePage.slot(pc)));
        CodePage second = codes.cached(pc + 2);
        lookAtEpoch();
        if (second == null) {
            return 0;
        }
        int place = workshop.findCrossing(page, second, pc);
        return place == 0 && isWarm(page, pc, warm) ? workshop.makeCrossing(page, second, pc, w, cardShift) : place;
    }

    /** Counts a visit, if that matters. */
    private boolean isWarm(CodePage page, long pc, boolean known) {
        return known || settings.eager() || page.profile(settings.patience()).visit(CodePage.slot(pc));
    }

    // ---- Caches

    private void forget() {
        workshop.clear();
        tables.flush();
        resume.forget();
    }

    /** Where its code memory begins. */
    long codeAddress() {
        return workshop.address(0);
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
