package tidemark.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jline.reader.Candidate;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.Parser.ParseContext;
import org.jline.terminal.impl.DumbTerminal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidemark.api.machine.Parts;
import tidemark.api.machine.Parts.PartInfo;

class CompletionTest {
    private static String expected(String command, String word, String... before) {
        Command found = HelpTest.all().stream().filter(c -> c.toString().equals(command)).findFirst().orElseThrow();
        return Completion.expected(found, List.of(before), word);
    }

    @Test
    void argumentsAreExpectedInTheirOrder() {
        assertEquals("MACHINE", expected("checkpoint:take", ""));
        assertEquals("MACHINE", expected("checkpoint:take", "", "--oracle", "-p", "live"));
        assertEquals("OPTION", expected("checkpoint:take", "", "cg"));
        assertEquals("FILE", expected("part:update", "", "protocol.mine"));
        assertEquals("KIND", expected("part:list", ""));
        assertEquals("COMMAND", expected("shell:help", ""));
    }

    @Test
    void valuesAreExpectedAfterTheirOptions() {
        assertEquals("PROTOCOL", expected("checkpoint:take", "", "cg", "-p"));
        assertEquals("TRACKER", expected("checkpoint:take", "wr", "cg", "--tracker"));
        assertEquals("GUEST", expected("vm:create", "", "a", "--guest"));
        assertEquals("KEY=VALUE", expected("checkpoint:take", "", "cg", "-o"));
    }

    @Test
    void optionsAreExpectedAfterADash() {
        assertEquals("OPTION", expected("checkpoint:take", "--", "cg"));
        assertEquals("OPTION", expected("vm:pause", "-"));
    }

    @Test
    void filesAndSettingsAreExpectedForDevicesOfAMachine() {
        assertEquals("FIRMWARE", expected("vm:create", "", "a", "--firmware"));
        assertEquals("DISK", expected("vm:create", "d.img,for", "a", "--disk"));
        assertEquals("NETWORK", expected("vm:create", "", "a", "--net"));
        assertEquals("DEVICE", expected("vm:console", "", "a", "--device"));
        assertEquals("FORMAT", expected("disk:create", "", "a", "1G", "-f"));
        assertEquals("FILE", expected("disk:info", ""));
    }

    @Test
    void partsOfAKindOrOfSeveralAreOffered() {
        Parts parts = Fakes.parts(new PartInfo("cpu", "fast", "b", "1", "active", 0), new PartInfo("device", "rtc", "b", "1", "active", 0));
        assertEquals(List.of("rtc"), Completion.names("DEVICES", parts).toList());
        assertEquals(List.of("rtc", "fast"), Completion.names("DEVICE|CPU|MEMORY", parts).toList());
        assertEquals("DEVICES", expected("vm:create", "", "a", "--device"));
    }

    @Test
    void settingsBehindACommaAreOfferedAsWholeWords() {
        Map<String, List<String>> settings = Map.of("format", List.of("raw", "qcow2"), "access", List.of("rw"));
        assertEquals(List.of("x"), Completion.settings("d", List.of("x"), settings).toList());
        assertEquals(List.of("d.img,access=", "d.img,format="), Completion.settings("d.img,fo", List.of("x"), settings).toList());
        assertEquals(List.of("d,access=ro,format=raw", "d,access=ro,format=qcow2"), Completion.settings("d,access=ro,format=q", List.of(), settings)
                .toList());
        assertEquals(List.of(), Completion.settings("d,nothing=", List.of(), settings).toList());
    }

    @Test
    void optionsOfPartsThatAreNotChosenAreNotOffered() {
        Map<String, String> chosen = Map.of("protocol", "thread,live", "stop", "rounds");
        assertEquals(List.of("every checkpoint", "protocol live", "stop rounds", "copier pool"), Stream.of("every checkpoint", "protocol live", "protocol stop",
                "stop rounds", "stop time", "copier pool").filter(owner -> Completion.isOfChosen(owner, chosen)).toList());
    }

    @Test
    void oraclesAreNotOfferedAsFiles(@TempDir Path folder) throws Exception {
        Files.createFile(folder.resolve("m1.tdm"));
        Files.createFile(folder.resolve("m1.tdm.oracle"));
        List<Candidate> offered = new ArrayList<>();
        DumbTerminal terminal = new DumbTerminal(new ByteArrayInputStream(new byte[0]), new ByteArrayOutputStream());
        new Completion.VisibleFiles(() -> folder).complete(LineReaderBuilder.builder().terminal(terminal).build(),
                new Words().parse("checkpoint:verify ", 18, ParseContext.COMPLETE), offered);
        assertEquals(List.of("m1.tdm"), offered.stream().map(Candidate::value).toList());
    }
}
