package tidemark.bench.cpu;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import tidemark.bench.Figure;
import tidemark.bench.Statistics;
import tidemark.report.Host;

/**
 * What {@code bench cpu} found. Speeds are compared run by run, with the peer's run of the same round; the median of those ratios counts.
 *
 * @param othersCpus how many CPUs of the host others kept busy meanwhile
 * @param percent how much a repetition computed
 */
record CpuReport(Host host, double othersCpus, Peers peers, int percent, List<KernelRun> kernelRuns, List<WholeRun> wholeRuns) {
    List<String> kernels() {
        return kernelRuns.stream().map(KernelRun::kernel).distinct().toList();
    }

    List<String> guests() {
        return wholeRuns.stream().map(WholeRun::guest).distinct().toList();
    }

    List<String> names() {
        return peers.present().stream().map(Peer::name).toList();
    }

    boolean has(String peer) {
        return names().contains(peer);
    }

    /** The guest instructions of a repetition, as an engine counts them; empty if none took part. */
    OptionalDouble instructions(String kernel) {
        return kernelRuns.stream().filter(run -> run.kernel().equals(kernel) && isEngine(run.peer()))
                .mapToDouble(run -> run.repetitions().getFirst().instructions()).findFirst();
    }

    /** Those of a whole run, likewise. */
    OptionalDouble instructionsOfGuest(String guest) {
        return wholeRuns.stream().filter(run -> run.guest().equals(guest) && run.instructions() > 0).mapToDouble(WholeRun::instructions).findFirst();
    }

    private boolean isEngine(String peer) {
        return peers.present().stream().anyMatch(p -> p.name().equals(peer) && p.isEngine());
    }

    /** Guest instructions for each microsecond of the computing thread's CPU time; NaN if none counted them. */
    double mips(String kernel, String peer) {
        return mipsFigure(kernel, peer).value();
    }

    /** With the spread of the times. */
    Figure mipsFigure(String kernel, String peer) {
        Figure seconds = threadSeconds(kernel, peer);
        return new Figure(instructions(kernel).orElse(Double.NaN) / 1e6 / seconds.value(), seconds.spread(), seconds.runs());
    }

    Figure threadSeconds(String kernel, String peer) {
        return Figure.of(of(kernel, peer).mapToDouble(KernelRun::threadSeconds).toArray());
    }

    Figure wallSeconds(String guest, String peer) {
        return Figure.of(ofGuest(guest, peer).mapToDouble(run -> run.wall().toNanos() / 1e9).toArray());
    }

    Figure cpuSeconds(String guest, String peer) {
        return Figure.of(ofGuest(guest, peer).mapToDouble(run -> run.all().toNanos() / 1e9).toArray());
    }

    /** How much of a whole run's instructions a peer executes as translated code, in percent; NaN of one that is no engine. */
    Figure translatedPercent(String guest, String peer) {
        return Figure.of(ofGuest(guest, peer).filter(run -> run.instructions() > 0).mapToDouble(WholeRun::translatedPercent).toArray());
    }

    /** How many times as fast as {@code base} a peer is when steady, by CPU time of the computing thread. */
    Figure steady(String kernel, String peer, String base) {
        return ratio(of(kernel, peer).toList(), of(kernel, base).toList(), KernelRun::threadSeconds);
    }

    /** How many times as fast as {@code base} a peer has the result from cold, by the clock on the wall. */
    Figure cold(String guest, String peer, String base) {
        return ratio(ofGuest(guest, peer).toList(), ofGuest(guest, base).toList(), run -> run.wall().toNanos());
    }

    double steadyGeometricMean(String peer, String base) {
        return Statistics.geometricMean(kernels().stream().mapToDouble(kernel -> steady(kernel, peer, base).value()).toArray());
    }

    private Stream<KernelRun> of(String kernel, String peer) {
        return kernelRuns.stream().filter(run -> run.kernel().equals(kernel) && run.peer().equals(peer));
    }

    private Stream<WholeRun> ofGuest(String guest, String peer) {
        return wholeRuns.stream().filter(run -> run.guest().equals(guest) && run.peer().equals(peer));
    }

    private static <T> Figure ratio(List<T> peer, List<T> base, ToDoubleFunction<T> time) {
        double[] ratios = new double[Math.min(peer.size(), base.size())];
        for (int round = 0; round < ratios.length; round++) {
            ratios[round] = time.applyAsDouble(base.get(round)) / time.applyAsDouble(peer.get(round));
        }
        return Figure.of(ratios);
    }

    /** What makes figures worthless, a sentence each: results that are not the same everywhere. */
    List<String> failures() {
        List<String> failures = new ArrayList<>();
        for (String kernel : kernels()) {
            TreeSet<String> results = new TreeSet<>();
            TreeSet<String> counts = new TreeSet<>();
            kernelRuns.stream().filter(run -> run.kernel().equals(kernel)).forEach(run -> run.repetitions().forEach(repetition -> {
                results.add(repetition.checksum() + " on " + run.peer());
                if (isEngine(run.peer())) {
                    counts.add(repetition.instructions() + " on " + run.peer());
                }
            }));
            differ("checksums of kernel " + kernel, results).ifPresent(failures::add);
            differ("instructions of a repetition of kernel " + kernel, counts).ifPresent(failures::add);
        }
        wholeRuns.stream().filter(run -> !run.isRight()).forEach(run -> failures.add("guest " + run.guest() + " on " + run.peer() + " says of its result: "
                + (run.verification().isEmpty() ? "nothing" : run.verification())));
        return failures;
    }

    private static Optional<String> differ(String what, TreeSet<String> found) {
        long different = found.stream().map(text -> text.substring(0, text.indexOf(' '))).distinct().count();
        return different > 1 ? Optional.of("The " + what + " differ: " + String.join(", ", found)) : Optional.empty();
    }

    /** What makes figures doubtful, a sentence each. */
    List<String> doubts() {
        List<String> doubts = new ArrayList<>();
        kernelRuns.stream().filter(run -> !run.isSteady()).map(run -> "Kernel " + run.kernel() + " on " + run.peer()
                + " was not steady yet when its time was over, in run " + run.round()).forEach(doubts::add);
        List<Figure> figures = new ArrayList<>();
        for (String peer : names()) {
            kernels().forEach(kernel -> doubt("Kernel " + kernel + " on " + peer, threadSeconds(kernel, peer), figures, doubts));
            guests().forEach(guest -> doubt("Guest " + guest + " on " + peer, wallSeconds(guest, peer), figures, doubts));
        }
        if (figures.stream().anyMatch(figure -> figure.runs() < Figure.LEAST_RUNS)) {
            doubts.add("Some figures are of fewer than " + Figure.LEAST_RUNS + " processes: one odd run decides them");
        }
        return doubts;
    }

    private static void doubt(String what, Figure figure, List<Figure> figures, List<String> doubts) {
        if (figure.runs() > 0) {
            figures.add(figure);
        }
        if (figure.isDoubtful()) {
            doubts.add(String.format(Locale.ROOT, "%s: its %d runs differ by %.0f %%", what, figure.runs(), 100 * figure.difference()));
        }
    }
}
