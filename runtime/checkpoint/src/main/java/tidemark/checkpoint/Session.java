package tidemark.checkpoint;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.api.checkpoint.CheckpointException;
import tidemark.api.checkpoint.CheckpointReport.Round;
import tidemark.api.checkpoint.CheckpointSession;
import tidemark.api.checkpoint.CopyStrategy;
import tidemark.api.checkpoint.ImageWriter;
import tidemark.api.checkpoint.PageBatch;
import tidemark.api.checkpoint.Progress;
import tidemark.api.checkpoint.SideMemory;
import tidemark.api.machine.Machine;
import tidemark.api.memory.DirtyLog;
import tidemark.api.memory.PageSet;
import tidemark.api.memory.PhysicalMemory;
import tidemark.api.memory.WriteGuard;

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
    private final ImageSink image;
    private final CopyStrategy.Copier copier;
    private final PageCopier pages;
    private final Meter meter;
    private final ThreadTimes threads;
    private final Course course;
    private final Stops stops;
    private final long maxRounds;
    private final long timeLimit;

    /** Pages that neither image nor side memory has, or has older than the guest by the epochs that were collected. */
    private final PageSet missing;
    private final BatchPool batches;
    private final long sideMemory;
    private final String onNoConvergence;
    private final Throttle throttle;
    /** Null until it is asked for. */
    private Side side;
    /** Made before the guest stands, if there was time; else null. */
    private byte[] protectionTable;
    /** Null while no page is protected. */
    private Protection protection;
    /** The round that slices run beside; null if there is none. */
    private BesideRound besideRound;
    private final Tracking tracking;
    /** Whether {@link #missing} is the whole truth: the guest stands and its last epoch was collected. */
    private boolean epochsCollected;
    private long lastTick = System.nanoTime() - TimeUnit.HOURS.toNanos(1);
    /** Null before it. */
    private Instant instant;

    Session(Parties parties, Lineage lineage, ImageWriter writer, CopyStrategy.Copier copier, BatchPool batches, Course course, Meter meter,
            ThreadTimes threads)
            throws CheckpointException {
        this.parties = parties;
        this.machine = parties.machine();
        this.memory = machine.memory();
        this.writer = writer;
        this.copier = copier;
        this.course = course;
        this.meter = meter;
        image = new ImageSink(writer, meter);
        this.threads = threads;
        Settings platform = Settings.platform(parties.request().options());
        maxRounds = platform.get(Settings.MAX_ROUNDS);
        timeLimit = TimeUnit.MILLISECONDS.toNanos(platform.get(Settings.TIME_LIMIT));
        onNoConvergence = platform.word(Settings.ON_NO_CONVERGENCE);
        throttle = new Throttle(machine, meter, threads);
        sideMemory = platform.get(Settings.SIDE_MEMORY) << 20;
        this.batches = batches;
        stops = new Stops(machine, meter, threads);
        tracking = new Tracking(parties, lineage, stops);
        pages = new PageCopier(memory, image, copier, batches, meter, course::goesOn);
        missing = PageSet.all(memory.pages());
    }

    // The verbs

    @Override
    public PageSet allPages() {
        return PageSet.all(memory.pages());
    }

    @Override
    public PageSet owed() throws CheckpointException {
        return course.verb("owed", missing::copy);
    }

    @Override
    public void startLog() throws CheckpointException {
        course.verb("startLog", () -> {
            Course.require(!tracking.isOn(), "the log has begun already");
            Course.require(instant == null, "the image's instant is over");
            if (!stops.paused()) {
                missing.addAll(allPages());
            }
            tracking.begin();
            epochsCollected = stops.paused();
            meter.beginEpoch();
            return null;
        });
    }

    @Override
    public PageSet sinceParent() throws CheckpointException {
        return course.verb("sinceParent", () -> {
            Course.require(tracking.isOn() && meter.rounds() == 0, "it belongs behind startLog");
            tracking.joinLineage().ifPresent(written -> {
                missing.clear();
                missing.addAll(written);
            });
            return missing.copy();
        });
    }

    @Override
    public void copy(PageSet set) throws CheckpointException {
        course.verb("copy", () -> {
            requireConsistent();
            endRound();
            meter.beginRound(set.size(), stops.paused());
            if (side != null) {
                set.forEach(side.kept::drop);
            }
            pages.copy(set, tracking.log());
            if (protection != null) {
                protection.finish(set, image, course::goesOn);
            }
            missing.removeAll(set);
            if (missing.isEmpty()) {
                endProtection();
            }
            endRound();
            return null;
        });
    }

    @Override
    public void copyBeside(PageSet set, Duration period, Slice slice) throws CheckpointException {
        course.verb("copyBeside", () -> {
            Course.require(!stops.areStanding(), "the guest stands");
            Course.require(tracking.isOn(), "no log tells what the guest writes; startLog first");
            endRound();
            meter.beginRound(set.size(), false);
            missing.removeAll(set); // now: slices find what is written while it is copied
            pages.maySkip();
            // The log is not told of these copies: what a slice puts into side memory comes later in the image, and is what it has to know of.
            besideRound = new BesideRound(() -> pages.copyOrSkip(set, DirtyLog.NONE), course);
            try {
                besideRound.begin(threads, machine.name());
                while (!besideRound.awaitEnd(period) && stops.handshake("slice", slice::run)) {
                    course.goesOn();
                }
                besideRound.awaitEnd();
            } finally {
                besideRound = null;
            }
            endRound();
            return null;
        });
    }

    @Override
    public void skip(PageSet set) throws CheckpointException {
        course.verb("skip", () -> {
            Course.require(besideRound != null && stops.areStanding(), "it belongs into a slice of copyBeside");
            pages.skip(set);
            set.forEach(page -> {
                if (side == null || !side.kept.has(page)) {
                    missing.add(page);
                }
            });
            return null;
        });
    }

    @Override
    public SideMemory sideMemory() throws CheckpointException {
        return course.verb("sideMemory", () -> {
            if (side == null) {
                side = new Side(new KeptPages(memory, (int) (sideMemory >>> PhysicalMemory.PAGE_SHIFT)));
            }
            return side;
        });
    }

    /** Side memory, whose verbs are as the session's. */
    private final class Side implements SideMemory {
        final KeptPages kept;

        Side(KeptPages kept) {
            this.kept = kept;
        }

        @Override
        public void put(PageSet set) throws CheckpointException {
            course.verb("put", () -> {
                Course.require(stops.areStanding(), "the guest runs; put pages in a slice or a pause");
                Course.require(instant == null, "the image's instant is over");
                DirtyLog log = tracking.log();
                set.forEach(page -> {
                    if (kept.put(page)) {
                        log.copied(page, kept.addressOf(page));
                        missing.remove(page);
                    } else {
                        missing.add(page);
                    }
                });
                return null;
            });
        }

        @Override
        public void copyToImage() throws CheckpointException {
            course.verb("copyToImage", () -> {
                Course.require(besideRound == null, "pages are being copied");
                endRound();
                meter.beginRound(kept.size(), stops.paused());
                kept.writeTo(image, batches, course::goesOn);
                endRound();
                return null;
            });
        }
    }

    @Override
    public void copySlice(PageSet pending, long maxBytes, Duration maxTime) throws CheckpointException {
        course.verb("copySlice", () -> {
            requireConsistent();
            Course.require(protection == null, "pages are protected; copy them");
            if (!meter.inRound()) {
                meter.beginRound(pending.size(), stops.paused());
            }
            pages.slice(pending, maxBytes, maxTime.toNanos(), tracking.log(), missing);
            if (pending.isEmpty()) {
                endRound();
            }
            return null;
        });
    }

    @Override
    public void everyTick(Duration period, Slice slice) throws CheckpointException {
        course.verb("everyTick", () -> {
            Course.require(!stops.paused(), "the guest is paused");
            boolean more = true;
            while (more) {
                course.sleep(lastTick + period.toNanos() - System.nanoTime());
                course.goesOn();
                lastTick = System.nanoTime();
                more = stops.handshake("slice", slice::run);
            }
            return null;
        });
    }

    @Override
    public PageSet nextEpoch() throws CheckpointException {
        return course.verb("nextEpoch", () -> {
            Course.require(tracking.isOn(), "no log has begun");
            if (besideRound == null) {
                endRound();
            }
            PageSet dirty = tracking.endEpoch();
            missing.addAll(dirty);
            epochsCollected = stops.paused();
            meter.endEpoch(tracking.epochEnd(), dirty.size());
            return dirty;
        });
    }

    @Override
    public boolean converged(PageSet pending) throws CheckpointException {
        return course.verb("converged", () -> {
            Progress progress = meter.progress(pending.size());
            String rule = reached(progress);
            if (!rule.isEmpty()) {
                LOG.debug("Checkpoint of {}: copying ends by {}", machine.name(), rule);
                meter.copyingEndedBy(rule);
            }
            return !rule.isEmpty();
        });
    }

    /** The rule by which copying ends, or nothing. */
    private String reached(Progress progress) throws CheckpointException {
        if (parties.stop().reached(progress, parties.stopSettings()::get)) {
            return "stop condition " + parties.request().stop();
        }
        String bound = bound(progress, 1);
        if (onNoConvergence.equals(Settings.THROTTLE) && bound.isEmpty() && !bound(progress, 2).isEmpty()) {
            throttle.raise();
        }
        if (onNoConvergence.equals(Settings.CANCEL) && !bound.isEmpty() && progress.pendingPages() > 0) {
            throw new CheckpointException("it does not converge: " + bound + " is reached, " + progress.pendingPages() + " pages are still to be copied and "
                    + Math.round(progress.dirtyPagesPerSecond()) + " are written per second; allow more, or leave out " + Settings.ON_NO_CONVERGENCE + "=cancel");
        }
        return bound;
    }

    /** The bound that is reached when it is divided by {@code part}, or nothing. */
    private String bound(Progress progress, int part) {
        if (meter.rounds() >= maxRounds / part) {
            return Settings.MAX_ROUNDS + "=" + maxRounds;
        }
        return progress.elapsed().toNanos() >= timeLimit / part ? Settings.TIME_LIMIT + "=" + TimeUnit.NANOSECONDS.toMillis(timeLimit) : "";
    }

    @Override
    public void pause() throws CheckpointException {
        course.verb("pause", () -> {
            Course.require(!stops.paused(), "the guest is paused already");
            endRound();
            throttle.end();
            meter.phase("pause");
            if (instant == null && !tracking.isOn()) {
                missing.addAll(allPages());
                protectionTable = Protection.table(memory); // the guest need not stand for it, if pages are going to be protected
            }
            stops.pause("checkpoint to " + parties.request().image().getFileName());
            epochsCollected = !tracking.isOn();
            return null;
        });
    }

    @Override
    public void saveDevices() throws CheckpointException {
        course.verb("saveDevices", () -> {
            Course.require(stops.paused(), "the guest runs; pause it first");
            Course.require(instant == null, "the devices are saved already");
            Course.require(epochsCollected, "end the last epoch first, the guest may have written since");
            if (machine.status().power() == Machine.Power.OFF) {
                throw new CheckpointException("machine " + machine.name() + " was powered off meanwhile");
            }
            tracking.instant();
            instant = new Instant(parties, stops);
            return null;
        });
    }

    @Override
    public void protect() throws CheckpointException {
        course.verb("protect", () -> {
            Course.require(instant != null, "save the devices first");
            Course.require(stops.paused(), "the guest runs; the instant is over");
            Course.require(protection == null, "the pages are protected already");
            byte[] table = protectionTable == null ? Protection.table(memory) : protectionTable;
            protectionTable = null;
            protection = new Protection(memory, missing, table, batches, (int) Math.max(1, sideMemory / PageBatch.MAX_PAGES / PhysicalMemory.PAGE_SIZE));
            pages.protection(protection);
            memory.writeGuard(protection);
            machine.flushWrites();
            return null;
        });
    }

    @Override
    public void resume() throws CheckpointException {
        course.verb("resume", () -> {
            Course.require(stops.paused(), "the guest is not paused");
            Course.require(instant == null || missing.isEmpty() || protection != null, "the image would lack the last bytes of " + missing
                    + "; copy them before devices are saved, or protect them");
            stops.resume();
            return null;
        });
    }

    @Override
    public void commit() throws CheckpointException {
        course.verb("commit", () -> {
            Course.require(instant != null, "save the devices first");
            Course.require(!course.isCommitted(), "the image is published already");
            Course.require(missing.isEmpty(), "the image would lack the last bytes of " + missing);
            Course.require(side == null || side.kept.isEmpty(), "pages are in side memory only; copy them to the image");
            meter.phase("commit");
            instant.publish(writer, tracking.parent(), meter, course);
            meter.durable(writer.bytes(), GuestSampler.Point.of(machine));
            tracking.published(parties.request().image(), instant.id());
            return null;
        });
    }

    @Override
    public long option(String name) {
        return parties.protocolSettings().get(name);
    }

    @Override
    public String word(String name) {
        return parties.protocolSettings().word(name);
    }

    @Override
    public Progress progress() {
        return meter.progress();
    }

    // What the task needs

    /** Any thread. */
    boolean guestStands() {
        return stops.paused();
    }

    /** Runs the protocol on this thread. */
    void take() throws CheckpointException, InterruptedException {
        course.protocolBegins();
        try {
            course.goesOn();
            parties.protocol().take(this);
        } catch (Throwable t) {
            course.goesOn();
            throw t;
        } finally {
            course.protocolEnds();
        }
        course.goesOn();
        if (!course.isCommitted()) {
            throw new CheckpointException("protocol " + parties.request().protocol() + " returned without a commit");
        }
    }

    /**
     * Lets the guest go on, untracked; removes the image unless it is published. Every step is tried whatever happened to the ones before.
     */
    @Override
    public void close() throws CheckpointException {
        CheckpointException problem = new CheckpointException("Cleaning up after a checkpoint of " + machine.name());
        course.end();
        attempt(problem, this::endProtection);
        attempt(problem, throttle::end);
        // Threads first: they use the log and RAM.
        attempt(problem, copier::close);
        attempt(problem, () -> {
            if (!threads.join(THREADS_END)) {
                throw new CheckpointException("threads of the copy strategy still run");
            }
        });
        attempt(problem, tracking::end);
        attempt(problem, tracking::forget);
        attempt(problem, stops::resume);
        attempt(problem, writer::close);
        if (side != null) {
            meter.sideMemory(side.kept.peakBytes());
            attempt(problem, side.kept::close);
        }
        if (instant != null) {
            attempt(problem, instant::closeProof);
            attempt(problem, instant::closeNeeds);
        }
        if (problem.getSuppressed().length > 0) {
            throw problem;
        }
    }

    // Inside

    private static void attempt(CheckpointException problem, Stops.Work step) {
        try {
            step.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            problem.addSuppressed(e);
        } catch (Exception | LinkageError e) {
            problem.addSuppressed(e);
        }
    }

    private void requireConsistent() throws Exception {
        Course.require(stops.paused() || tracking.isOn() || protection != null, instant == null
                ? "the guest runs and no log tells what it writes; pause or startLog first" : "the image's instant is over");
    }

    private void endRound() {
        Round round = meter.endRound();
        if (round != null) {
            LOG.debug("Checkpoint of {}: round {}, {} pages in {} ms{}", machine.name(), round.number(), round.pages(),
                    round.length().toMillis(), round.paused() ? ", paused" : "");
        }
    }

    /** Writers need not ask any more. */
    private void endProtection() {
        if (protection != null) {
            protection.end();
            memory.writeGuard(WriteGuard.NONE);
            pages.protection(null);
            meter.protection(protection.stalls(), protection.peakBytes());
            protection = null;
        }
    }
}
