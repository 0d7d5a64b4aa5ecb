package tidemark.shell;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tidemark.api.machine.ConsoleLog;

/** A console whose guest answers what it is told to. */
public final class FakeConsole {
    private final BooleanSupplier on;
    private final ByteArrayOutputStream output = new ByteArrayOutputStream();
    private final List<byte[]> sent = new ArrayList<>();
    /** What the guest prints when something is sent. */
    Function<String, String> answer = text -> "";

    FakeConsole(BooleanSupplier on) {
        this.on = on;
    }

    public void print(String text) {
        print(text.getBytes(StandardCharsets.UTF_8));
    }

    synchronized void print(byte[] bytes) {
        output.writeBytes(bytes);
        notifyAll();
    }

    synchronized List<String> sent() {
        return sent.stream().map(bytes -> new String(bytes, StandardCharsets.UTF_8)).toList();
    }

    synchronized byte[] allSent() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        sent.forEach(all::writeBytes);
        return all.toByteArray();
    }

    public synchronized String text() {
        return output.toString(StandardCharsets.UTF_8);
    }

    public synchronized long position() {
        return output.size();
    }

    public synchronized String textSince(long position) {
        return new String(since(position), StandardCharsets.UTF_8);
    }

    private byte[] since(long position) {
        return Arrays.copyOfRange(output.toByteArray(), (int) position, output.size());
    }

    public synchronized void send(byte[] bytes) {
        sent.add(bytes);
        print(answer.apply(new String(bytes, StandardCharsets.UTF_8)));
    }

    public Optional<MatchResult> expect(Pattern pattern, long position, Duration timeout) {
        Matcher m = pattern.matcher(textSince(position));
        return m.find() ? Optional.of(m.toMatchResult()) : Optional.empty();
    }

    public ConsoleLog.Reader reader(long position) {
        long[] seen = {position};
        return timeout -> {
            byte[] bytes = await(seen[0], timeout);
            seen[0] += bytes.length;
            return bytes;
        };
    }

    private synchronized byte[] await(long position, Duration timeout) throws InterruptedException {
        long end = System.nanoTime() + timeout.toNanos();
        for (long left = timeout.toNanos(); output.size() == position && on.getAsBoolean() && left > 0; left = end - System.nanoTime()) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        return since(position);
    }

    /** The machine went on or off. */
    synchronized void powered() {
        notifyAll();
    }

    ConsoleLog log() {
        return Fakes.of(ConsoleLog.class, this);
    }
}
