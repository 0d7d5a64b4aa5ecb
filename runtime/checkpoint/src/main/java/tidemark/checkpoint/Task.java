package tidemark.checkpoint;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.api.checkpoint.CancelledException;
import tidemark.api.checkpoint.CheckpointException;
import tidemark.api.checkpoint.CheckpointReport;
import tidemark.api.checkpoint.CheckpointRequest;
import tidemark.api.checkpoint.CheckpointTask;
import tidemark.api.checkpoint.CopyStrategy;
import tidemark.api.checkpoint.ImageWriter;
import tidemark.api.checkpoint.Progress;
import tidemark.api.machine.Machine;
import tidemark.api.machine.MachineException;
import tidemark.api.machine.Parts;
import tidemark.api.state.StateException;

/** One checkpoint from its request to its report, on a thread of its own. */
final class Task implements CheckpointTask {
    private static final Logger LOG = LoggerFactory.getLogger(Task.class);
    private static final long LISTEN_MS = 100;
    private static final long GONE_SECONDS = 20;

    private final CheckpointRequest request;
    private final Machine machine;
    private final Parties parties;
    private final Meter meter = new Meter();
    private final ThreadTimes threads = new ThreadTimes();
    private final Course course;
    private final Session session;
    private final Thread thread;
    private final Thread starter = Thread.currentThread();
    private volatile boolean started;
    private final long window;
    private final CountDownLatch partsLeft = new CountDownLatch(1);
    private final CompletableFuture<CheckpointReport> outcome = new CompletableFuture<>();
    /** The outcome after all that is to be done then: whoever awaits a checkpoint finds it over. */
    private volatile CompletableFuture<CheckpointReport> over = outcome;

    /** Takes the parts into use and begins the image; nothing happens to the machine yet. */
    Task(CheckpointRequest request, Machine machine, Parts parts, BatchPool batches, Lineage lineage) throws CheckpointException {
        this.request = request;
        this.machine = machine;
        Settings platform = Settings.platform(request.options()).checkValues();
        window = TimeUnit.MILLISECONDS.toNanos(platform.get(Settings.RATE_WINDOW));
        long timeLimit = TimeUnit.MILLISECONDS.toNanos(platform.get(Settings.TIME_LIMIT));
        course = new Course(request.protocol(), meter, Settings.HARD_LIMIT_FACTOR * timeLimit);
        parties = new Parties(request, machine, parts, this::partGone);
        ImageWriter writer = null;
        try {
            CopyStrategy.Copier copier = openCopier();
            writer = parties.layout().create(request.image(), machine.memory().pages());
            session = new Session(parties, lineage, writer, copier, batches, course, meter, threads);
        } catch (CheckpointException | RuntimeException e) {
            if (writer != null) {
                writer.close();
            }
            parties.close();
            partsLeft.countDown();
            throw e;
        }
        thread = Thread.ofPlatform().daemon().name("checkpoint-" + request.machine()).unstarted(this::run);
    }

    private CopyStrategy.Copier openCopier() {
        Settings settings = parties.copierSettings();
        return parties.copier().open(new CopyStrategy.CopyContext() {
            @Override
            public long option(String name) {
                return settings.get(name);
            }

            @Override
            public long bytesCopied() {
                return meter.bytesCopied();
            }

            @Override
            public boolean guestStands() {
                return session.guestStands();
            }

            @Override
            public Thread newThread(String name, Runnable task) {
                return threads.newThread(name, task);
            }
        });
    }

    void start() {
        started = true;
        thread.start();
    }

    @Override
    public CheckpointRequest request() {
        return request;
    }

    @Override
    public Progress progress() {
        return meter.progress();
    }

    @Override
    public boolean isDone() {
        return over.isDone();
    }

    @Override
    public void cancel(String reason) {
        course.cancel(reason);
    }

    @Override
    public CheckpointReport await(Consumer<Progress> listener) throws CheckpointException, InterruptedException {
        while (true) {
            try {
                return over.get(LISTEN_MS, TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                listener.accept(progress());
            } catch (ExecutionException e) {
                throw (CheckpointException) e.getCause();
            }
        }
    }

    /** Calls {@code action} when all is over, before anyone learns that it is. Not after {@link #start}. */
    void whenDone(Runnable action) {
        over = over.whenComplete((report, failure) -> action.run());
    }

    /** A part of this checkpoint goes away: gives it up, and comes back when it is not used any more. */
    private void partGone(String part) {
        course.cancel("its " + part + " was stopped, updated or uninstalled");
        awaitPartsLeft();
    }

    /** Waits until no part is used and the machine is left alone, but not for ever. */
    void awaitPartsLeft() {
        Thread current = Thread.currentThread();
        if (current == thread || current == starter && !started) {
            return;
        }
        try {
            if (!partsLeft.await(GONE_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("Checkpoint of {} to {} still uses its parts after {} s", machine.name(), request.image(), GONE_SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        GuestSampler sampler = new GuestSampler(machine);
        try {
            CheckpointReport report = takeAndMeasure(sampler);
            meter.phase("done");
            LOG.info("{}: {} rounds, {} pages, latency {} ms, downtime {} ms (longest {} ms), {} bytes", title(), report.rounds(),
                    report.pagesCopied(), ms(report.latency()), ms(report.downtimeTotal()), ms(report.downtimeLongest()),
                    report.imageBytes());
            outcome.complete(report);
        } catch (CancelledException e) {
            meter.phase("cancelled");
            LOG.info(e.getMessage());
            outcome.completeExceptionally(e);
        } catch (CheckpointException e) {
            meter.phase("failed");
            // no warning, which a terminal would show beside the error: whoever awaits the checkpoint is told
            LOG.info(e.getMessage());
            outcome.completeExceptionally(e);
        } finally {
            sampler.close();
        }
    }

    private CheckpointReport takeAndMeasure(GuestSampler sampler) throws CheckpointException {
        Surroundings surroundings = new Surroundings(sampler.sample());
        rest(() -> course.sleep(window));
        GuestSampler.Point begin = sampler.sample();
        surroundings.begin(begin);
        meter.request(begin);
        takeWhole();
        GuestSampler.Point end = sampler.sample();
        rest(() -> machine.await(Machine.Power.OFF, Duration.ofNanos(window))); // a guest that ends has no rate from then on
        surroundings.after(end, sampler.sample());
        return meter.report(request, surroundings, threads.total(), sampler.samples(begin.time(), meter.oracleSpans()));
    }

    /** Takes the checkpoint; whatever happens, the guest goes on and no part is used afterwards. */
    private void takeWhole() throws CheckpointException {
        Throwable problem = null;
        long cpu = ThreadTimes.now();
        try (session) {
            session.take();
        } catch (Throwable t) {
            problem = t;
        } finally {
            threads.add(ThreadTimes.now() - cpu);
            meter.end();
            parties.close();
            partsLeft.countDown();
        }
        if (problem != null && course.isCommitted()) {
            LOG.warn("{}: the image is whole, but: {}", title(), text(problem), problem);
        } else if (problem != null) {
            throw failure(problem);
        }
    }

    private interface Rest {
        void await() throws InterruptedException;
    }

    /** Lets the guest run alone while its rate is measured. */
    private void rest(Rest rest) {
        try {
            rest.await();
        } catch (InterruptedException e) {
            LOG.debug("{}: measuring was cut short", title());
        }
    }

    private CheckpointException failure(Throwable problem) {
        Machine.Power power = machine.status().power();
        String guest = power == Machine.Power.RUNNING ? "the guest goes on" : "the machine is " + power.name().toLowerCase(Locale.ROOT);
        String end = "; " + guest + ", the unfinished image was removed";
        String unclean = Arrays.stream(problem.getSuppressed()).flatMap(s -> Arrays.stream(s.getSuppressed())).map(Task::text)
                .collect(Collectors.joining("; "));
        if (!unclean.isEmpty()) {
            end += "; cleaning up failed: " + unclean;
        }
        if (problem instanceof CancelledException) {
            return new CancelledException(title() + " was cancelled: " + problem.getMessage() + end);
        }
        return new CheckpointException(title() + " failed in " + meter.place() + ": " + text(problem) + end, problem);
    }

    private String title() {
        return "Checkpoint of " + request.machine() + " to " + request.image() + " by " + request.protocol();
    }

    /** What an exception says, with its class if that says more. */
    static String text(Throwable t) {
        boolean plain = t instanceof CheckpointException || t instanceof MachineException || t instanceof StateException
                || t.getClass() == IOException.class;
        return plain && t.getMessage() != null ? t.getMessage() : t.toString();
    }

    private static String ms(Duration duration) {
        return String.format(Locale.ROOT, "%.2f", duration.toNanos() / 1e6);
    }
}
