package tidemark.bench.handshake;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import tidemark.api.machine.Machines;
import tidemark.api.machine.Parts;
import tidemark.api.shell.CommandError;
import tidemark.api.shell.ProgressLine;
import tidemark.api.shell.Screen;
import tidemark.bench.Choice;
import tidemark.report.Bystanders;
import tidemark.report.Host;

/** {@code bench handshake}. */
public final class HandshakeCommand {
    /** So many harts have work in the guests of this platform; further ones wait. */
    private static final int HARTS_OF_GUEST = 8;

    private static final String NAME = "bench:handshake";
    private final Machines machines;
    private final Parts parts;
    private final Screen screen;

    /** Names and numbers separated by commas; engines may be {@code all}. */
    public record Request(String guests, String harts, String engines, int count, int warmUpMs) {}

    public HandshakeCommand(Machines machines, Parts parts, Screen screen) {
        this.machines = machines;
        this.parts = parts;
        this.screen = screen;
    }

    /** Measures, and says whether the promise holds. */
    public HandshakeReport run(Request request) throws Exception {
        if (request.count < 1 || request.warmUpMs < 0) {
            throw new CommandError(NAME + ": give a --count of at least 1, and --warm-up of at least 0");
        }
        List<String> guests = parts.names("guest").stream().filter(name -> name.matches("(cg|ep|kernel)\\..*|storm")).toList();
        List<String> numbers = IntStream.rangeClosed(1, HARTS_OF_GUEST).mapToObj(Integer::toString).toList();
        HandshakeBench.Settings settings = new HandshakeBench.Settings(Choice.of(NAME + ": --cpu", request.engines, parts.names("cpu")),
                Choice.of(NAME + ": --guests", request.guests, guests),
                Choice.of(NAME + ": --harts", request.harts, numbers).stream().map(Integer::valueOf).toList(), request.count,
                Duration.ofMillis(request.warmUpMs));
        Host host = Host.ofThisProcess();
        screen.out().println(host);
        Bystanders bystanders = Bystanders.watch();
        List<Latencies> latencies;
        try (ProgressLine line = new ProgressLine(screen, NAME)) {
            latencies = new HandshakeBench(machines, parts, settings, line::show).run();
        }
        HandshakeReport report = new HandshakeReport(host, bystanders.cpus(), latencies);
        screen.out().println(Bystanders.sentence(report.othersCpus()) + "\n" + report.verdict() + "\n");
        return report;
    }
}
