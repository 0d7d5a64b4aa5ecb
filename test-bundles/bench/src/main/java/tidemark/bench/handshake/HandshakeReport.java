package tidemark.bench.handshake;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleUnaryOperator;
import tidemark.api.shell.Table;
import tidemark.api.shell.Tabular;
import tidemark.api.shell.Units;
import tidemark.report.Host;
import tidemark.report.Json;

/**
 * What {@code bench handshake} found.
 *
 * @param othersCpus how many CPUs of the host others kept busy meanwhile
 */
public record HandshakeReport(Host host, double othersCpus, List<Latencies> latencies) implements Tabular {
    /** Milliseconds within which the harts of a guest, if there is a processor for each, are to stand in all but one of a thousand cases. */
    static final double PROMISE_MS = 5;
    private static final List<Quantile> QUANTILES = List.of(new Quantile("p50", 0.5), new Quantile("p99", 0.99), new Quantile("p99.9", 0.999),
            new Quantile("max", 1));

    private record Quantile(String name, double share) {}

    /** The promise and whether it holds, in a sentence, and another on guests with more harts than there are processors, if there were such; empty if nothing was measured. */
    String verdict() {
        return (judged() + crowded()).strip();
    }

    private String judged() {
        double worst = worst(false, false);
        return Double.isNaN(worst) ? "" : String.format(Locale.ROOT, "All harts stand within %s ms of the request in 99.9 %% of all cases, whatever the guest; "
                + "promised are %.0f ms: %s%s.%n", Units.digits(worst), PROMISE_MS, worst <= PROMISE_MS ? "kept" : "NOT KEPT", control(false));
    }

    /** Harts that wait for a processor stand when the host's scheduler lets them: nothing is promised of those. */
    private String crowded() {
        double worst = worst(false, true);
        return Double.isNaN(worst) ? "" : String.format(Locale.ROOT, "With more harts than processors, for which they wait: within %s ms%s.", Units.digits(worst),
                control(true));
    }

    private String control(boolean crowded) {
        double worst = worst(true, crowded);
        return Double.isNaN(worst) ? "" : String.format(Locale.ROOT, " (threads of this host that do nothing but answer: %s ms)", Units.digits(worst));
    }

    private double worst(boolean control, boolean crowded) {
        return latencies.stream().filter(l -> l.isControl() == control && l.harts() > host.cpus() == crowded)
                .mapToDouble(l -> l.standing(0.999)).max().orElse(Double.NaN);
    }

    @Override
    public Table table() {
        Table table = Table.withHead("engine", "guest", "harts", "MIPS", "p50", "p99", "p99.9", "max", "stood p50", "stood p99.9", "handshakes");
        for (Latencies l : latencies) {
            table.row(l.isControl() ? "host alone" : l.engine(), l.guest(), l.harts(), l.isControl() ? "-" : Units.digits(l.mips()), ms(l.standing(0.5)),
                    ms(l.standing(0.99)), ms(l.standing(0.999)), ms(l.standing(1)), ms(l.stood(0.5)), ms(l.stood(0.999)), l.standing().size());
        }
        return table;
    }

    private static String ms(double ms) {
        return Double.isNaN(ms) ? "-" : String.format(Locale.ROOT, "%.3f ms", ms);
    }

    /** As JSON. */
    public String json() {
        return Json.object(json -> {
            host.write(json);
            json.writeNumberField("othersCpus", othersCpus);
            json.writeNumberField("promiseMs", PROMISE_MS);
            json.writeArrayFieldStart("handshake");
            for (Latencies l : latencies) {
                write(json, l);
            }
            json.writeEndArray();
        });
    }

    private static void write(JsonGenerator json, Latencies l) throws IOException {
        json.writeStartObject();
        json.writeStringField("engine", l.isControl() ? "control" : l.engine());
        json.writeStringField("guest", l.guest());
        json.writeNumberField("harts", l.harts());
        json.writeNumberField("mips", l.mips());
        json.writeNumberField("handshakes", l.standing().size());
        quantiles(json, "standingMs", l::standing);
        if (!l.stood().isEmpty()) {
            quantiles(json, "stoodMs", l::stood);
        }
        json.writeEndObject();
    }

    private static void quantiles(JsonGenerator json, String field, DoubleUnaryOperator of) throws IOException {
        json.writeObjectFieldStart(field);
        for (Quantile quantile : QUANTILES) {
            json.writeNumberField(quantile.name, of.applyAsDouble(quantile.share));
        }
        json.writeEndObject();
    }
}
