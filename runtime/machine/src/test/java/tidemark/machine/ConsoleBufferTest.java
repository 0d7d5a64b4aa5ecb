package tidemark.machine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tidemark.api.machine.ConsoleLog.Reader;
import tidemark.api.machine.MachineException;

@Timeout(30)
class ConsoleBufferTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private final AtomicInteger inputs = new AtomicInteger();
    private final ConsoleBuffer console = new ConsoleBuffer("test", inputs::incrementAndGet);

    private void print(String text) {
        for (byte value : text.getBytes(StandardCharsets.UTF_8)) {
            console.transmit(value);
        }
    }

    @Test
    void textIsUtf8FromAnyPosition() {
        print("Größe ");
        long position = console.position();
        print("42");
        assertEquals("Größe 42", console.text());
        assertEquals("42", console.textSince(position));
        assertEquals("", console.textSince(Long.MAX_VALUE));
        assertEquals("Größe 42", console.textSince(-5));
    }

    @Test
    void lastMebibyteIsKept() {
        print("first");
        print("x".repeat(ConsoleBuffer.CAPACITY - 2));
        assertEquals(ConsoleBuffer.CAPACITY + 3, console.position());
        assertEquals(ConsoleBuffer.CAPACITY, console.text().length());
        assertTrue(console.text().startsWith("stx"));
        assertEquals("xx", console.textSince(console.position() - 2));
    }

    @Test
    void expectSeesWhatIsThereAndWhatComes() throws Exception {
        console.powered(true);
        print("login: ");
        assertEquals("login", console.expect(Pattern.compile("(log)in"), 0, LONG).orElseThrow().group());
        long position = console.position();
        CompletableFuture<Void> printer = CompletableFuture.runAsync(() -> "result = 17\n".chars().forEach(c -> console.transmit((byte) c)));
        assertEquals("17", console.expect(Pattern.compile("result = (\\d+)\n"), position, LONG).orElseThrow().group(1));
        printer.get();
    }

    @Test
    void expectEndsAtItsTimeThoughOutputGoesOn() throws Exception {
        console.powered(true);
        assertTrue(console.expect(Pattern.compile("x"), 0, Duration.ofMillis(20)).isEmpty());
        CompletableFuture<Void> printer = CompletableFuture.runAsync(() -> {
            for (int i = 0; i < 200_000; i++) {
                console.transmit((byte) 'y');
                Thread.onSpinWait();
            }
        });
        assertTrue(console.expect(Pattern.compile("x"), 0, Duration.ofMillis(20)).isEmpty());
        printer.get();
    }

    @Test
    void expectEndsInTimeWhateverTheExpression() throws Exception {
        console.powered(true);
        print("a".repeat(60) + "!\n");
        assertTrue(console.expect(Pattern.compile("^(a+)+$", Pattern.MULTILINE), 0, Duration.ofMillis(100)).isEmpty());
        print("ab".repeat(200_000) + "\n");
        assertThrows(MachineException.class, () -> console.expect(Pattern.compile("^(a|b)*Z", Pattern.MULTILINE), 0, Duration.ofSeconds(5)));
    }

    @Test
    void expectEndsWhenTheMachineGoesOff() throws Exception {
        console.powered(true);
        CompletableFuture<Void> off = CompletableFuture.runAsync(() -> {
            print("last words");
            console.powered(false);
        });
        assertTrue(console.expect(Pattern.compile("words"), 0, LONG).isPresent());
        assertTrue(console.expect(Pattern.compile("more"), 0, LONG).isEmpty());
        off.get();
    }

    @Test
    void readersReadEverythingOnceFromTheirOwnPlace() throws Exception {
        console.powered(true);
        print("one");
        Reader first = console.reader(0);
        Reader second = console.reader(console.position());
        assertEquals("one", read(first));
        CompletableFuture<Void> printer = CompletableFuture.runAsync(() -> print("two"));
        assertEquals("two", read(second, "two".length()));
        assertEquals("two", read(first, "two".length()));
        printer.get();
        assertEquals(0, first.next(Duration.ofMillis(5)).length);
        print("three");
        console.powered(false);
        assertEquals("three", new String(first.next(LONG), StandardCharsets.UTF_8));
        assertEquals(0, first.next(LONG).length, "at once, as it is off");
    }

    @Test
    void aReaderThatIsLatePassesOverWhatIsLost() throws Exception {
        Reader reader = console.reader(-7);
        print("lost" + "x".repeat(ConsoleBuffer.CAPACITY - 1) + "y");
        assertTrue(read(reader).matches("x+y"));
        assertEquals(0, reader.next(Duration.ZERO).length);
        assertEquals(0, console.reader(Long.MAX_VALUE).next(Duration.ZERO).length);
    }

    private static String read(Reader reader) throws InterruptedException {
        return new String(reader.next(LONG), StandardCharsets.UTF_8);
    }

    private static String read(Reader reader, int length) throws InterruptedException {
        StringBuilder text = new StringBuilder();
        while (text.length() < length) {
            text.append(read(reader));
        }
        return text.toString();
    }

    @Test
    void inputWaitsForTheGuestInOrder() {
        assertEquals(-1, console.receive());
        console.send(new byte[] {1, -1});
        console.send(new byte[] {0});
        assertEquals(2, inputs.get());
        assertArrayEquals(new int[] {1, 255, 0, -1}, new int[] {console.receive(), console.receive(), console.receive(), console.receive()});
        console.send(new byte[ConsoleBuffer.MAX_INPUT]);
        assertThrows(MachineException.class, () -> console.send(new byte[1]));
    }
}
