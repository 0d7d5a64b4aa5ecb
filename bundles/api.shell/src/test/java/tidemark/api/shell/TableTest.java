package tidemark.api.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.PrintStream;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import tidemark.api.shell.Screen.Style;
import tidemark.api.shell.Table.Cell;

class TableTest {
    private static final PrintStream NOWHERE = new PrintStream(PrintStream.nullOutputStream());

    @Test
    void wordsStandLeftAndNumbersRight() {
        Table table = Table.withHead("name", "pages", "time", "ratio").row("stop", "1,024", "12.3 ms", "2.53 ±4 %").row("thread-hash", "7", "-", "12.0");
        assertEquals("""
                name         pages     time      ratio
                stop         1,024  12.3 ms  2.53 ±4 %
                thread-hash      7        -       12.0""", table.render(Screen.plain(NOWHERE)));
    }

    @Test
    void tableFitsTheScreen() {
        Table texts = Table.withHead("part", "MiB", "what it is").row("thread", "1,024", "copies pages while the guest runs on, and pages that it is about to write first");
        assertEquals("""
                part      MiB  what it is
                thread  1,024  copies pages while the
                               guest runs on, and
                               pages that it is about
                               to write first""", texts.render(new Screen(NOWHERE, false, true, () -> 38)));
        Table properties = Table.ofProperties().row("image", "/a/folder/of/which/the/path/is/long/cg-thread-1.tdm");
        assertEquals("image  /a/folder/of/w\n       hich/the/path/\n       is/long/cg-thr\n       ead-1.tdm", properties.render(new Screen(NOWHERE, false, true, () -> 21)));
        Table numbers = Table.withHead("protocol", "latency", "downtime").row("stop", "12.3 ms", "12.3 ms").row("live", "40.1 ms", "1.20 ms");
        assertEquals("""
                protocol  stop
                latency   12.3 ms
                downtime  12.3 ms

                protocol  live
                latency   40.1 ms
                downtime  1.20 ms""", numbers.render(new Screen(NOWHERE, false, true, () -> 20)));
    }

    @Test
    void coloursDoNotDisturbTheColumns() {
        Table table = Table.withHead("a", "b").row(new Cell("x", Style.RED), "1").row("yyy", "22");
        String coloured = table.render(new Screen(NOWHERE, true, true, () -> 80));
        assertEquals(table.render(Screen.plain(NOWHERE)), coloured.replaceAll("\u001b\\[\\d+m", ""));
        assertEquals(true, coloured.contains("\u001b[31mx\u001b[0m"));
    }

    @Test
    void aStrangersTextMovesNoCursorAndFillsNoScreen() {
        String rendered = Table.ofProperties().row("name", "a\u001b[2Jb\nc\u009bd\u202ee").row("long", "x".repeat(5000)).render(Screen.plain(NOWHERE));
        assertEquals("name  a?[2Jb?c?d?e\nlong  " + "x".repeat(4000) + "...", rendered);
    }

    @Test
    void propertiesHaveNamesAtTheLeft() {
        assertEquals("name  cg\nwhy   a part is missing", Table.ofProperties().row("name", "cg").row("why", "a part is missing")
                .render(Screen.plain(NOWHERE)));
    }

    @Test
    void quantitiesHaveThreeDigitsAndTheirUnit() {
        assertEquals("1.23 ms", Units.time(Duration.ofNanos(1_234_000)));
        assertEquals("45.7 us", Units.time(Duration.ofNanos(45_678)));
        assertEquals("12.0 s", Units.time(Duration.ofSeconds(12)));
        assertEquals("2 min 05 s", Units.time(Duration.ofSeconds(125)));
        assertEquals("0", Units.time(Duration.ZERO));
        assertEquals("86.2 MB", Units.bytes(86_200_000));
        assertEquals("1.15 GB", Units.bytes(1_148_000_000));
        assertEquals("999 B", Units.bytes(999));
        assertEquals("131,072", Units.count(131_072));
        assertEquals("10.2 G", Units.instructions(10_200_000_000L));
    }
}
