package tidemark.machine;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import tidemark.api.cpu.EngineContext;
import tidemark.api.cpu.ExecutionEngine;
import tidemark.api.cpu.Hart;
import tidemark.api.device.InterruptLine;
import tidemark.api.device.Timer;
import tidemark.api.machine.FirmwareContext;
import tidemark.api.memory.Bus;
import tidemark.api.memory.PhysicalMemory;

/** Runs one hart, slice by slice; at each boundary passes the gate. Hart 0's thread also runs timers and the actions of handshakes. */
final class HartThread extends Thread implements EngineContext {
    /** Instructions between two looks at the host's clock. */
    private static final long SLICE = 50_000;
    private static final long STCE = 1L << 63;
    /** Between two looks at whether another hart has served a fence, in ns. */
    private static final long FENCE_POLL = 5_000;

    private final VirtualMachine machine;
    private final Hart hart;
    private final Timer supervisorTimer;
    private volatile boolean stands;
    /** Waits for an interrupt or to be started. */
    private boolean idle;
    /** What other harts want of this one before its next instruction. */
    private final Queue<Runnable> posted = new ConcurrentLinkedQueue<>();
    private volatile boolean inEngine;
    /** Fences that this hart has asked of others; it executes nothing until all are served. */
    private final List<Fence> fences = new ArrayList<>();
    private long leftEngine = System.nanoTime();

    HartThread(VirtualMachine machine, Hart hart) {
        super(machine.name() + "-hart" + hart.id);
        setDaemon(true);
        this.machine = machine;
        this.hart = hart;
        this.supervisorTimer = machine.timers().timer(this::timerChanged);
    }

    @Override
    public void run() {
        while (machine.gate().pass(this)) {
            try {
                slice();
            } catch (Throwable e) {
                leftEngine = System.nanoTime();
                machine.failed(getName(), e);
            }
        }
    }

    private void slice() {
        hart.clearAttention();
        if (machine.gate().mustStand()) {
            return;
        }
        if (first()) {
            machine.timers().runExpired();
            machine.deviceWork().runPosted();
        }
        servePosted();
        if (fencesOpen()) {
            LockSupport.parkNanos(FENCE_POLL);
            return;
        }
        if (hart.stopped || hart.waiting && !interruptPending()) {
            idle = !(first() && skipToNextTimer());
            return;
        }
        hart.waiting = false;
        idle = false;
        long budget = budget();
        if (budget > 0) {
            execute(budget);
        }
    }

    /** Before it looks at what is posted it says that it is in the engine: who posts later sees that and waits. */
    private void execute(long budget) {
        inEngine = true;
        try {
            servePosted();
            if (!hart.stopped) {
                machine.board().engines().of(hart.id).run(budget);
            }
        } finally {
            inEngine = false;
            leftEngine = System.nanoTime();
        }
    }

    // What harts want of each other

    /** That a hart which may be executing forgets what it derived from RAM. */
    private static final class Fence {
        private final HartThread target;
        private volatile boolean served;

        Fence(HartThread target) {
            this.target = target;
        }

        /** A hart that is not in its engine serves what is posted before it enters. */
        boolean open() {
            return !served && target.inEngine;
        }
    }

    /** Any thread. */
    void post(Runnable action) {
        posted.add(action);
        call();
    }

    /** On this hart's thread. */
    void fence(HartThread target, FirmwareContext.Fence what) {
        Fence fence = new Fence(target);
        target.post(() -> {
            machine.board().engines().ifPresent(target.hart.id, what == FirmwareContext.Fence.TRANSLATIONS
                    ? ExecutionEngine::flushTranslations : ExecutionEngine::flushAll);
            fence.served = true;
        });
        fences.add(fence);
        hart.requestAttention();
    }

    /** What was wanted of a hart that has been reset or loaded since. While no hart runs. */
    void forgetPosted() {
        posted.clear();
        fences.clear();
    }

    private boolean fencesOpen() {
        fences.removeIf(fence -> !fence.open());
        return !fences.isEmpty();
    }

    /** On this hart's thread, or while no hart runs. */
    void servePosted() {
        for (Runnable action = posted.poll(); action != null; action = posted.poll()) {
            action.run();
        }
    }

    private boolean skipToNextTimer() {
        long ticks = machine.timers().ticksToNext();
        return ticks != Timers.NEVER && machine.clock().skip(ticks);
    }

    /** Instructions until something has to happen at an exact one; 0 if it has to happen now. */
    private long budget() {
        if (!first()) {
            return SLICE;
        }
        long left = machine.instructionsLeft();
        if (left <= 0) {
            machine.reachedLimit();
            return 0;
        }
        return machine.clock().instructionsWithin(machine.timers().ticksToNext(), Math.min(left, SLICE));
    }

    private boolean interruptPending() {
        return (hart.mip() & hart.mie) != 0;
    }

    // What the gate asks; this hart stands or asks itself

    boolean first() {
        return hart.id == 0;
    }

    boolean idle() {
        return idle;
    }

    /** Whether this hart has something to do. */
    boolean ready() {
        return !idle || !posted.isEmpty() || !hart.stopped && (!hart.waiting || interruptPending())
                || first() && (idleNanos() == 0 || machine.deviceWork().isPosted());
    }

    /** How long this hart may wait for an interrupt if none comes. */
    long idleNanos() {
        if (!first()) {
            return Long.MAX_VALUE;
        }
        long ticks = machine.timers().ticksToNext();
        return ticks == Timers.NEVER ? Long.MAX_VALUE : machine.clock().hostNanos(ticks);
    }

    /** When the last instruction had been executed. */
    long leftEngine() {
        return leftEngine;
    }

    void stands(boolean now) {
        stands = now;
    }

    boolean stands() {
        return stands;
    }

    // Lines

    InterruptLine line(long bit) {
        return level -> drive(bit, level);
    }

    private void drive(long bit, boolean level) {
        if (((hart.lines() & bit) != 0) != level) {
            hart.setLine(bit, level);
            if (level) {
                wake();
            }
        }
    }

    /** Has this hart look around if it waits. */
    void wake() {
        if (stands) {
            machine.gate().wake();
        }
    }

    /** Has this hart come to a boundary. */
    void call() {
        hart.requestAttention();
        wake();
    }

    // EngineContext

    @Override
    public Hart hart() {
        return hart;
    }

    @Override
    public PhysicalMemory memory() {
        return machine.memory();
    }

    @Override
    public Bus bus() {
        return machine.board().bus();
    }

    @Override
    public long time() {
        return machine.clock().mtime();
    }

    @Override
    public boolean environmentCall() {
        return machine.board().firmware().call(hart);
    }

    /** Also when the timer expires, on hart 0's thread, and when mtime was set. */
    @Override
    public void timerChanged() {
        synchronized (supervisorTimer) { // else the end of the former time could cancel the next one
            boolean enabled = (hart.menvcfg & STCE) != 0;
            boolean expired = enabled && Long.compareUnsigned(time(), hart.stimecmp) >= 0;
            drive(Hart.STIP, expired);
            if (enabled && !expired) {
                supervisorTimer.set(hart.stimecmp);
            } else {
                supervisorTimer.cancel();
            }
        }
    }
}
