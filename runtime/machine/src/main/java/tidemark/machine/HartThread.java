package tidemark.machine;

import tidemark.api.cpu.EngineContext;
import tidemark.api.cpu.Hart;
import tidemark.api.device.InterruptLine;
import tidemark.api.device.Timer;
import tidemark.api.memory.Bus;
import tidemark.api.memory.PhysicalMemory;

/** Runs one hart, slice by slice; at each boundary passes the gate. Hart 0's thread also runs timers and the actions of handshakes. */
final class HartThread extends Thread implements EngineContext {
    /** Instructions between two looks at the host's clock. */
    private static final long SLICE = 50_000;
    private static final long STCE = 1L << 63;

    private final VirtualMachine machine;
    private final Hart hart;
    private final Timer supervisorTimer;
    private volatile boolean stands;
    /** Waits for an interrupt. */
    private boolean idle;
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
                machine.failed(this, e);
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
        }
        if (hart.waiting && !interruptPending()) {
            idle = !(first() && skipToNextTimer());
            return;
        }
        hart.waiting = false;
        idle = false;
        long budget = budget();
        if (budget > 0) {
            machine.board().engines().of(hart.id).run(budget);
            leftEngine = System.nanoTime();
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
        return !idle || !hart.waiting || interruptPending() || first() && idleNanos() == 0;
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
        return false;
    }

    /** Also when the timer expires, and when mtime was set. */
    @Override
    public void timerChanged() {
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
