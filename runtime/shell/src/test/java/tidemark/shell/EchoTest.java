package tidemark.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;

class EchoTest {
    /** The output with every echo in angle brackets. */
    private static String marked(String sent, String output) {
        StringBuilder text = new StringBuilder(output);
        List<Echo.Span> spans = new Echo(sent.getBytes(StandardCharsets.UTF_8)).in(output, true);
        spans.stream().sorted(Comparator.comparingInt(Echo.Span::from).reversed()).forEach(span -> text.insert(span.to(), ">").insert(span.from(), "<"));
        return text.toString();
    }

    @Test
    void theFirstAppearanceIsTheEchoTheSecondTheAnswer() {
        assertEquals("<echo done>\ndone\n# ", marked("echo done\n", "echo done\ndone\n# "));
        assertEquals("<done>\ndone\n", marked("done\n", "done\ndone\n"));
        assertEquals("<abc>abc", marked("abc", "abcabc"));
    }

    @Test
    void whatWasTypedAheadIsEchoedOnceMoreBehindThePrompt() {
        assertEquals("<echo done>\n# <echo done>\ndone\n# ", marked("echo done\n", "echo done\n# echo done\ndone\n# "));
        assertEquals("<a>\n<b>\nout\n# <a>\n1\n# <b>\n2\n", marked("a\nb\n", "a\nb\nout\n# a\n1\n# b\n2\n"));
    }

    @Test
    void whatContainsTheSentTextIsNoEcho() {
        assertEquals("<foo>\nsh: foo: not found\n", marked("foo\n", "foo\nsh: foo: not found\n"));
        assertEquals("food is foo\n", marked("fo\n", "food is foo\n"));
    }

    @Test
    void withoutEchoEverythingIsAnswer() {
        assertEquals("\nWelcome\n# ", marked("secret\n", "\nWelcome\n# "));
        assertEquals("# ", marked("\n\u0003", "# "));
        assertEquals("", marked("x\n", ""));
    }

    @Test
    void whatMayBecomeAnEchoIsOne() {
        assertEquals("<echo do>", marked("echo done\n", "echo do"));
        assertEquals("<echo done>", marked("echo done\n", "echo done"));
        assertEquals("<echo done>\n# <ec>", marked("echo done\n", "echo done\n# ec"));
        assertEquals("<echo done>\ndo", marked("echo done\n", "echo done\ndo"));
    }

    @Test
    void echoesRunOverTheEndsOfLines() {
        // busybox forces the next line; readline writes a blank and returns; others take a character back
        assertEquals("<echo o\nne>\none\n", marked("echo one\n", "echo o\nne\none\n"));
        assertEquals("<echo o \rne>\none\n", marked("echo one\n", "echo o \rne\none\n"));
        assertEquals("<echo on\bne>\none\n", marked("echo one\n", "echo on\bne\none\n"));
        assertEquals("<echo \r one>\none\n", marked("echo one\n", "echo \r one\none\n"));
    }

    @Test
    void controlCharactersDivideWhatWasSent() {
        assertEquals("<ls /b>in/<sh>\n/bin/<sh>\n", marked("ls /b\tsh\n", "ls /bin/sh\n/bin/sh\n"));
        assertEquals("<one>^C\n# <two>\n", marked("one\u0003two\n", "one^C\n# two\n"));
    }
}
