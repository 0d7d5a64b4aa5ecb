package tidemark.bench.cpu;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import tidemark.bench.Figure;
import tidemark.bench.Moment;
import tidemark.bench.cpu.KernelRun.Repetition;
import tidemark.report.Json;

/** A report as JSON: speed ratios, above 1 if the first named is faster; times in milliseconds. A ratio to someone who is missing is missing. */
final class CpuJson {
    private final CpuReport report;
    private final JsonGenerator json;

    private CpuJson(CpuReport report, JsonGenerator json) {
        this.report = report;
        this.json = json;
    }

    static String of(CpuReport report) {
        return Json.object(json -> new CpuJson(report, json).write());
    }

    private void write() throws IOException {
        report.host().write(json);
        number("othersCpus", report.othersCpus());
        peers();
        json.writeNumberField("percent", report.percent());
        texts("failures", report.failures());
        texts("doubts", report.doubts());
        json.writeArrayFieldStart("steady");
        for (String kernel : report.kernels()) {
            steady(kernel);
        }
        json.writeEndArray();
        if (report.has(Peer.TRANSLATOR) && report.has(Peer.QEMU_SYSTEM)) {
            number("steadyGeomean", report.steadyGeometricMean(Peer.TRANSLATOR, Peer.QEMU_SYSTEM));
        }
        json.writeArrayFieldStart("cold");
        for (String guest : report.guests()) {
            cold(guest);
        }
        json.writeEndArray();
        runs();
    }

    private void peers() throws IOException {
        json.writeObjectFieldStart("peers");
        for (Peer peer : report.peers().present()) {
            json.writeStringField(peer.name(), peer.version());
        }
        json.writeEndObject();
        json.writeObjectFieldStart("missing");
        for (Peers.Missing missing : report.peers().missing()) {
            json.writeStringField(missing.peer(), missing.why());
        }
        json.writeEndObject();
    }

    private void steady(String kernel) throws IOException {
        json.writeStartObject();
        json.writeStringField("kernel", kernel);
        ratio("VsQemuSystem", Peer.QEMU_SYSTEM, (peer, base) -> report.steady(kernel, peer, base));
        if (report.has(Peer.TRANSLATOR)) {
            ratioTo(Peer.TRANSLATOR, "VsInterpreter", Peer.INTERPRETER, (peer, base) -> report.steady(kernel, peer, base));
        }
        number("instructions", report.instructions(kernel).orElse(Double.NaN));
        json.writeObjectFieldStart("threadMs");
        for (String peer : report.names()) {
            number(peer, 1e3 * report.threadSeconds(kernel, peer).value());
        }
        json.writeEndObject();
        json.writeEndObject();
    }

    private void cold(String guest) throws IOException {
        json.writeStartObject();
        json.writeStringField("guest", guest);
        ratio("VsQemuSystem", Peer.QEMU_SYSTEM, (peer, base) -> report.cold(guest, peer, base));
        json.writeObjectFieldStart("wallMs");
        for (String peer : report.names()) {
            number(peer, 1e3 * report.wallSeconds(guest, peer).value());
        }
        json.writeEndObject();
        json.writeEndObject();
    }

    private interface Ratio {
        Figure of(String peer, String base);
    }

    /** Of every engine. */
    private void ratio(String suffix, String base, Ratio ratio) throws IOException {
        for (Peer peer : report.peers().present()) {
            if (peer.isEngine()) {
                ratioTo(peer.name(), suffix, base, ratio);
            }
        }
    }

    private void ratioTo(String peer, String suffix, String base, Ratio ratio) throws IOException {
        if (report.has(base)) {
            Figure figure = ratio.of(peer, base);
            number(peer + suffix, figure.value());
            number(peer + suffix + "Spread", figure.spread());
            json.writeBooleanField(peer + suffix + "Doubtful", figure.isDoubtful());
        }
    }

    private void runs() throws IOException {
        json.writeArrayFieldStart("kernelRuns");
        for (KernelRun run : report.kernelRuns()) {
            json.writeStartObject();
            json.writeStringField("kernel", run.kernel());
            json.writeStringField("peer", run.peer());
            json.writeNumberField("round", run.round());
            json.writeBooleanField("steady", run.isSteady());
            json.writeNumberField("measured", run.measured());
            json.writeStringField("checksum", run.repetitions().getFirst().checksum());
            times("wallMs", KernelRun.seconds(run.repetitions(), Moment::wall));
            times("threadMs", KernelRun.seconds(run.repetitions(), Moment::thread));
            times("allThreadsMs", KernelRun.seconds(run.repetitions(), Moment::all));
            instructions(run.repetitions());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeArrayFieldStart("wholeRuns");
        for (WholeRun run : report.wholeRuns()) {
            json.writeStartObject();
            json.writeStringField("guest", run.guest());
            json.writeStringField("peer", run.peer());
            json.writeNumberField("round", run.round());
            time("wallMs", run.wall());
            time("threadMs", run.thread());
            time("allThreadsMs", run.all());
            json.writeNumberField("instructions", run.instructions());
            number("translatedPercent", run.translatedPercent());
            json.writeStringField("verification", run.verification());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private void instructions(List<Repetition> repetitions) throws IOException {
        json.writeArrayFieldStart("instructions");
        for (Repetition repetition : repetitions) {
            json.writeNumber(repetition.instructions());
        }
        json.writeEndArray();
    }

    private void texts(String name, List<String> texts) throws IOException {
        json.writeArrayFieldStart(name);
        for (String text : texts) {
            json.writeString(text);
        }
        json.writeEndArray();
    }

    private void times(String name, List<Double> seconds) throws IOException {
        json.writeArrayFieldStart(name);
        for (double s : seconds) {
            json.writeNumber(Math.round(s * 1e6) / 1e3);
        }
        json.writeEndArray();
    }

    private void time(String name, Duration time) throws IOException {
        json.writeNumberField(name, time.toNanos() / 1e6);
    }

    private void number(String name, double value) throws IOException {
        if (!Double.isNaN(value)) {
            json.writeNumberField(name, Math.round(value * 1e4) / 1e4);
        }
    }
}
