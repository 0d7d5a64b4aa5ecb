package tidemark.bench.cpu;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tidemark.api.shell.CommandError;
import tidemark.bench.BenchCommands;
import tidemark.bench.Moment;
import tidemark.bench.TimedProcess;
import tidemark.bench.TimedProcess.Line;
import tidemark.bench.cpu.KernelRun.Repetition;

/** Has peers run the same guests in turn, each in a process of its own from cold, one process at a time. */
final class CpuBench {
    private static final Duration REPETITION_LIMIT = Duration.ofMinutes(10);
    private static final Duration RUN_LIMIT = Duration.ofHours(2);
    private static final Pattern VERIFICATION = Pattern.compile("(?m)^ Verification +=\\s+(\\w+)$");
    private static final Pattern TRANSLATED = Pattern.compile("(?m)^Instructions in translated code: (\\d+)$");
    private static final int LAST_WORDS = 600;

    private final List<Peer> peers;
    private final Settings settings;
    private final Consumer<String> progress;

    /**
     * @param kernels without {@code kernel.}
     * @param runs how many processes for each kernel or guest and peer
     * @param percent how much a repetition computes
     */
    record Settings(List<String> kernels, List<String> guests, int runs, int percent, Steadiness steadiness) {}

    /** @param progress is told what is being measured */
    CpuBench(List<Peer> peers, Settings settings, Consumer<String> progress) {
        this.peers = peers;
        this.settings = settings;
        this.progress = progress;
    }

    List<KernelRun> kernels() throws IOException, InterruptedException, CommandError {
        List<KernelRun> runs = new ArrayList<>();
        for (String kernel : settings.kernels) {
            for (int round = 1; round <= settings.runs; round++) {
                for (Peer peer : inTurn(round)) {
                    tell("kernel", kernel, round, peer);
                    runs.add(repeat(kernel, peer, round));
                }
            }
        }
        return runs;
    }

    List<WholeRun> guests() throws IOException, InterruptedException, CommandError {
        List<WholeRun> runs = new ArrayList<>();
        for (String guest : settings.guests) {
            for (int round = 1; round <= settings.runs; round++) {
                for (Peer peer : inTurn(round)) {
                    tell("guest", guest, round, peer);
                    runs.add(run(guest, peer, round));
                }
            }
        }
        return runs;
    }

    /** Everyone, another one first in each round: what the host does meanwhile meets all alike. */
    private List<Peer> inTurn(int round) {
        List<Peer> order = new ArrayList<>(peers);
        Collections.rotate(order, 1 - round);
        return order;
    }

    private void tell(String kind, String name, int round, Peer peer) {
        progress.accept(String.format(Locale.ROOT, "%s %s, run %d of %d, %s", kind, name, round, settings.runs, peer.name()));
    }

    private KernelRun repeat(String kernel, Peer peer, int round) throws IOException, InterruptedException, CommandError {
        Steadiness steadiness = settings.steadiness;
        try (TimedProcess process = peer.start().guest("kernel." + kernel, "repetitions=1000000 percent=" + settings.percent)) {
            List<Repetition> repetitions = new ArrayList<>();
            boolean steady = false;
            while (!steady && !steadiness.isOverdue(repetitions)) {
                Pattern next = Pattern.compile("(?m)^repetition " + (repetitions.size() + 1) + " .*\n");
                if (process.await(next, REPETITION_LIMIT).isEmpty()) {
                    throw failed(kernel, peer, process);
                }
                repetitions = process.lines().stream().map(Repetition::of).flatMap(Optional::stream).toList();
                steady = steadiness.reached(repetitions, peer.warmUp());
            }
            return new KernelRun(kernel, peer.name(), round, repetitions, steadiness.block(), steady);
        }
    }

    private WholeRun run(String guest, Peer peer, int round) throws IOException, InterruptedException, CommandError {
        try (TimedProcess process = peer.start().guest(guest, "")) {
            TimedProcess.End end = process.awaitEnd(RUN_LIMIT).filter(e -> e.exitCode() == 0).orElseThrow(() -> failed(guest, peer, process));
            Duration thread = process.lines().stream().map(Line::at).map(Moment::thread).max(Duration::compareTo).orElse(Duration.ZERO);
            return new WholeRun(guest, peer.name(), round, end.wall(), thread, end.all(), Long.parseLong(last(BenchCommands.RETIRED, process).orElse("0")),
                    Long.parseLong(last(TRANSLATED, process).orElse("0")), last(VERIFICATION, process).orElse(""));
        }
    }

    private static Optional<String> last(Pattern pattern, TimedProcess process) {
        return pattern.matcher(process.output()).results().map(match -> match.group(1)).reduce((earlier, later) -> later);
    }

    private static CommandError failed(String guest, Peer peer, TimedProcess process) {
        String output = process.output().strip();
        return new CommandError("bench:cpu: " + guest + " does not run on " + peer.name() + "; its last words: "
                + output.substring(Math.max(0, output.length() - LAST_WORDS)));
    }
}
