package tidemark.bench.tracking;

import java.time.Duration;
import java.util.List;
import tidemark.api.machine.Machines;
import tidemark.api.machine.Parts;
import tidemark.api.shell.CommandError;
import tidemark.api.shell.ProgressLine;
import tidemark.api.shell.Screen;
import tidemark.bench.Choice;
import tidemark.report.Bystanders;
import tidemark.report.Host;

/** {@code bench tracking}. */
public final class TrackingCommand {
    private static final String NAME = "bench:tracking";
    private final Machines machines;
    private final Parts parts;
    private final Screen screen;

    /** Names separated by commas, or {@code all}. */
    public record Request(String guests, String trackers, String engines, int turns, int windowMs, int warmUpMs) {}

    public TrackingCommand(Machines machines, Parts parts, Screen screen) {
        this.machines = machines;
        this.parts = parts;
        this.screen = screen;
    }

    /** Measures, and says whether the promise holds. */
    public TrackingReport run(Request request) throws Exception {
        if (request.turns < 1 || request.windowMs < 1 || request.warmUpMs < 0) {
            throw new CommandError(NAME + ": give --turns and --window of at least 1, and --warm-up of at least 0");
        }
        List<String> guests = parts.names("guest").stream().filter(name -> name.matches("(cg|ep|kernel)\\..*|storm")).toList();
        TrackingBench.Settings settings = new TrackingBench.Settings(Choice.of(NAME + ": --cpu", request.engines, parts.names("cpu")),
                Choice.of(NAME + ": --guests", request.guests, guests), Choice.of(NAME + ": --trackers", request.trackers, parts.names("tracker")),
                request.turns, Duration.ofMillis(request.windowMs), Duration.ofMillis(request.warmUpMs));
        Host host = Host.ofThisProcess();
        screen.out().println(host);
        Bystanders bystanders = Bystanders.watch();
        List<Series> series;
        try (ProgressLine line = new ProgressLine(screen, NAME)) {
            series = new TrackingBench(machines, parts, settings, line::show).run();
        }
        TrackingReport report = new TrackingReport(host, request.windowMs, bystanders.cpus(), series);
        screen.out().println(Bystanders.sentence(report.othersCpus()) + "\n" + report.verdict() + "\n");
        return report;
    }
}
