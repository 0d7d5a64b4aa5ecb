package tidemark.bench.handshake;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import tidemark.api.machine.Machine;
import tidemark.api.machine.Machines;
import tidemark.api.machine.Parts;
import tidemark.api.machine.Stop;
import tidemark.bench.Load;

/** Stops computing guests again and again, at random moments, and measures how soon they stand. */
final class HandshakeBench {
    /** Between two handshakes, on average. */
    private static final double MEAN_GAP_NANOS = 1e6;
    private static final double LONGEST_GAP_NANOS = 20e6;
    private static final double NANOS_PER_MS = 1e6;

    private final Machines machines;
    private final Parts parts;
    private final Settings settings;
    private final Consumer<String> progress;
    private final Random random = new Random(1);

    /**
     * @param harts for guests that use them all; the others have one
     * @param count handshakes of each
     */
    record Settings(List<String> engines, List<String> guests, List<Integer> harts, int count, Duration warmUp) {}

    /** @param progress is told what is being measured */
    HandshakeBench(Machines machines, Parts parts, Settings settings, Consumer<String> progress) {
        this.machines = machines;
        this.parts = parts;
        this.settings = settings;
        this.progress = progress;
    }

    List<Latencies> run() throws Exception {
        List<Latencies> all = new ArrayList<>();
        for (int harts : settings.harts) {
            progress.accept("control, " + harts + " threads");
            all.add(control(harts));
        }
        for (String engine : settings.engines) {
            for (String guest : settings.guests) {
                for (int harts : Load.usesAllHarts(guest) ? settings.harts : List.of(1)) {
                    progress.accept(engine + ", guest " + guest + ", harts " + harts);
                    all.add(measure(engine, guest, harts));
                }
            }
        }
        return all;
    }

    private Latencies control(int threads) {
        Latencies latencies = new Latencies("", "control", threads, 0, new ArrayList<>(), List.of());
        try (Control control = new Control(threads)) {
            for (int n = 0; n < settings.count; n++) {
                pauseBetween();
                latencies.standing().add(control.call() / NANOS_PER_MS);
            }
        }
        return latencies;
    }

    private Latencies measure(String engine, String guest, int harts) throws Exception {
        List<Double> standing = new ArrayList<>();
        List<Double> stood = new ArrayList<>();
        try (Load load = Load.of(machines, parts, "load", guest, engine, harts)) {
            load.go();
            Thread.sleep(settings.warmUp);
            double instructions = 0;
            double nanos = 0;
            while (standing.size() < settings.count) {
                load.go();
                long retired = load.machine().instructions();
                long begin = System.nanoTime();
                shake(load, standing, stood);
                instructions += load.machine().instructions() - retired;
                nanos += System.nanoTime() - begin;
            }
            return new Latencies(engine, guest, harts, instructions * 1e3 / nanos, standing, stood);
        }
    }

    /** Until there are enough, or the guest comes to its end. */
    private void shake(Load load, List<Double> standing, List<Double> stood) throws Exception {
        Machine machine = load.machine();
        while (standing.size() < settings.count && load.isRunning()) {
            pauseBetween();
            Stop stop = machine.handshake(() -> null).stop();
            if (load.isRunning()) {
                standing.add(stop.latency().toNanos() / NANOS_PER_MS);
                stood.add(stop.downtime().toNanos() / NANOS_PER_MS);
            }
        }
    }

    /** Exponentially distributed, so that no rhythm of the guest is met always at the same place. */
    private void pauseBetween() {
        LockSupport.parkNanos((long) Math.min(LONGEST_GAP_NANOS, -MEAN_GAP_NANOS * Math.log(1 - random.nextDouble())));
    }
}
