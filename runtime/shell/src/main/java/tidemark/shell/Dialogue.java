package tidemark.shell;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import tidemark.api.machine.ConsoleLog;
import tidemark.api.machine.Machine;
import tidemark.api.machine.TimedText;
import tidemark.api.machine.Machine.Power;
import tidemark.api.shell.CommandError;
import tidemark.api.shell.Units;

/** A talk with a guest through its console: what is sent and what is expected, one after the other. */
final class Dialogue {
    /** More output than this is not searched. */
    private static final int LONGEST = 1 << 20;
    private static final int LINES_SHOWN = 8;
    /** For the rest of the line of a match. */
    private static final Duration REST_OF_LINE = Duration.ofMillis(50);
    /** The rest of a line that the guest does not end is not waited for longer. */
    private static final Duration LONGEST_REST = Duration.ofSeconds(1);
    /** What is there is searched once, however short the timeout is. */
    private static final long LEAST_SEARCH_NANOS = 1_000_000_000;
    private static final long GATHER_NANOS = 2_000_000;
    /** Searching takes at most one part in so many of a processor. */
    private static final int SHARE = 10;

    private final Machine machine;
    private final ConsoleLog console;
    private final Duration timeout;
    private ConsoleLog.Reader reader;
    private PlainText output = new PlainText(false);
    private Echo echo = new Echo(new byte[0]);
    private boolean sinceSending = true;
    private int from;

    /** Begins with the oldest output that is kept. */
    Dialogue(Machine machine, ConsoleLog console, Duration timeout) {
        this.machine = machine;
        this.console = console;
        this.timeout = timeout;
        this.reader = console.reader(0);
    }

    /** Sends; what is expected from now on is output that comes after this, and not its echo. */
    void send(byte[] bytes) {
        reader = console.reader(console.position());
        output = new PlainText(false);
        echo = new Echo(bytes);
        sinceSending = true;
        from = 0;
        console.send(bytes);
    }

    /**
     * Waits for output that matches, after the last match.
     *
     * @return the line or lines that the match is in
     */
    String expect(String regex) throws CommandError, InterruptedException {
        Pattern pattern = pattern(regex);
        long end = System.nanoTime() + timeout.toNanos();
        boolean goesOn = true;
        while (true) {
            long began = System.nanoTime();
            Optional<Matcher> match = find(regex, pattern, Math.max(end, began + LEAST_SEARCH_NANOS));
            if (match.isPresent()) {
                from = match.get().end();
                return linesOf(from - match.get().start());
            }
            if (!goesOn) {
                throw inVain(regex, pattern);
            }
            long pause = Math.max(GATHER_NANOS, SHARE * (System.nanoTime() - began));
            Thread.sleep(Duration.ofNanos(Math.clamp(end - System.nanoTime(), 0, pause)));
            goesOn = read(Duration.ofNanos(Math.max(0, end - System.nanoTime()))) && System.nanoTime() - end < 0;
        }
    }

    static Pattern pattern(String regex) throws CommandError {
        try {
            return Pattern.compile(regex, Pattern.MULTILINE);
        } catch (PatternSyntaxException e) {
            throw new CommandError("'" + regex + "' is no regular expression: " + e.getDescription() + " at " + e.getIndex(), e);
        }
    }

    private Optional<Matcher> find(String regex, Pattern pattern, long end) throws CommandError, InterruptedException {
        try {
            return find(pattern.matcher(new TimedText(output.text(), end)));
        } catch (TimedText.Late e) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            return Optional.empty();
        } catch (StackOverflowError e) {
            throw new CommandError("'" + regex + "' needs too deep a search in what machine " + machine.name()
                    + " has printed; write it without alternatives inside * or +", e);
        }
    }

    private Optional<Matcher> find(Matcher matcher) {
        List<Echo.Span> echoes = echo.in(output.text(), sinceSending);
        for (boolean found = matcher.find(from); found; found = matcher.find()) {
            if (echoes.stream().noneMatch(span -> span.covers(matcher.start(), matcher.end()))) {
                return Optional.of(matcher);
            }
        }
        return Optional.empty();
    }

    /** @return false if nothing came */
    private boolean read(Duration time) throws InterruptedException {
        byte[] bytes = reader.next(time);
        output.add(bytes);
        int tooMuch = output.text().length() - LONGEST;
        if (tooMuch > 0) {
            output.text().delete(0, tooMuch);
            from = Math.max(0, from - tooMuch);
            sinceSending = false;
        }
        return bytes.length > 0;
    }

    /** The whole lines in which the {@code length} characters before {@link #from} are. */
    private String linesOf(int length) throws InterruptedException {
        long end = System.nanoTime() + LONGEST_REST.toNanos();
        while (output.text().indexOf("\n", from) < 0 && System.nanoTime() < end && read(REST_OF_LINE)) {
            // the rest of the line is coming
        }
        String text = output.text().toString();
        int last = text.indexOf('\n', from);
        return text.substring(text.lastIndexOf('\n', from - length - 1) + 1, last < 0 ? text.length() : last).strip();
    }

    private boolean isEchoed(Pattern pattern) {
        try {
            return pattern.matcher(new TimedText(output.text(), System.nanoTime() + LEAST_SEARCH_NANOS)).find(from);
        } catch (TimedText.Late e) {
            return false;
        }
    }

    private CommandError inVain(String regex, Pattern pattern) {
        Power power = machine.status().power();
        String reason = machine.status().reason();
        boolean echoed = isEchoed(pattern);
        List<String> lines = output.text().toString().strip().lines().toList();
        String last = String.join("\n  ", lines.subList(Math.max(0, lines.size() - LINES_SHOWN), lines.size()));
        return new CommandError("Machine " + machine.name() + " has printed nothing that matches '" + regex + "' "
                + (power == Power.OFF ? "before it went off" : "within " + Units.time(timeout))
                + (power == Power.OFF || power == Power.RUNNING ? "" : ", it is " + power.name().toLowerCase(Locale.ROOT) + (reason.isEmpty() ? "" : " (" + reason + ")"))
                + (echoed ? ", but the echo of what was sent" : "") + (last.isEmpty() ? "" : "; its last lines:\n  " + last));
    }
}
