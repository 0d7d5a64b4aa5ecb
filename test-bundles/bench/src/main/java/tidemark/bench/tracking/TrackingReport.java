package tidemark.bench.tracking;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import tidemark.api.shell.Table;
import tidemark.api.shell.Tabular;
import tidemark.api.shell.Units;
import tidemark.bench.tracking.Series.Figure;
import tidemark.bench.tracking.Series.Turn;
import tidemark.report.Host;
import tidemark.report.Json;

/**
 * What {@code bench tracking} found.
 *
 * @param windowMs CPU time of the hart in each window
 * @param othersCpus how many CPUs of the host others kept busy meanwhile
 */
public record TrackingReport(Host host, long windowMs, double othersCpus, List<Series> series) implements Tabular {
    /** What tracking by write faults may cost at most, as a share of the guest's speed. */
    static final double PROMISE = 0.03;
    private static final String PROMISED = "writefault";
    /** sqrt(pi / 2) times a standard deviation, which is 1.4826 times half of the way between quartiles. */
    private static final double ERROR_OF_MEDIAN = Math.sqrt(Math.PI / 2) * 1.4826;

    /** The promised tracker where it costs most; empty if it was not measured. */
    Optional<Series> promised() {
        return series.stream().filter(s -> s.tracker().equals(PROMISED)).max(Comparator.comparing(Series::cost));
    }

    /** The promise and whether it holds, in a sentence; empty if it was not measured. */
    String verdict() {
        return promised().map(s -> String.format(Locale.ROOT, "Tracking by write faults costs at most %.1f %% of the guest's speed (±%.1f) outside of checkpoints; "
                + "promised are %.0f %%: %s", 100 * s.cost(), 100 * error(s), 100 * PROMISE, judgement(s))).orElse("");
    }

    private static String judgement(Series s) {
        if (s.cost() + error(s) <= PROMISE) {
            return "kept";
        }
        return s.cost() - error(s) > PROMISE ? "NOT KEPT" : "cannot be told from so few turns that differ so much";
    }

    /** The standard error of the median, were the turns distributed normally. */
    private static double error(Series s) {
        return ERROR_OF_MEDIAN * s.of(Turn::onVsNone).deviation() / Math.sqrt(s.windows().size());
    }

    @Override
    public Table table() {
        Table table = Table.withHead("engine", "guest", "tracker", "barrier", "MIPS, none", "off : none", "on : none", "on : off", "cost");
        for (Series s : series) {
            table.row(s.engine(), s.guest(), s.tracker(), s.barrier().toLowerCase(Locale.ROOT).replace('_', ' '), Units.digits(s.of(Turn::none).median()),
                    ratio(s.of(Turn::offVsNone)), ratio(s.of(Turn::onVsNone)), ratio(s.of(Turn::onVsOff)), String.format(Locale.ROOT, "%.1f %%", 100 * s.cost()));
        }
        return table;
    }

    private static String ratio(Figure figure) {
        return String.format(Locale.ROOT, "%.3f ±%.1f %%", figure.median(), 100 * figure.deviation());
    }

    /** As JSON. */
    public String json() {
        return Json.object(json -> {
            host.write(json);
            json.writeNumberField("othersCpus", othersCpus);
            json.writeNumberField("windowMs", windowMs);
            json.writeNumberField("promise", PROMISE);
            if (promised().isPresent()) {
                json.writeNumberField("writefaultCost", promised().get().cost());
            }
            json.writeArrayFieldStart("tracking");
            for (Series s : series) {
                write(json, s);
            }
            json.writeEndArray();
        });
    }

    private static void write(JsonGenerator json, Series s) throws IOException {
        json.writeStartObject();
        json.writeStringField("engine", s.engine());
        json.writeStringField("guest", s.guest());
        json.writeStringField("tracker", s.tracker());
        json.writeStringField("barrier", s.barrier());
        json.writeNumberField("cost", s.cost());
        figure(json, "offVsNone", s.of(Turn::offVsNone));
        figure(json, "onVsNone", s.of(Turn::onVsNone));
        figure(json, "onVsOff", s.of(Turn::onVsOff));
        mips(json, "mipsNone", s.windows(), Turn::none);
        mips(json, "mipsOff", s.windows(), Turn::off);
        mips(json, "mipsOn", s.windows(), Turn::on);
        json.writeEndObject();
    }

    private static void figure(JsonGenerator json, String name, Figure figure) throws IOException {
        json.writeNumberField(name, figure.median());
        json.writeNumberField(name + "Deviation", figure.deviation());
    }

    private static void mips(JsonGenerator json, String name, List<Turn> turns, ToDoubleFunction<Turn> mips) throws IOException {
        json.writeArrayFieldStart(name);
        for (Turn turn : turns) {
            json.writeNumber(mips.applyAsDouble(turn));
        }
        json.writeEndArray();
    }
}
