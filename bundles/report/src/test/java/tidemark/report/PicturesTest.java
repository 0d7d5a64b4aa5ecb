package tidemark.report;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.StringReader;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.xml.sax.InputSource;
import tidemark.report.Curves.Curve;
import tidemark.report.Curves.Panel;
import tidemark.report.Curves.Step;

class PicturesTest {
    private static final Host HOST = new Host(2, "A & B processor", 4L << 30, "Linux 6", "a JVM 25");
    private static final Curves CURVES = new Curves("Rates", "s", "MIPS", List.of(
            new Panel("core <list>", 4, List.of(new Curve("fast", List.of(new Step(1, 100), new Step(6, 900))), new Curve("slow", List.of(new Step(9, 30))))),
            new Panel("sieve", 1, List.of(new Curve("slow", List.of(new Step(1, 30))))),
            new Panel("nothing", 1, List.of(new Curve("fast", List.of())))));

    @Test
    void ticksAreRoundNumbersInTheScale() {
        assertArrayEquals(new double[] {-500, 0, 500, 1000}, new Scale(-700, 1300, 0, 100).ticks(5));
        assertArrayEquals(new double[] {0, 0.2, 0.4}, new Scale(0, 0.5, 0, 100).ticks(4), 1e-9);
        assertEquals(75, new Scale(0, 4, 100, 0).at(1));
        assertEquals(8, Scale.niceAbove(6.1, 1, 2, 4, 8));
        assertEquals(1000, Scale.niceAbove(801, 1, 2, 4, 8));
    }

    @Test
    void curvesAreStepsAndEndWithTheAxis() throws Exception {
        String svg = CURVES.svg();
        var builder = DocumentBuilderFactory.newInstance().newDocumentBuilder();
        assertDoesNotThrow(() -> builder.parse(new InputSource(new StringReader(svg))));
        assertTrue(svg.contains("core &lt;list&gt;"), svg);
        // 508 pixels for 4 s, 130 for 1000 MIPS
        assertTrue(svg.contains("d=\"M58.0 149.0H185.0L185.0 45.0H566.0\""), svg);
        assertFalse(svg.contains("NaN") || svg.contains("Infinity"), svg);
    }

    @Test
    void aNameHasTheSameColourInEveryPanel() {
        assertEquals(3, CURVES.svg().split("curve c1", -1).length - 1, "two curves and one sign");
    }

    @Test
    void pageNeedsNothingElseAndEscapesText() {
        String html = new Page("a < b").paragraph("muted", "x & y").section("Table", new HtmlTable("name", "n").row("<i>", 3).toString())
                .words("Words", "rate", "instructions > time").measuredOn(HOST).html();
        for (String text : List.of("<h1>a &lt; b</h1>", "x &amp; y", "<td>&lt;i&gt;</td><td>3</td>", "<dt>rate</dt><dd>instructions &gt; time</dd>",
                "A &amp; B processor, 2 CPUs", "4.0 GiB")) {
            assertTrue(html.contains(text), text + " in " + html);
        }
        assertFalse(html.contains("http:") || html.contains("https:"), html);
    }

    @Test
    void theHostIsAnObjectInJson() {
        String json = Json.object(HOST::write).replaceAll("\\s", "");
        assertEquals("{\"host\":{\"cpus\":2,\"model\":\"A&Bprocessor\",\"memoryBytes\":4294967296,\"os\":\"Linux6\",\"java\":\"aJVM25\"}}", json);
    }
}
