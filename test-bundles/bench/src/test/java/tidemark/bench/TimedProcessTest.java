package tidemark.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class TimedProcessTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private static TimedProcess shell(String script) throws Exception {
        return TimedProcess.start(List.of("sh", "-c", script), "");
    }

    @Test
    void linesComeWithTheMomentsAtWhichTheirEndsCame() throws Exception {
        try (TimedProcess process = shell("echo one; sleep 0.3; printf 'two\\r\\nthr'; sleep 0.3; echo ee")) {
            assertEquals(0, process.awaitEnd(LIMIT).orElseThrow().exitCode());
            List<TimedProcess.Line> lines = process.lines();
            assertEquals(List.of("one", "two", "three"), lines.stream().map(TimedProcess.Line::text).toList());
            for (int i = 1; i < 3; i++) {
                Duration step = lines.get(i).at().wall().minus(lines.get(i - 1).at().wall());
                assertTrue(step.toMillis() >= 250, step + " before " + lines.get(i));
            }
        }
    }

    @Test
    void awaitedTextNeedNoLineEndAndIsTimedByItsFirstMatch() throws Exception {
        try (TimedProcess process = shell("printf 'login: '; read name; sleep 0.3; echo hello $name; echo hello again")) {
            Moment login = process.await(Pattern.compile("login: $"), LIMIT).orElseThrow();
            process.send("root\n");
            Moment hello = process.await(Pattern.compile("hello"), LIMIT).orElseThrow();
            assertTrue(hello.wall().minus(login.wall()).toMillis() >= 250, login + " " + hello);
            assertEquals(hello, process.await(Pattern.compile("hello"), LIMIT).orElseThrow());
        }
    }

    @Test
    void textThatDoesNotComeIsNotAwaitedLongerThanTheProcessLives() throws Exception {
        try (TimedProcess process = shell("echo one")) {
            assertEquals(Optional.empty(), process.await(Pattern.compile("two"), LIMIT));
        }
        try (TimedProcess process = shell("exec sleep 60")) {
            assertEquals(Optional.empty(), process.await(Pattern.compile("two"), Duration.ofMillis(50)));
            assertEquals(Optional.empty(), process.awaitEnd(Duration.ofMillis(50)));
        }
    }

    @Test
    void whatAProcessSaysLastHasNoLessCpuTimeThanWhatItSaidBefore() throws Exception {
        for (int n = 0; n < 20; n++) {
            try (TimedProcess process = shell("i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done; echo one; sleep 0.02; echo two")) {
                assertEquals(0, process.awaitEnd(LIMIT).orElseThrow().exitCode());
                List<TimedProcess.Line> lines = process.lines();
                assertTrue(lines.get(1).at().thread().compareTo(lines.get(0).at().thread()) >= 0, lines.toString());
            }
        }
    }

    @Test
    void cpuTimeIsThatOfComputingAndNotOfSleeping() throws Exception {
        try (TimedProcess process = shell("sleep 0.4; i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done; echo done; sleep 0.3")) {
            Moment done = process.await(Pattern.compile("done"), LIMIT).orElseThrow();
            TimedProcess.End end = process.awaitEnd(LIMIT).orElseThrow();
            assertTrue(done.thread().toMillis() >= 20 && done.thread().compareTo(done.wall().minusMillis(390)) < 0, done.toString());
            assertTrue(done.all().minus(done.thread()).abs().toMillis() <= 20, done.toString());
            assertTrue(end.all().minus(done.thread()).abs().toMillis() <= 30, done + " " + end);
        }
    }
}
