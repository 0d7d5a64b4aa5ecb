package tidemark.bench.tracking;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import tidemark.api.machine.Machine;
import tidemark.api.machine.MachineSpec;
import tidemark.api.machine.Machines;
import tidemark.api.machine.Parts;
import tidemark.api.memory.DirtyLog;
import tidemark.api.memory.DirtyTracker;
import tidemark.bench.Load;
import tidemark.bench.tracking.Series.Turn;

/**
 * Measures what trackers cost where nobody takes a checkpoint. Two machines run the same guest and take turns: one that is never tracked, one that is tracked
 * every other time.
 */
final class TrackingBench {
    private static final int ATTEMPTS = 20;
    private static final int MOST_WARM_UPS = 10;
    private static final double ALIKE = 1.1;
    private static final Duration LOOK = Duration.ofMillis(10);

    private final Machines machines;
    private final Parts parts;
    private final Settings settings;
    private final Consumer<String> progress;

    /**
     * @param turns how many windows of each kind count
     * @param window CPU time of a hart, as is {@code warmUp}: both last longer on a host that is busy
     * @param warmUp each machine computes for at least twice so long before anything counts, and again with each tracker
     */
    record Settings(List<String> engines, List<String> guests, List<String> trackers, int turns, Duration window, Duration warmUp) {}

    /** @param progress is told what is being measured */
    TrackingBench(Machines machines, Parts parts, Settings settings, Consumer<String> progress) {
        this.machines = machines;
        this.parts = parts;
        this.settings = settings;
        this.progress = progress;
    }

    List<Series> run() throws Exception {
        List<Series> all = new ArrayList<>();
        for (String engine : settings.engines) {
            for (String guest : settings.guests) {
                all.addAll(measure(engine, guest));
            }
        }
        return all;
    }

    private List<Series> measure(String engine, String guest) throws Exception {
        List<Series> all = new ArrayList<>();
        try (Load plain = Load.of(machines, parts, "plain", guest, engine, 1); Load tracked = Load.of(machines, parts, "tracked", guest, engine, 1)) {
            progress.accept(engine + ", guest " + guest + ", warm-up");
            warmUp(plain, tracked);
            for (String tracker : settings.trackers) {
                progress.accept(engine + ", guest " + guest + ", tracker " + tracker);
                all.add(measure(plain, tracked, tracker));
            }
        }
        return all;
    }

    /** Until neither becomes faster and both are alike, as they must be while none is tracked; or for as long as is bearable. */
    private void warmUp(Load plain, Load tracked) throws Exception {
        double former = 0;
        for (int n = 0; n < MOST_WARM_UPS; n++) {
            double one = window(plain, settings.warmUp).mips();
            double other = window(tracked, settings.warmUp).mips();
            if (Math.max(one, other) < ALIKE * Math.min(one, other) && one + other < ALIKE * former) {
                return;
            }
            former = one + other;
        }
    }

    private Series measure(Load plain, Load tracked, String name) throws Exception {
        try (Parts.Use<DirtyTracker> use = parts.use(DirtyTracker.class, "tracker", name, () -> { })) {
            MachineSpec spec = tracked.machine().spec();
            Series series = new Series(spec.cpu(), spec.guest(), name, barrier(tracked.machine(), use.part()), new ArrayList<>());
            trackedWindow(tracked, use.part(), settings.warmUp);
            for (int turn = 0; turn < settings.turns; turn++) {
                double none = window(plain, settings.window).mips();
                double off = window(tracked, settings.window).mips();
                double on = trackedWindow(tracked, use.part(), settings.window).mips();
                series.windows().add(new Turn(none, off, on));
            }
            return series;
        }
    }

    private static String barrier(Machine machine, DirtyTracker tracker) throws Exception {
        DirtyLog log = tracker.open(machine.memory());
        try {
            return log.barrier().name();
        } finally {
            log.close();
        }
    }

    /** Opens a log and takes it away again, as a checkpoint session does. What the first write to each page costs is in the window. */
    private static Window trackedWindow(Load load, DirtyTracker tracker, Duration length) throws Exception {
        Machine machine = load.machine();
        DirtyLog log = standing(machine, () -> install(machine, tracker.open(machine.memory())));
        try {
            return window(load, length);
        } finally {
            standing(machine, () -> install(machine, DirtyLog.NONE));
            log.close();
        }
    }

    private static <T> T standing(Machine machine, Callable<T> action) throws Exception {
        return machine.handshake(action).result();
    }

    private static DirtyLog install(Machine machine, DirtyLog log) {
        machine.memory().dirtyLog(log);
        machine.flushWrites();
        return log;
    }

    /** Lets a machine run for so much of its hart's CPU time. If the guest comes to its end meanwhile, again. */
    private static Window window(Load load, Duration length) throws Exception {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            load.go();
            Window begin = Window.now(load.machine());
            Window window = begin.since(begin);
            while (load.isRunning() && window.nanos() < length.toNanos()) {
                Thread.sleep(LOOK);
                window = Window.now(load.machine()).since(begin);
            }
            if (load.isRunning()) {
                load.stand();
                return window;
            }
        }
        throw new IllegalStateException("Guest " + load.machine().spec().guest() + " does not compute for as long as " + length.toMillis()
                + " ms: give a shorter window or a larger class");
    }
}
