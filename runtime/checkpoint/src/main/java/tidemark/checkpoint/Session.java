package tidemark.checkpoint;

import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.api.checkpoint.CancelledException;
import tidemark.api.checkpoint.CheckpointException;
import tidemark.api.checkpoint.CheckpointReport.Round;
import tidemark.api.checkpoint.CheckpointSession;
import tidemark.api.checkpoint.CopyStrategy;
import tidemark.api.checkpoint.ImageWriter;
import tidemark.api.checkpoint.Progress;
import tidemark.api.machine.Handshake;
import tidemark.api.machine.Hold;
import tidemark.api.machine.Machine;
import tidemark.api.machine.MachineException;
import tidemark.api.memory.DirtyLog;
import tidemark.api.memory.PageSet;
import tidemark.api.memory.PhysicalMemory;
import tidemark.api.state.State;

/**
 * The verbs, in any order that yields a whole image. It knows of every page whether the image has it as the guest does, so that no
 * protocol can publish an image that is not complete.
 */
final class Session implements CheckpointSession, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Session.class);
    private static final Duration THREADS_END = Duration.ofSeconds(10);

    private final Parties parties;
    private final Machine machine;
    private final PhysicalMemory memory;
    private final ImageWriter writer;
    private final CopyStrategy.Copier copier;
    private final PageCopier pages;
    private final Meter meter;
    private final ThreadTimes threads;
    private final long maxRounds;
    private final long timeLimit;
    private final String id = UUID.randomUUID().toString();
    private final CountDownLatch cancelled = new CountDownLatch(1);

    /** Pages that the image lacks, or has older than the guest by the epochs that were collected. */
    private final PageSet missing;
    private volatile DirtyLog log = DirtyLog.NONE;
    private Hold hold;
    /** Whether {@link #missing} is the whole truth: the guest stands and its last epoch was collected. */
    private boolean epochsCollected;
    private long oracleInPause;
    private long lastTick = System.nanoTime() - TimeUnit.HOURS.toNanos(1);
    private List<State> states;
    private long instructions;
    private Oracle oracle;

    private volatile CheckpointException failure;
    private volatile String cancelReason;
    private volatile boolean publishing;
    private volatile boolean committed;
    /** The thread of the protocol while it runs; and how many verbs it is in, one inside the other. */
    private Thread protocolThread;
    private int depth;

    Session(Parties parties, ImageWriter writer, CopyStrategy.Copier copier, BatchPool batches, Meter meter, ThreadTimes threads) throws CheckpointException {
        this.parties = parties;
        this.machine = parties.machine();
        this.memory = machine.memory();
        this.writer = writer;
        this.copier = copier;
        this.meter = meter;
        this.threads = threads;
        pages = new PageCopier(memory, writer, copier, batches, meter, this::goesOn);
        maxRounds = parties.platform().number(Settings.MAX_ROUNDS, 1);
        timeLimit = TimeUnit.MILLISECONDS.toNanos(parties.platform().number(Settings.TIME_LIMIT, 1));
        missing = PageSet.all(memory.pages());
    }

    // The verbs

    @Override
    public PageSet allPages() {
        return PageSet.all(memory.pages());
    }

    @Override
    public void startLog() throws CheckpointException {
        verb("startLog", () -> {
            require(log == DirtyLog.NONE, "the log has begun already");
            require(states == null, "the image's instant is over");
            if (memory.dirtyLog() != DirtyLog.NONE) {
                throw new CheckpointException("RAM of " + machine.name() + " is tracked already, by " + memory.dirtyLog());
            }
            if (hold == null) {
                missing.addAll(allPages());
            }
            standing("start", () -> {
                log = parties.tracker().open(memory);
                memory.dirtyLog(log);
                machine.flushWrites();
                return null;
            });
            epochsCollected = hold != null;
            meter.beginEpoch();
            return null;
        });
    }

    @Override
    public void copy(PageSet set) throws CheckpointException {
        verb("copy", () -> {
            requireConsistent();
            endRound();
            meter.beginRound(set.size(), hold != null);
            pages.copy(set, log);
            missing.removeAll(set);
            endRound();
            return null;
        });
    }

    @Override
    public void copySlice(PageSet pending, long maxBytes, Duration maxTime) throws CheckpointException {
        verb("copySlice", () -> {
            requireConsistent();
            if (!meter.inRound()) {
                meter.beginRound(pending.size(), hold != null);
            }
            pages.slice(pending, maxBytes, maxTime.toNanos(), log, missing);
            if (pending.isEmpty()) {
                endRound();
            }
            return null;
        });
    }

    @Override
    public void everyTick(Duration period, Slice slice) throws CheckpointException {
        verb("everyTick", () -> {
            require(hold == null, "the guest is paused");
            boolean more = true;
            while (more) {
                sleep(lastTick + period.toNanos() - System.nanoTime());
                goesOn();
                lastTick = System.nanoTime();
                more = handshake("slice", slice::run);
            }
            return null;
        });
    }

    @Override
    public PageSet nextEpoch() throws CheckpointException {
        return verb("nextEpoch", () -> {
            require(log != DirtyLog.NONE, "no log has begun");
            endRound();
            long end = standing("epoch", () -> {
                log.flip();
                machine.flushWrites();
                return System.nanoTime();
            });
            PageSet dirty = PageSet.none(memory.pages());
            log.collect(dirty);
            missing.addAll(dirty);
            epochsCollected = hold != null;
            meter.endEpoch(end, dirty.size());
            return dirty;
        });
    }

    @Override
    public boolean converged(PageSet pending) throws CheckpointException {
        return verb("converged", () -> {
            Progress progress = meter.progress(pending.size());
            if (meter.rounds() >= maxRounds || progress.elapsed().toNanos() >= timeLimit) {
                LOG.debug("Checkpoint of {}: the bound of {} rounds or {} ms is reached", machine.name(), maxRounds, timeLimit / 1_000_000);
                return true;
            }
            return parties.stop().reached(progress, parties.stopSettings()::get);
        });
    }

    @Override
    public void pause() throws CheckpointException {
        verb("pause", () -> {
            require(hold == null, "the guest is paused already");
            endRound();
            meter.phase("pause");
            hold = machine.hold("checkpoint to " + parties.request().image().getFileName());
            oracleInPause = 0;
            epochsCollected = log == DirtyLog.NONE;
            if (states == null && log == DirtyLog.NONE) {
                missing.addAll(allPages());
            }
            return null;
        });
    }

    @Override
    public void saveDevices() throws CheckpointException {
        verb("saveDevices", () -> {
            require(hold != null, "the guest runs; pause it first");
            require(states == null, "the devices are saved already");
            require(epochsCollected, "end the last epoch first, the guest may have written since");
            if (machine.status().power() == Machine.Power.OFF) {
                throw new CheckpointException("machine " + machine.name() + " was powered off meanwhile");
            }
            endLog();
            instructions = machine.instructions();
            states = machine.saveState();
            if (parties.request().oracle()) {
                outOfFigures(() -> oracle = Oracle.of(id, memory, states));
            }
            return null;
        });
    }

    @Override
    public void resume() throws CheckpointException {
        verb("resume", () -> {
            require(hold != null, "the guest is not paused");
            release();
            return null;
        });
    }

    @Override
    public void commit() throws CheckpointException {
        verb("commit", () -> {
            require(states != null, "save the devices first");
            require(!committed, "the image is published already");
            require(missing.isEmpty(), "the image would lack the last bytes of " + missing);
            meter.phase("commit");
            writer.writeStates(states);
            if (oracle != null) {
                outOfFigures(() -> oracle.write(parties.request().image()));
            }
            beginPublishing();
            writer.publish(Manifest.of(id, parties.request(), machine, instructions, meter));
            committed = true;
            meter.durable(writer.bytes(), machine.instructions());
            return null;
        });
    }

    @Override
    public String option(String name) {
        return parties.protocolSettings().get(name);
    }

    @Override
    public long number(String name) throws CheckpointException {
        return parties.protocolSettings().number(name, 0);
    }

    @Override
    public Progress progress() {
        return meter.progress();
    }

    // What the task needs

    boolean isCommitted() {
        return committed;
    }

    /** Runs the protocol on this thread. */
    void take() throws CheckpointException, InterruptedException {
        protocolThread(Thread.currentThread());
        try {
            goesOn();
            parties.protocol().take(this);
        } catch (Throwable t) {
            goesOn();
            throw t;
        } finally {
            protocolThread(null);
        }
        goesOn();
        if (!committed) {
            throw new CheckpointException("protocol " + parties.request().protocol() + " returned without a commit");
        }
    }

    /** Asks the verbs to end at the next chunk, and wakes a protocol that waits outside of them; a verb is never interrupted: that would close the image's file. */
    synchronized void cancel(String reason) {
        if (publishing || cancelReason != null) {
            return;
        }
        cancelReason = reason;
        cancelled.countDown();
        if (protocolThread != null && depth == 0) {
            protocolThread.interrupt();
        }
    }

    boolean isCancelled() {
        return cancelReason != null;
    }

    /** Sleeps, but not on after {@link #cancel}. */
    void sleep(long nanos) throws InterruptedException {
        if (nanos > 0) {
            cancelled.await(nanos, TimeUnit.NANOSECONDS);
        }
    }

    /** Lets the guest go on, untracked; removes the image unless it is published. Every step is tried whatever happened to the ones before. */
    @Override
    public void close() throws CheckpointException {
        CheckpointException problem = new CheckpointException("Cleaning up after a checkpoint of " + machine.name());
        if (failure == null && !committed) {
            failure = new CheckpointException("the checkpoint is over");
        }
        // Threads first: they use the log and RAM.
        attempt(problem, copier::close);
        attempt(problem, () -> {
            if (!threads.join(THREADS_END)) {
                throw new CheckpointException("threads of the copy strategy still run");
            }
        });
        attempt(problem, this::endLog);
        attempt(problem, this::release);
        attempt(problem, writer::close);
        if (oracle != null && !committed) {
            attempt(problem, () -> Files.deleteIfExists(Oracle.file(parties.request().image())));
        }
        if (problem.getSuppressed().length > 0) {
            throw problem;
        }
    }

    // Inside

    @FunctionalInterface
    private interface Step {
        void run() throws Exception;
    }

    private static void attempt(CheckpointException problem, Step step) {
        try {
            step.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            problem.addSuppressed(e);
        } catch (Exception | LinkageError e) {
            problem.addSuppressed(e);
        }
    }

    /** Throws if the checkpoint shall end. Any thread. */
    private void goesOn() throws CheckpointException {
        if (cancelReason != null && !committed) {
            throw new CancelledException(cancelReason);
        }
        if (failure != null) {
            throw failure;
        }
        if (!committed && meter.elapsed() > Settings.HARD_LIMIT_FACTOR * timeLimit) {
            throw new CheckpointException("it is not done after " + Settings.HARD_LIMIT_FACTOR + " times " + Settings.TIME_LIMIT + "=" + timeLimit / 1_000_000);
        }
    }

    /** Runs a verb. After one has failed none works: no protocol can go on to publish what is incomplete. */
    private <T> T verb(String name, Callable<T> body) throws CheckpointException {
        enter();
        try {
            return body.call();
        } catch (Throwable t) {
            failure = asFailure(name, t);
            throw failure;
        } finally {
            leave();
        }
    }

    private synchronized void enter() throws CheckpointException {
        goesOn();
        depth++;
    }

    private synchronized void leave() {
        depth--;
    }

    private CheckpointException asFailure(String verb, Throwable t) {
        if (failure != null) {
            return failure;
        }
        if (t instanceof OutOfOrder) {
            return new CheckpointException("protocol " + parties.request().protocol() + " called " + verb + " out of order: " + t.getMessage(), t);
        }
        if (cancelReason != null && !publishing) {
            return new CancelledException(cancelReason);
        }
        return t instanceof CheckpointException e ? e : new CheckpointException(verb + ": " + Task.text(t), t);
    }

    private synchronized void protocolThread(Thread thread) {
        protocolThread = thread;
        if (thread == null && cancelReason != null && Thread.interrupted()) {
            LOG.trace("Interrupted to cancel");
        }
    }

    private synchronized void beginPublishing() throws CheckpointException {
        goesOn();
        publishing = true;
    }

    private void requireConsistent() throws OutOfOrder {
        require(hold != null || log != DirtyLog.NONE, states == null
                ? "the guest runs and no log tells what it writes; pause or startLog first" : "the image's instant is over");
    }

    private static void require(boolean condition, String otherwise) throws OutOfOrder {
        if (!condition) {
            throw new OutOfOrder(otherwise);
        }
    }

    /** A verb that does not fit what happened before. */
    private static final class OutOfOrder extends Exception {
        private static final long serialVersionUID = 1L;

        OutOfOrder(String message) {
            super(message);
        }
    }

    private void endRound() {
        Round round = meter.endRound();
        if (round != null) {
            LOG.debug("Checkpoint of {}: round {}, {} pages in {} ms{}", machine.name(), round.number(), round.pages(), round.length().toMillis(),
                    round.paused() ? ", paused" : "");
        }
    }

    /** Runs an action while no hart does: now, if the guest is paused, or else at a handshake. */
    private <T> T standing(String kind, Callable<T> action) throws Exception {
        return hold != null ? action.call() : handshake(kind, action);
    }

    private <T> T handshake(String kind, Callable<T> action) throws Exception {
        Handshake<T> done = machine.handshake(() -> {
            long cpu = ThreadTimes.now();
            try {
                return action.call();
            } finally {
                meter.hartTime(ThreadTimes.now() - cpu);
            }
        });
        meter.stopped(kind, done.stop(), 0);
        return done.result();
    }

    private void endLog() throws Exception {
        if (log == DirtyLog.NONE) {
            return;
        }
        DirtyLog former = log;
        log = DirtyLog.NONE;
        try {
            standing("end", () -> {
                memory.dirtyLog(DirtyLog.NONE);
                machine.flushWrites();
                former.close();
                return null;
            });
        } catch (MachineException e) {
            LOG.debug("Machine {} is gone, its log goes too: {}", machine.name(), e.getMessage());
            former.close();
        }
    }

    private void release() {
        if (hold != null) {
            Hold held = hold;
            hold = null;
            meter.stopped("pause", held.release(), oracleInPause);
        }
    }

    /** Does the oracle's work, which counts in none of the checkpoint's figures. */
    private void outOfFigures(Step work) throws Exception {
        long begin = System.nanoTime();
        long cpu = ThreadTimes.now();
        work.run();
        long nanos = System.nanoTime() - begin;
        threads.add(cpu - ThreadTimes.now());
        meter.oracle(nanos, hold != null);
        oracleInPause += hold != null ? nanos : 0;
    }
}
