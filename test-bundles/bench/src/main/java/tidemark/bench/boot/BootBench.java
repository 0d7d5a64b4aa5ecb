package tidemark.bench.boot;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tidemark.api.shell.CommandError;
import tidemark.bench.BenchCommands;
import tidemark.bench.Moment;
import tidemark.bench.TimedProcess;

/** Boots a guest by turns on every peer, so that a busy host is shared by all. */
final class BootBench {
    private static final Duration COUNTS_WITHIN = Duration.ofSeconds(30);
    private static final int SHOWN = 600;
    private static final Moment START = new Moment(Duration.ZERO, Duration.ZERO, Duration.ZERO);
    private final Pattern shell;
    private final Duration timeout;

    /** @param shell matches the output when the guest's shell has come */
    BootBench(Pattern shell, Duration timeout) {
        this.shell = shell;
        this.timeout = timeout;
    }

    List<BootRun> run(List<BootPeer> peers, int rounds, Consumer<String> progress) throws IOException, InterruptedException, CommandError {
        List<BootRun> runs = new ArrayList<>();
        for (int round = 1; round <= rounds; round++) {
            for (BootPeer peer : peers) {
                progress.accept("round " + round + " of " + rounds + ": " + peer.name());
                runs.add(boot(peer, round));
            }
        }
        return runs;
    }

    private BootRun boot(BootPeer peer, int round) throws IOException, InterruptedException, CommandError {
        try (TimedProcess process = peer.starting().start()) {
            Moment end = process.await(shell, timeout).orElseThrow(() -> failure(peer, process));
            if (peer.name().equals(BootPeer.QEMU)) {
                return new BootRun(peer.name(), round, START, end, 0);
            }
            Moment begin = process.await(BenchCommands.BEGIN, Duration.ZERO).orElseThrow(() -> failure(peer, process));
            return new BootRun(peer.name(), round, begin, end, instructions(peer, process));
        }
    }

    private long instructions(BootPeer peer, TimedProcess process) throws InterruptedException, CommandError {
        Matcher retired = BenchCommands.RETIRED.matcher(process.await(BenchCommands.RETIRED, COUNTS_WITHIN).map(at -> process.output()).orElse(""));
        if (!retired.find()) {
            throw failure(peer, process);
        }
        return Long.parseLong(retired.group(1));
    }

    private CommandError failure(BootPeer peer, TimedProcess process) {
        String output = process.output().strip();
        return new CommandError("bench:boot: the guest did not come to its shell on " + peer.name() + ": nothing matched '" + shell + "' within "
                + timeout.toSeconds() + " s; the last of its output:\n" + output.substring(Math.max(0, output.length() - SHOWN)));
    }
}
