package tidemark.bench.boot;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.List;
import java.util.function.ToDoubleFunction;
import tidemark.api.shell.Table;
import tidemark.api.shell.Units;
import tidemark.bench.Statistics;
import tidemark.report.Host;
import tidemark.report.Json;

/**
 * How long a guest takes to its shell, on every peer.
 *
 * @param arguments the command line, the same for all
 * @param missing what could not be compared, and what is to be done about it; empty if nothing
 */
record BootReport(Host host, String guest, int ramMiB, int harts, String arguments, List<BootPeer> peers, String missing, List<BootRun> runs) {
    private static final String NONE = "-";

    /** Of all runs of a peer; NaN if there are none. */
    double median(String peer, ToDoubleFunction<BootRun> figure) {
        return Statistics.median(runs.stream().filter(run -> run.peer().equals(peer)).mapToDouble(figure).toArray());
    }

    /** How many times as long as on QEMU: a ratio of medians; NaN without QEMU. */
    double ratio(String peer, ToDoubleFunction<BootRun> figure) {
        return median(peer, figure) / median(BootPeer.QEMU, figure);
    }

    static double wall(BootRun run) {
        return seconds(run.wall());
    }

    static double cpu(BootRun run) {
        return seconds(run.cpu());
    }

    static double hart(BootRun run) {
        return seconds(run.hart());
    }

    static double start(BootRun run) {
        return seconds(run.begin().wall());
    }

    private static double seconds(Duration time) {
        return time.toNanos() / 1e9;
    }

    Table table() {
        Table table = Table.withHead("boot on", "seconds", "CPU s", "hart's CPU s", "instructions", "seconds : QEMU's", "CPU s : QEMU's", "platform starts in");
        for (BootPeer peer : peers) {
            String name = peer.name();
            double instructions = median(name, BootRun::instructions);
            table.row(name, digits(median(name, BootReport::wall)), digits(median(name, BootReport::cpu)), digits(median(name, BootReport::hart)),
                    instructions > 0 ? Units.instructions(Math.round(instructions)) : NONE, digits(ratio(name, BootReport::wall)),
                    digits(ratio(name, BootReport::cpu)), instructions > 0 ? digits(median(name, BootReport::start)) + " s" : NONE);
        }
        return table;
    }

    private static String digits(double value) {
        return Double.isNaN(value) ? NONE : Units.digits(value);
    }

    /** Times in seconds; 0 instructions of who does not count them. A ratio to QEMU is missing if QEMU is. */
    String json() {
        return Json.object(json -> {
            host.write(json);
            json.writeStringField("guest", guest);
            json.writeNumberField("ramMiB", ramMiB);
            json.writeNumberField("harts", harts);
            json.writeStringField("arguments", arguments);
            if (!missing.isEmpty()) {
                json.writeStringField("missing", missing);
            }
            json.writeArrayFieldStart("peers");
            for (BootPeer peer : peers) {
                write(json, peer);
            }
            json.writeEndArray();
        });
    }

    private void write(JsonGenerator json, BootPeer peer) throws IOException {
        json.writeStartObject();
        json.writeStringField("name", peer.name());
        json.writeStringField("version", peer.version());
        number(json, "wallSeconds", median(peer.name(), BootReport::wall));
        number(json, "cpuSeconds", median(peer.name(), BootReport::cpu));
        number(json, "hartCpuSeconds", median(peer.name(), BootReport::hart));
        number(json, "instructions", median(peer.name(), BootRun::instructions));
        number(json, "wallRatioToQemu", ratio(peer.name(), BootReport::wall));
        number(json, "cpuRatioToQemu", ratio(peer.name(), BootReport::cpu));
        json.writeArrayFieldStart("runs");
        for (BootRun run : runs.stream().filter(r -> r.peer().equals(peer.name())).toList()) {
            json.writeStartObject();
            number(json, "startSeconds", start(run));
            number(json, "wallSeconds", wall(run));
            number(json, "cpuSeconds", cpu(run));
            number(json, "hartCpuSeconds", hart(run));
            json.writeNumberField("instructions", run.instructions());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void number(JsonGenerator json, String name, double value) throws IOException {
        if (!Double.isNaN(value)) {
            json.writeFieldName(name);
            json.writeNumber(BigDecimal.valueOf(value).setScale(3, RoundingMode.HALF_UP).stripTrailingZeros().toPlainString());
        }
    }
}
