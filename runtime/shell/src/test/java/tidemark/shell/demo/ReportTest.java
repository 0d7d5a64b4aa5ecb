package tidemark.shell.demo;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xml.sax.InputSource;
import tidemark.api.shell.Screen;

class ReportTest {
    private static final Set<String> NUMBERS = Set.of("latencyMs", "downtimeTotalMs", "downtimeLongestMs", "progressPercent",
            "undisturbedMips", "pagesCopied", "rounds", "imageBytes", "hartThreadMs", "checkpointThreadsMs", "handshakeLongestMs",
            "oracleMs", "restoreMs");

    /** The scalars of a JSON text by their paths; those of arrays' elements after the first are left out. */
    private static Map<String, JsonToken> scalars(String json, Map<String, String> texts) throws Exception {
        Map<String, JsonToken> found = new LinkedHashMap<>();
        try (JsonParser parser = new JsonFactory().createParser(json)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token.isScalarValue()) {
                    String path = parser.getParsingContext().pathAsPointer().toString();
                    found.put(path, token);
                    texts.put(path, parser.getText());
                }
            }
        }
        return found;
    }

    @Test
    void jsonHasEveryFigureOfEveryCheckpointAsANumber() throws Exception {
        Map<String, String> texts = new LinkedHashMap<>();
        Map<String, JsonToken> all = scalars(JsonReport.of(Reports.demo()), texts);
        for (int i = 0; i < 3; i++) {
            for (String name : NUMBERS) {
                JsonToken token = all.get("/checkpoints/" + i + "/" + name);
                assertTrue(token != null && token.isNumeric(), name + " is " + token);
            }
            assertEquals(JsonToken.VALUE_TRUE, all.get("/checkpoints/" + i + "/verified"));
            assertEquals("SUCCESSFUL", texts.get("/checkpoints/" + i + "/restoredVerification"));
        }
        assertEquals("thread", texts.get("/checkpoints/2/protocol"));
        assertEquals("420.0", texts.get("/checkpoints/2/latencyMs"));
        assertEquals("2.4", texts.get("/checkpoints/2/pauses/3/lengthMs"));
        assertEquals("131072", texts.get("/checkpoints/2/roundList/0/pages"));
        assertEquals("-500.0", texts.get("/checkpoints/2/samples/0/atMs"));
        assertEquals("cg.W", texts.get("/guest/name"));
        assertEquals("SUCCESSFUL", texts.get("/guest/verification"));
        assertEquals("2", texts.get("/host/cpus"));
    }

    @Test
    void pageNeedsNothingElse() {
        String html = HtmlReport.of(Reports.demo());
        String withoutNamespace = html.replace("xmlns=\"http://www.w3.org/2000/svg\"", "");
        assertFalse(Pattern.compile("https?:|src=|href=|url\\(|@import|<script|<link").matcher(withoutNamespace).find());
        assertFalse(Pattern.compile("\\{[a-zA-Z]+\\}").matcher(html).find(), "a place that was not filled");
    }

    @Test
    void pageShowsEveryCheckpointAndEscapesText() {
        String html = HtmlReport.of(Reports.demo());
        for (String text : List.of("<td>stop</td>", "<td>live</td>", "<td>thread</td>", "conjugate gradient &lt;class W&gt;",
                "A &amp; B processor", "98.8 ms", "SUCCESSFUL")) {
            assertTrue(html.contains(text), text);
        }
    }

    @Test
    void figuresOfABusyHostAreMarkedAndTheRuleThatEndedTheCopyingIsNamed() throws Exception {
        DemoReport good = Reports.demo();
        assertFalse(HtmlReport.of(good).contains("busy host"));
        DemoReport busy = new DemoReport(good.guest(), 512, good.host(), good.rows().stream().map(ReportTest::onABusyHost).toList(), List.of(),
                good.folder());
        String html = HtmlReport.of(busy);
        assertTrue(html.contains("<td class=\"bad\">busy host</td>"), html);
        assertTrue(html.contains("Doubtful figures of thread: Other processes kept 1.4 of the host&#39;s 2 CPUs busy.")
                || html.contains("Doubtful figures of thread: Other processes kept 1.4 of the host's 2 CPUs busy."), html);
        assertTrue(html.contains("<td>stop condition downtime</td>"), html);
        String table = busy.table().render(Screen.plain(System.out));
        assertTrue(Timeline.of(List.of(busy.rows().getFirst().report())).contains(" · busy host</text>"));
        assertTrue(table.contains("busy host") && table.contains("stop condition downtime"), table);
        Map<String, String> texts = new LinkedHashMap<>();
        scalars(JsonReport.of(busy), texts);
        assertEquals("true", texts.get("/checkpoints/2/conditions/hostBusy"));
        assertEquals("92.0", texts.get("/checkpoints/2/conditions/countedPercent"));
        assertEquals("false", texts.get("/checkpoints/2/conditions/progressCut"));
        assertEquals("1.4", texts.get("/checkpoints/2/conditions/othersCpus"));
        assertEquals("stop condition downtime", texts.get("/checkpoints/2/copyingEndedBy"));
        assertEquals("protocol", texts.get("/checkpoints/0/copyingEndedBy"));
    }

    private static DemoReport.Row onABusyHost(DemoReport.Row row) {
        return new DemoReport.Row(Reports.under(row.report(), Reports.conditions(1.4)), row.restore(), row.verified(), row.restoredVerification());
    }

    @Test
    void failuresAreShown() {
        DemoReport good = Reports.demo();
        String html = HtmlReport.of(new DemoReport(good.guest(), 512, good.host(), good.rows(), List.of("3 pages differ"), good.folder()));
        assertTrue(html.contains("<p class=\"bad\">3 pages differ</p>"));
        assertTrue(html.contains("Not everything was proved."));
    }

    @Test
    void timelineIsWellFormedXml() throws Exception {
        var builder = DocumentBuilderFactory.newInstance().newDocumentBuilder();
        String svg = Timeline.of(Reports.demo().rows().stream().map(DemoReport.Row::report).toList());
        assertDoesNotThrow(() -> builder.parse(new InputSource(new StringReader(svg))));
    }

    @Test
    void pausesHaveTheirTrueLengthButAtLeastAPixel() {
        String svg = Timeline.of(List.of(Reports.stop()));
        double pixelsPerMs = (1160.0 - 58 - 14) / (312 + 2 * 500 - 2);
        List<Double> widths = widths(svg, "stood");
        assertEquals(298 * pixelsPerMs, widths.getFirst(), 0.01);
        assertTrue(widths(Timeline.of(List.of(Reports.thread())), "stood").stream().limit(3).allMatch(w -> w == 1));
    }

    @Test
    void everyPauseAndRoundIsDrawn() {
        String svg = Timeline.of(List.of(Reports.live()));
        assertEquals(14, widths(svg, "stood").size());
        assertEquals(2, widths(svg, "round").size());
        assertEquals(1, widths(svg, "last").size());
        assertTrue(svg.contains(">1: 131,072 pages, then 1,830 dirty<"), svg);
    }

    private static List<Double> widths(String svg, String kind) {
        return Pattern.compile("<rect class=\"" + kind + "\"[^>]* width=\"([\\d.]+)\"").matcher(svg).results()
                .map(m -> Double.valueOf(m.group(1))).toList();
    }

    @Test
    void guestsThatWereTooShortForSamplesAreDrawnAllTheSame() {
        var thread = Reports.thread();
        var none = new tidemark.api.checkpoint.CheckpointReport(thread.request(), thread.latency(), thread.pauses(), thread.downtimeTotal(),
                thread.downtimeLongest(), 0, 0, 0, 4, 0, thread.hartThreadTime(), thread.checkpointThreadTime(), thread.handshakeLongest(),
                thread.oracleTime(), thread.roundList(), List.of(), thread.copyingEndedBy(), 0, thread.stalls(), tidemark.api.checkpoint.Conditions.UNKNOWN);
        Matcher wrong = Pattern.compile("NaN|Infinity").matcher(Timeline.of(List.of(none)));
        assertFalse(wrong.find());
    }

    @Test
    void filesGoWhereTheyAreWanted(@TempDir Path folder) throws Exception {
        DemoReport report = Reports.demo();
        ReportFiles.write(new DemoReport(report.guest(), 512, report.host(), report.rows(), List.of(), folder));
        for (String name : List.of("report.json", "report.html", "timeline.svg")) {
            assertTrue(Files.size(folder.resolve(name)) > 1000, name);
        }
    }
}
