package tidemark.shell.demo;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Duration;
import tidemark.api.checkpoint.CheckpointReport;
import tidemark.api.checkpoint.Conditions;
import tidemark.report.Json;
import tidemark.shell.demo.DemoReport.Row;

/** A report as JSON: numbers as numbers, times in milliseconds. */
final class JsonReport {
    private final JsonGenerator json;

    private JsonReport(JsonGenerator json) {
        this.json = json;
    }

    static String of(DemoReport report) {
        return Json.object(json -> new JsonReport(json).report(report));
    }

    private void report(DemoReport report) throws IOException {
        json.writeObjectFieldStart("guest");
        json.writeStringField("name", report.guest().name());
        json.writeStringField("description", report.guest().description());
        json.writeNumberField("ramMiB", report.ramMiB());
        json.writeStringField("verification", report.guest().verification());
        json.writeEndObject();
        report.host().write(json);
        json.writeBooleanField("proved", report.isProved());
        json.writeArrayFieldStart("failures");
        for (String failure : report.failures()) {
            json.writeString(failure);
        }
        json.writeEndArray();
        json.writeArrayFieldStart("checkpoints");
        for (Row row : report.rows()) {
            checkpoint(row);
        }
        json.writeEndArray();
    }

    private void checkpoint(Row row) throws IOException {
        CheckpointReport r = row.report();
        json.writeStartObject();
        json.writeStringField("protocol", r.request().protocol());
        json.writeStringField("tracker", r.request().tracker());
        json.writeStringField("copier", r.request().copier());
        json.writeStringField("layout", r.request().layout());
        json.writeStringField("stop", r.request().stop());
        time("latencyMs", r.latency());
        time("downtimeTotalMs", r.downtimeTotal());
        time("downtimeLongestMs", r.downtimeLongest());
        json.writeNumberField("progressPercent", r.progressPercent());
        json.writeNumberField("undisturbedMips", r.undisturbedMips());
        json.writeNumberField("pagesCopied", r.pagesCopied());
        json.writeNumberField("rounds", r.rounds());
        json.writeStringField("copyingEndedBy", r.copyingEndedBy());
        json.writeNumberField("imageBytes", r.imageBytes());
        time("hartThreadMs", r.hartThreadTime());
        time("checkpointThreadsMs", r.checkpointThreadTime());
        time("handshakeLongestMs", r.handshakeLongest());
        json.writeNumberField("stalls", r.stalls().count());
        time("stallsTotalMs", r.stalls().total());
        time("stallsLongestMs", r.stalls().longest());
        json.writeNumberField("sideMemoryPeakBytes", r.sideMemoryPeak());
        time("oracleMs", r.oracleTime());
        time("restoreMs", row.restore());
        json.writeBooleanField("verified", row.verified());
        json.writeStringField("restoredVerification", row.restoredVerification());
        conditions(r.conditions());
        timeline(r);
        json.writeEndObject();
    }

    private void conditions(Conditions c) throws IOException {
        json.writeObjectFieldStart("conditions");
        known("mipsBefore", c.mipsBefore());
        known("mipsDuring", c.mipsDuring());
        known("mipsAfter", c.mipsAfter());
        known("countedPercent", c.countedPercent());
        known("hartCpusBeside", c.hartCpusBeside());
        known("hartCpusDuring", c.hartCpusDuring());
        known("othersCpus", c.othersCpus());
        json.writeBooleanField("hostBusy", c.isHostBusy());
        json.writeBooleanField("paceChanged", c.isPaceChanged());
        json.writeBooleanField("progressCut", c.isCut());
        json.writeEndObject();
    }

    /** A figure that was not measured is left out. */
    private void known(String name, double value) throws IOException {
        if (Double.isFinite(value)) {
            json.writeNumberField(name, value);
        }
    }

    private void timeline(CheckpointReport r) throws IOException {
        json.writeArrayFieldStart("pauses");
        for (CheckpointReport.Pause pause : r.pauses()) {
            json.writeStartObject();
            json.writeStringField("kind", pause.kind());
            time("beginMs", pause.begin());
            time("lengthMs", pause.length());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeArrayFieldStart("roundList");
        for (CheckpointReport.Round round : r.roundList()) {
            json.writeStartObject();
            json.writeNumberField("number", round.number());
            time("beginMs", round.begin());
            time("lengthMs", round.length());
            json.writeNumberField("pages", round.pages());
            json.writeNumberField("bytes", round.bytes());
            json.writeBooleanField("paused", round.paused());
            json.writeNumberField("dirtyAfter", round.dirtyAfter());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeArrayFieldStart("samples");
        for (CheckpointReport.Sample sample : r.samples()) {
            json.writeStartObject();
            time("atMs", sample.at());
            json.writeNumberField("mips", sample.mips());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private void time(String name, Duration duration) throws IOException {
        json.writeNumberField(name, duration.toNanos() / 1e6);
    }
}
