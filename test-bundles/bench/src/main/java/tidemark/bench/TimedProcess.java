package tidemark.bench;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tidemark.report.CpuTimes;

/** A child process whose output, errors included, is kept with the moments at which it came. It dies with its parent. */
public final class TimedProcess implements AutoCloseable {
    private final long begin;
    private final Duration childrenBefore;
    private final Process process;
    private final CpuTimes times;
    private final Thread reader;
    private final Thread killer;
    private final StringBuilder output = new StringBuilder();
    /** When the output had this length. */
    private final TreeMap<Integer, Moment> arrivals = new TreeMap<>();
    private boolean ended;

    /** A line of output, without its end, and when its end came. */
    public record Line(String text, Moment at) {}

    /** @param all CPU time of all its threads and of its own children, to 10 ms; only right if no other child of this process ended meanwhile */
    public record End(int exitCode, Duration wall, Duration all) {}

    private TimedProcess(List<String> command, String thread) throws IOException {
        childrenBefore = CpuTimes.ofEndedChildren();
        begin = System.nanoTime();
        process = new ProcessBuilder(command).redirectErrorStream(true).start();
        times = new CpuTimes(process.pid(), thread);
        killer = new Thread(process::destroyForcibly, "kill " + process.pid());
        Runtime.getRuntime().addShutdownHook(killer);
        reader = Thread.ofPlatform().name("output of " + process.pid()).daemon().start(this::read);
    }

    /**
     * @param thread how the name of the computing thread begins; empty for the main thread
     * @throws IOException if there is no such program
     */
    public static TimedProcess start(List<String> command, String thread) throws IOException {
        return new TimedProcess(command, thread);
    }

    private void read() {
        try (Reader in = new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)) {
            char[] chunk = new char[8192];
            for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
                arrived(new String(chunk, 0, n).replace("\r", ""), now());
            }
        } catch (IOException e) {
            arrived("\n(its output cannot be read: " + e.getMessage() + ")\n", now());
        } finally {
            end();
        }
    }

    private Moment now() {
        return new Moment(Duration.ofNanos(System.nanoTime() - begin), times.thread(), times.all());
    }

    private synchronized void arrived(String text, Moment at) {
        output.append(text);
        arrivals.put(output.length(), at);
        notifyAll();
    }

    private synchronized void end() {
        ended = true;
        notifyAll();
    }

    /** What it has written so far, carriage returns left out. */
    public synchronized String output() {
        return output.toString();
    }

    /** The lines that are complete. */
    public synchronized List<Line> lines() {
        List<Line> lines = new ArrayList<>();
        for (int start = 0, end; (end = output.indexOf("\n", start)) >= 0; start = end + 1) {
            lines.add(new Line(output.substring(start, end), arrivals.ceilingEntry(end + 1).getValue()));
        }
        return lines;
    }

    /** Waits until its output has a match, and tells when the end of the first match came; empty if it ended without one, or after the timeout. */
    public synchronized Optional<Moment> await(Pattern pattern, Duration timeout) throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (true) {
            Matcher matcher = pattern.matcher(output);
            if (matcher.find()) {
                return Optional.of(arrivals.ceilingEntry(Math.max(1, matcher.end())).getValue());
            }
            long left = deadline - System.nanoTime();
            if (ended || left <= 0) {
                return Optional.empty();
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
    }

    /** Writes to its input. */
    public void send(String text) throws IOException {
        process.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
    }

    /** Waits for its end. @return empty after the timeout */
    public Optional<End> awaitEnd(Duration timeout) throws InterruptedException, IOException {
        if (!process.waitFor(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
            return Optional.empty();
        }
        Duration wall = Duration.ofNanos(System.nanoTime() - begin);
        reader.join();
        return Optional.of(new End(process.exitValue(), wall, CpuTimes.ofEndedChildren().minus(childrenBefore)));
    }

    /** Kills it if it still runs. */
    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
        try {
            Runtime.getRuntime().removeShutdownHook(killer);
        } catch (IllegalStateException e) {
            // this process ends too
            return;
        }
    }
}
