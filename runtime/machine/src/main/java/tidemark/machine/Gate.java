package tidemark.machine;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import tidemark.api.machine.Handshake;
import tidemark.api.machine.Hold;
import tidemark.api.machine.Machine.Power;
import tidemark.api.machine.Machine.Status;
import tidemark.api.machine.MachineException;
import tidemark.api.machine.Stop;

/**
 * Where the harts of one machine stand. Keeps every reason for standing (power, pause, holds, missing parts, actions that wait); harts pass at each boundary
 * and stay while there is one. A hart that waits for an interrupt stands too, so that it need not be woken for a handshake.
 */
final class Gate {
    private static final long SPIN_NANOS = 10_000;
    private static final int LOCK_SPINS = 500;
    private static final long FOREVER = Long.MAX_VALUE;

    private final String machine;
    private final MachineClock clock;
    private final Runnable callHarts;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    /** Counts changes, so that a waiter can spin outside of the lock before it parks. */
    private volatile int version;
    private volatile boolean mustStand = true;

    private final List<HartThread> harts = new ArrayList<>();
    private int standing;
    private Standstill standstill = new Standstill();
    private boolean off = true;
    private String offReason = "not started";
    private int exitCode;
    private boolean paused;
    private boolean closed;
    private final Map<Object, String> missing = new LinkedHashMap<>();
    private final Map<Object, String> holds = new LinkedHashMap<>();
    private final ArrayDeque<Request> requests = new ArrayDeque<>();
    /** Who runs an action now. */
    private Thread serving;

    /** @param callHarts makes every hart come to a boundary soon */
    Gate(String machine, MachineClock clock, Runnable callHarts) {
        this.machine = machine;
        this.clock = clock;
        this.callHarts = callHarts;
    }

    /** An action that waits for the guest to stand. */
    private static final class Request {
        final Callable<?> action;
        /** Nobody waits for it: hart 0 runs it whatever the power. */
        final boolean posted;
        final long requested = System.nanoTime();
        Object result;
        Throwable failure;
        Standstill standstill;
        boolean done;

        Request(Callable<?> action, boolean posted) {
            this.action = action;
            this.posted = posted;
        }
    }

    // The harts' side

    void add(HartThread hart) {
        harts.add(hart);
    }

    boolean mustStand() {
        return mustStand;
    }

    /**
     * Passes a hart, at an instruction boundary, as soon as it may run and is ready to.
     *
     * @return false if the machine is given up and the thread has to end
     */
    boolean pass(HartThread hart) {
        if (!mustStand && !hart.idle()) {
            return true;
        }
        acquire();
        try {
            hart.stands(true);
            standing++;
            standstill.hartStands(hart.leftEngine());
            update();
            while (!closed) {
                Request request = hart.first() ? servable() : null;
                if (request != null) {
                    serve(request);
                } else if (!mustStand && hart.ready()) {
                    go(hart);
                    return true;
                } else {
                    awaitChange(mustStand ? FOREVER : hart.idleNanos());
                }
            }
            return false;
        } finally {
            lock.unlock();
        }
    }

    private void go(HartThread hart) {
        hart.stands(false);
        standing--;
        if (!standstill.over()) {
            standstill.end(System.nanoTime());
            changed();
        }
    }

    private Request servable() {
        if (standing < harts.size() || serving != null) {
            return null;
        }
        for (Request request : requests) {
            if (request.posted || !off) {
                return request;
            }
        }
        return null;
    }

    /** Runs an action without the lock, alone. */
    private void serve(Request request) {
        requests.remove(request);
        serving = Thread.currentThread();
        request.standstill = standstill;
        lock.unlock();
        try {
            request.result = request.action.call();
        } catch (Throwable e) {
            request.failure = e;
        } finally {
            acquire();
            serving = null;
            request.done = true;
            update();
        }
    }

    /** Something that a waiting hart may wait for has happened. */
    void wake() {
        acquire();
        try {
            changed();
        } finally {
            lock.unlock();
        }
    }

    // The machine's side

    <T> Handshake<T> handshake(Callable<T> action) throws Exception {
        Request request = new Request(action, false);
        acquire();
        try {
            refuseOwnThread("handshake");
            refuseClosed();
            requests.add(request);
            update();
            while (!request.done) {
                if (closed && requests.remove(request)) {
                    refuseClosed();
                }
                if (off && serving == null && standing == harts.size() && requests.contains(request)) {
                    serve(request);
                } else {
                    awaitChange(FOREVER);
                }
            }
            Stop stop = awaitEnd(request.standstill, request.requested);
            return switch (request.failure) {
                case null -> new Handshake<>(result(request), stop);
                case Exception e -> throw e;
                case Error e -> throw e;
                default -> throw new IllegalStateException(request.failure);
            };
        } finally {
            lock.unlock();
        }
    }

    @SuppressWarnings("unchecked")
    private static <T> T result(Request request) {
        return (T) request.result;
    }

    /** Has hart 0 run an action as soon as all harts stand; nobody waits for it. */
    void post(Runnable action) {
        acquire();
        try {
            requests.add(new Request(() -> {
                action.run();
                return null;
            }, true));
            update();
        } finally {
            lock.unlock();
        }
    }

    Hold hold(String reason) {
        long requested = System.nanoTime();
        Object key = new Object();
        acquire();
        try {
            refuseOwnThread("hold");
            refuseClosed();
            holds.put(key, reason);
            update();
            awaitStanding(() -> true);
            if (closed) {
                holds.remove(key);
                refuseClosed();
            }
            return new HoldHere(key, requested, standstill);
        } finally {
            lock.unlock();
        }
    }

    private final class HoldHere implements Hold {
        private final Object key;
        private final long requested;
        private final Standstill mine;
        private Stop stop;

        HoldHere(Object key, long requested, Standstill mine) {
            this.key = key;
            this.requested = requested;
            this.mine = mine;
        }

        @Override
        public Stop release() {
            acquire();
            try {
                if (stop == null) {
                    refuseOwnThread("release of a hold");
                    holds.remove(key);
                    update();
                    stop = awaitEnd(mine, requested);
                }
                return stop;
            } finally {
                lock.unlock();
            }
        }
    }

    void pause() {
        change("pause", () -> {
            refuseOff("pause");
            paused = true;
        });
        locked(() -> awaitStanding(() -> paused && !off));
    }

    /** Does not wait. */
    void resume() {
        locked(() -> {
            refuseClosed();
            refuseOff("resume");
            paused = false;
            update();
        });
    }

    /** The end of {@code runTo}, on hart 0's thread. */
    void pauseHere() {
        locked(() -> {
            paused = true;
            update();
        });
    }

    void powerOn(boolean andPause) {
        locked(() -> {
            off = false;
            offReason = "";
            exitCode = 0;
            paused = andPause;
            update();
        });
    }

    /** From outside; returns when every hart stands. */
    void powerOff(String reason) {
        change("power off", () -> cutPower(reason, 0));
        locked(() -> awaitStanding(() -> off));
    }

    /** By the guest, on a hart thread, which stops at its next boundary. */
    void powerOffHere(int code) {
        locked(() -> {
            if (!off) {
                cutPower("powered off by the guest", code);
                update();
            }
        });
    }

    private void cutPower(String reason, int code) {
        off = true;
        paused = false;
        offReason = reason;
        exitCode = code;
    }

    /** A part is missing, or something failed: stands until {@link #thaw}. From outside, returns when every hart stands. */
    void freeze(Object key, String reason) {
        locked(() -> {
            missing.put(key, reason);
            update();
            if (!ownThread()) {
                awaitStanding(() -> true);
            }
        });
    }

    void thaw(Object key) {
        locked(() -> {
            missing.remove(key);
            update();
        });
    }

    /** Has all hart threads end and everyone who waits be told so. */
    void close() {
        locked(() -> {
            refuseOwnThread("destroy");
            closed = true;
            cutPower("destroyed", exitCode);
            update();
        });
    }

    Status status() {
        acquire();
        try {
            Power power = power();
            String reason = switch (power) {
                case OFF -> offReason;
                case FROZEN -> String.join("; ", missing.values());
                case PAUSED, RUNNING -> String.join("; ", holds.values());
            };
            return new Status(power, reason, exitCode);
        } finally {
            lock.unlock();
        }
    }

    boolean await(Power power, long nanos) throws InterruptedException {
        long end = System.nanoTime() + nanos;
        lock.lockInterruptibly();
        try {
            while (power() != power || (power != Power.RUNNING && standing < harts.size())) {
                long left = end - System.nanoTime();
                if (left <= 0) {
                    return false;
                }
                refuseClosed();
                changed.await(left, TimeUnit.NANOSECONDS);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** @throws MachineException unless harts stand, or are about to, until the caller or somebody else lets them go */
    void requireStanding(String what) {
        locked(() -> {
            if (lasting() || ownThread()) {
                awaitStanding(() -> true);
            } else {
                throw new MachineException("Machine " + machine + " runs: " + what + " needs a handshake, a hold or a pause");
            }
        });
    }

    // Under the lock

    private Power power() {
        return off ? Power.OFF : !missing.isEmpty() ? Power.FROZEN : paused ? Power.PAUSED : Power.RUNNING;
    }

    /** A reason to stand that lasts, unlike an action. */
    private boolean lasting() {
        return closed || off || paused || !missing.isEmpty() || !holds.isEmpty();
    }

    /** After every change of a reason, and when a hart comes to stand. */
    private void update() {
        boolean must = lasting() || serving != null || !requests.isEmpty();
        if (must && !mustStand) {
            beginStandstill();
        } else if (!must && mustStand) {
            mustStand = false;
            if (!standstill.over() && standing == harts.size() && harts.stream().noneMatch(HartThread::ready)) {
                standstill.end(System.nanoTime());
            }
        }
        clock.run(!(lasting() && standing == harts.size()));
        changed();
    }

    private void beginStandstill() {
        if (standstill.over()) {
            standstill = new Standstill();
            harts.stream().filter(HartThread::stands).forEach(hart -> standstill.hartStands(hart.leftEngine()));
        }
        mustStand = true;
        callHarts.run();
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // only under the lock
    private void changed() {
        version++;
        changed.signalAll();
    }

    /** Harts come here when the machine is given up, too. */
    private void awaitStanding(BooleanSupplier still) {
        while (standing < harts.size() && still.getAsBoolean()) {
            awaitChange(FOREVER);
        }
    }

    /** Waits for the first instruction after {@code mine}, unless something else keeps the machine. */
    private Stop awaitEnd(Standstill mine, long requested) {
        while (!mine.over() && !lasting()) {
            awaitChange(FOREVER);
        }
        return mine.since(requested);
    }

    /** Spins for some microseconds without the lock, then parks. May return early. */
    private void awaitChange(long nanos) {
        int seen = version;
        lock.unlock();
        try {
            long end = System.nanoTime() + Math.min(nanos, SPIN_NANOS);
            while (version == seen && System.nanoTime() - end < 0) {
                Thread.onSpinWait();
            }
        } finally {
            acquire();
        }
        if (version != seen) {
            return;
        }
        if (nanos == FOREVER) {
            changed.awaitUninterruptibly();
        } else if (nanos > SPIN_NANOS) {
            awaitNanos(nanos - SPIN_NANOS);
        }
    }

    private void awaitNanos(long nanos) {
        try {
            changed.await(nanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            // A hart's thread: nobody but an action of a handshake can have interrupted it, and that is over.
            assert Thread.currentThread() instanceof HartThread : e;
        }
    }

    private void change(String what, Runnable reason) {
        locked(() -> {
            refuseOwnThread(what);
            refuseClosed();
            reason.run();
            update();
        });
    }

    /** Takes the lock. Whoever has it lets go within a microsecond: parking would take tens of them, and the guest stands meanwhile. */
    private void acquire() {
        for (int i = 0; i < LOCK_SPINS; i++) {
            if (lock.tryLock()) {
                return;
            }
            Thread.onSpinWait();
        }
        lock.lock();
    }

    private void locked(Runnable body) {
        acquire();
        try {
            body.run();
        } finally {
            lock.unlock();
        }
    }

    private boolean ownThread() {
        return serving == Thread.currentThread() || harts.contains(Thread.currentThread());
    }

    private void refuseOwnThread(String what) {
        if (ownThread()) {
            throw new MachineException("Machine " + machine + ": " + what + " from its own thread would wait for itself");
        }
    }

    private void refuseClosed() {
        if (closed) {
            throw new MachineException("Machine " + machine + " was destroyed");
        }
    }

    private void refuseOff(String what) {
        if (off) {
            throw new MachineException("Machine " + machine + " is off (" + offReason + "): start it before " + what);
        }
    }
}
