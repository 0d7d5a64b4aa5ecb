package tidemark.machine;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.api.machine.Handshake;
import tidemark.api.machine.Hold;
import tidemark.api.machine.Machine.Power;
import tidemark.api.machine.Machine.Status;
import tidemark.api.machine.MachineException;
import tidemark.api.machine.Stop;

/**
 * Where the harts of one machine stand: they pass at each boundary, and stay while there is a reason to. Runs the actions of handshakes, one
 * at a time. A hart that waits for an interrupt stands too, so that it need not be woken for a handshake.
 */
final class Gate {
    private static final Logger LOG = LoggerFactory.getLogger(Gate.class);

    private final String machine;
    private final MachineClock clock;
    private final Runnable callHarts;
    private final BriefLock lock = new BriefLock();
    private volatile boolean mustStand = true;

    private final List<HartThread> harts = new ArrayList<>();
    private final Reasons reasons = new Reasons();
    private final ArrayDeque<Request> requests = new ArrayDeque<>();
    private int standing;
    private Standstill standstill = new Standstill();
    /** The lengths of those that are over, in ns. */
    private long stood;
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

    /** Before its thread starts. */
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
        lock.lock();
        try {
            come(hart);
            while (!reasons.closed()) {
                Request request = hart.first() ? servable() : null;
                if (request != null) {
                    serve(request);
                } else if (!mustStand && hart.ready()) {
                    go(hart);
                    return true;
                } else {
                    lock.awaitChange(mustStand ? BriefLock.FOREVER : hart.idleNanos());
                }
            }
            return false;
        } finally {
            lock.unlock();
        }
    }

    private void come(HartThread hart) {
        hart.stands(true);
        standing++;
        standstill.hartStands(hart.leftEngine());
        update();
    }

    private void go(HartThread hart) {
        hart.stands(false);
        standing--;
        if (!standstill.over()) {
            endStandstill();
            lock.changed();
        }
    }

    /** What hart 0 has to run now, or null. */
    private Request servable() {
        if (standing < harts.size() || serving != null) {
            return null;
        }
        for (Request request : requests) {
            if (request.posted ? !reasons.held() : !reasons.off()) {
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
            lock.lock();
            serving = null;
            request.done = true;
            update();
        }
    }

    /** Something that a waiting hart may wait for has happened. */
    void wake() {
        lock.locked(lock::changed);
    }

    // Handshakes and holds

    <T> Handshake<T> handshake(Callable<T> action) throws Exception {
        Request request = new Request(action, false);
        lock.lock();
        try {
            refuseOwnThread("handshake");
            refuseClosed();
            requests.add(request);
            update();
            awaitDone(request);
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

    /** While the machine is off, the caller runs its action. */
    private void awaitDone(Request request) {
        Patience patience = new Patience();
        while (!request.done) {
            if (reasons.closed() && requests.remove(request)) {
                refuseClosed();
            }
            if (reasons.off() && serving == null && standing == harts.size() && requests.contains(request)) {
                serve(request);
            } else if (!patience.wait(lock)) {
                requests.remove(request);
                update();
                throw new MachineException(patience.said(machine, keepers()));
            }
        }
    }

    /** The threads that everybody waits for: harts that do not come to a boundary, or who does not end an action. Never empty while somebody waits. */
    private List<Thread> keepers() {
        return serving != null ? List.of(serving) : harts.stream().filter(hart -> !hart.stands()).map(Thread.class::cast).toList();
    }

    @SuppressWarnings("unchecked")
    private static <T> T result(Request request) {
        return (T) request.result;
    }

    /** Has hart 0 run an action as soon as all harts stand; nobody waits for it. */
    void post(Runnable action) {
        Request request = new Request(() -> {
            action.run();
            return null;
        }, true);
        change(() -> requests.add(request));
    }

    Hold hold(String reason) {
        HeldHere hold = new HeldHere();
        lock.locked(() -> {
            refuseOwnThread("hold");
            refuseClosed();
            reasons.hold(hold, reason);
            update();
            awaitStandingOr(() -> reasons.release(hold), () -> true);
            refuseClosed();
            hold.standstill = standstill;
        });
        return hold;
    }

    private final class HeldHere implements Hold {
        private final long requested = System.nanoTime();
        private Standstill standstill;
        private Stop stop;

        @Override
        public Stop release() {
            lock.locked(() -> {
                if (stop == null) {
                    refuseOwnThread("release of a hold");
                    reasons.release(this);
                    update();
                    stop = awaitEnd(standstill, requested);
                }
            });
            return stop;
        }
    }

    // Reasons to stand

    void pause() {
        lock.locked(() -> {
            refuseOwnThread("pause");
            refuseClosed();
            refuseOff("pause");
            reasons.pause("");
            update();
            awaitStandingOr(reasons::resume, () -> reasons.paused());
        });
    }

    /**
     * By the machine itself, on any thread; does not wait.
     *
     * @param reason empty if it is the end of {@code runTo}
     * @return whether it runs or was paused without a reason
     */
    boolean pauseHere(String reason) {
        boolean[] news = new boolean[1];
        change(() -> news[0] = !reasons.off() && reasons.pause(reason));
        return news[0];
    }

    /** Does not wait. */
    void resume() {
        change(() -> {
            refuseClosed();
            refuseOff("resume");
            reasons.resume();
        });
    }

    void powerOn(boolean andPause) {
        change(() -> reasons.powerOn(andPause));
    }

    /** From outside; returns when every hart stands. */
    void powerOff(String reason) {
        lock.locked(() -> {
            refuseOwnThread("power off");
            refuseClosed();
            reasons.powerOff(reason, 0);
            update();
            awaitStanding(() -> reasons.off());
        });
    }

    /** By the guest, on a hart thread, which stops at its next boundary. */
    void powerOffHere(int code) {
        change(() -> {
            if (!reasons.off()) {
                reasons.powerOff("powered off by the guest", code);
            }
        });
    }

    /**
     * A part is missing, or something failed: stands until {@link #thaw}. From outside, returns when every hart stands, or does not come to stand: it will
     * then as soon as it comes.
     */
    void freeze(Object key, String reason) {
        lock.locked(() -> {
            reasons.freeze(key, reason);
            update();
            try {
                awaitStanding(() -> !ownThread());
            } catch (MachineException e) {
                LOG.error("Frozen later: {}", e.getMessage());
            }
        });
    }

    void thaw(Object key) {
        change(() -> reasons.thaw(key));
    }

    /** Has all hart threads end and everyone who waits be told so. */
    void close() {
        change(() -> {
            refuseOwnThread("destroy");
            reasons.close();
        });
    }

    private void change(Runnable reason) {
        lock.locked(() -> {
            reason.run();
            update();
        });
    }

    /** @throws MachineException while somebody else holds the machine and counts on what it is made of */
    void refuseHeld(String what) {
        lock.locked(() -> {
            if (reasons.held()) {
                throw new MachineException("Machine " + machine + " is held (" + reasons.status().reason() + "): " + what + " has to wait for the end of that");
            }
        });
    }

    // What outsiders see

    Status status() {
        Status[] status = new Status[1];
        lock.locked(() -> status[0] = reasons.status());
        return status[0];
    }

    Duration stood() {
        long[] nanos = new long[1];
        lock.locked(() -> nanos[0] = stood + (standstill.over() ? 0 : standstill.length()));
        return Duration.ofNanos(nanos[0]);
    }

    boolean await(Power power, long nanos) throws InterruptedException {
        lock.lock();
        try {
            long left = nanos;
            while (reasons.power() != power || (power != Power.RUNNING && standing < harts.size())) {
                refuseClosed();
                if (left <= 0) {
                    return false;
                }
                left = lock.awaitChangeInterruptibly(left);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** @throws MachineException unless harts stand, or are about to, until the caller or somebody else lets them go */
    void requireStanding(String what) {
        lock.locked(() -> {
            if (!reasons.any() && !ownThread()) {
                throw new MachineException("Machine " + machine + " runs: " + what + " needs a handshake, a hold or a pause");
            }
            awaitStanding(() -> true);
        });
    }

    // Under the lock

    /** After every change of a reason, and when a hart comes to stand. */
    private void update() {
        boolean must = reasons.any() || serving != null || !requests.isEmpty();
        if (must && !mustStand) {
            beginStandstill();
        } else if (!must && mustStand) {
            mustStand = false;
            if (!standstill.over() && standing == harts.size() && harts.stream().noneMatch(HartThread::ready)) {
                endStandstill();
            }
        }
        clock.run(!(reasons.any() && standing == harts.size()));
        lock.changed();
    }

    private void beginStandstill() {
        if (standstill.over()) {
            standstill = new Standstill();
            harts.stream().filter(HartThread::stands).forEach(hart -> standstill.hartStands(hart.leftEngine()));
        }
        mustStand = true;
        callHarts.run();
    }

    private void endStandstill() {
        standstill.end(System.nanoTime());
        stood += standstill.length();
    }

    /** Nor does an action run then, except for the caller's own. Harts come here when the machine is given up, too. */
    private void awaitStanding(BooleanSupplier still) {
        Patience patience = new Patience();
        while ((standing < harts.size() || serving != null && !ownThread()) && still.getAsBoolean()) {
            if (!patience.wait(lock)) {
                throw new MachineException(patience.said(machine, keepers()));
            }
        }
    }

    /** What was asked for is withdrawn if the machine does not stand in time. */
    private void awaitStandingOr(Runnable withdraw, BooleanSupplier still) {
        try {
            awaitStanding(still);
        } catch (MachineException e) {
            withdraw.run();
            update();
            throw e;
        }
    }

    /** Waits for the first instruction after {@code mine}, unless something else keeps the machine. */
    private Stop awaitEnd(Standstill mine, long requested) {
        while (!mine.over() && !reasons.any()) {
            lock.awaitChange(BriefLock.FOREVER);
        }
        return mine.since(requested);
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
        if (reasons.closed()) {
            throw new MachineException("Machine " + machine + " was destroyed");
        }
    }

    private void refuseOff(String what) {
        if (reasons.off()) {
            throw new MachineException("Machine " + machine + " is off (" + reasons.offReason() + "): start it before " + what);
        }
    }
}
