package tidemark.bench.programs;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Locale;
import tidemark.bench.Figure;
import tidemark.bench.programs.ProgramsReport.Clock;
import tidemark.report.Json;

/**
 * A report as JSON: ratios of speeds by CPU time of the hart unless {@code Wall} is in the name, above 1 if the engine is faster; seconds; spreads in percent, least to
 * most.
 */
record ProgramsJson(ProgramsReport report) {
    String text() {
        return Json.object(json -> {
            report.host().write(json);
            number(json, "othersCpus", report.othersCpus());
            json.writeObjectFieldStart("runners");
            for (Runner runner : report.runners()) {
                json.writeStringField(runner.name(), runner.version());
            }
            json.writeEndObject();
            texts(json, "missing", report.missing());
            texts(json, "failures", report.failures());
            texts(json, "doubts", report.doubts());
            json.writeObjectFieldStart("geometricMeans");
            for (String kind : report.kinds()) {
                for (Runner engine : report.engines()) {
                    number(json, kind + capital(engine.name()) + "VsQemuSystem", report.geometricMean(kind, engine.name(), Clock.HART));
                }
            }
            json.writeEndObject();
            json.writeArrayFieldStart("programs");
            for (String kind : report.kinds()) {
                for (String program : report.programs(kind)) {
                    write(json, kind, program);
                }
            }
            json.writeEndArray();
        });
    }

    private void write(JsonGenerator json, String kind, String program) throws IOException {
        json.writeStartObject();
        json.writeStringField("kind", kind);
        json.writeStringField("program", program);
        double spread = 0;
        for (Runner engine : report.engines()) {
            Figure ratio = report.ratio(program, engine.name(), Clock.HART);
            number(json, engine.name() + "VsQemuSystem", ratio.value());
            number(json, engine.name() + "VsQemuSystemWall", report.ratio(program, engine.name(), Clock.WALL).value());
            spread = Math.max(spread, report.seconds(program, engine.name(), Clock.HART).difference());
        }
        number(json, "spreadPercent", 100 * spread);
        seconds(json, "hartSeconds", program, Clock.HART);
        seconds(json, "wallSeconds", program, Clock.WALL);
        json.writeEndObject();
    }

    private void seconds(JsonGenerator json, String name, String program, Clock clock) throws IOException {
        json.writeObjectFieldStart(name);
        for (Runner runner : report.runners()) {
            json.writeArrayFieldStart(runner.name());
            for (double seconds : report.of(program, runner.name()).mapToDouble(clock.seconds).toArray()) {
                json.writeNumber(rounded(seconds));
            }
            json.writeEndArray();
        }
        json.writeEndObject();
    }

    private static String capital(String name) {
        return name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
    }

    private static void texts(JsonGenerator json, String name, List<String> texts) throws IOException {
        json.writeArrayFieldStart(name);
        for (String text : texts) {
            json.writeString(text);
        }
        json.writeEndArray();
    }

    private static void number(JsonGenerator json, String name, double value) throws IOException {
        if (!Double.isNaN(value)) {
            json.writeFieldName(name);
            json.writeNumber(rounded(value));
        }
    }

    private static String rounded(double value) {
        return BigDecimal.valueOf(value).setScale(4, RoundingMode.HALF_UP).stripTrailingZeros().toPlainString();
    }
}
