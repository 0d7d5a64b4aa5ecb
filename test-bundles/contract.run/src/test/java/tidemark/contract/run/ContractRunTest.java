package tidemark.contract.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import tidemark.api.checkpoint.Checkpoints;
import tidemark.api.machine.Machines;
import tidemark.api.memory.DirtyTracker;
import tidemark.api.shell.CommandError;
import tidemark.api.shell.Screen;
import tidemark.contract.protocol.Platform;
import tidemark.memory.flat.FlatMemoryPart;
import tidemark.testkit.PlainParts;

/** Verdicts on parts, right and wrong ones, as their author reads them. */
class ContractRunTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    private final PlainParts parts = new PlainParts().with("memory", "flat", new FlatMemoryPart());
    private final Platform platform = new PlainPlatform(parts);
    private double othersShare;
    private final ByteArrayOutputStream shown = new ByteArrayOutputStream();

    /** Parts without machines. */
    private record PlainPlatform(PlainParts parts) implements Platform {
        @Override
        public Machines machines() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Checkpoints checkpoints() {
            throw new UnsupportedOperationException();
        }

        @Override
        public String classPath(Path folder) {
            throw new UnsupportedOperationException();
        }

        @Override
        public <T> Deployment deploy(Class<T> type, String property, String name, T part) {
            throw new UnsupportedOperationException();
        }
    }

    private void judge(DirtyTracker tracker, Duration limit) throws CommandError {
        judge(tracker, limit, "");
    }

    private void judge(DirtyTracker tracker, Duration limit, String only) throws CommandError {
        judge(Kind.TRACKER, tracker, Judged.Tracker.class, limit, only);
    }

    private void judge(Kind kind, Object part, Class<?> suite, Duration limit, String only) throws CommandError {
        parts.with(kind.toString(), "mine", part);
        Report report = new Report(Screen.plain(new PrintStream(shown, true, StandardCharsets.UTF_8)));
        try (Subject subject = new Subject(kind, "mine", "", limit, platform)) {
            report.begin(subject);
            Examination.of(subject, List.of(suite), only, () -> () -> othersShare, report::trying, verdict -> report.show(subject, verdict));
            report.end(subject);
        }
    }

    private String shown() {
        return shown.toString(StandardCharsets.UTF_8);
    }

    private String linesOf(String promise) {
        return shown().replaceFirst("(?s).*\\n(?=\\w+ +[0-9.]+ \\w+  " + promise + ")", "").replaceFirst("(?s)\\n(?=\\S).*", "");
    }

    @Test
    void aPartThatKeepsItsPromisesIsToldSo() throws Exception {
        judge(new WrongTracker(new WrongTracker.Fault() {}), LONG);
        assertTrue(shown().matches("(?s)tracker mine of bundle tests 0\\n(PASS +[0-9.]+ \\w+  [A-Z][^\\n]+\\n)+mine keeps \\d+ promises \\(\\d+ cases, [0-9.]+ s\\)\\n"),
                shown());
    }

    @Test
    void aTrackerThatMissesWritesIsToldWhatWasExpectedWhatFoundAndWhereToLook() {
        CommandError e = assertThrows(CommandError.class, () -> judge(new WrongTracker(new WrongTracker.Fault() {
            @Override
            public boolean mark(long page) {
                return page % 2 == 0;
            }
        }), LONG));
        assertTrue(e.getMessage().matches("mine breaks ([2-9]|1\\d) of 18 promises .*"), e.getMessage());
        String lines = linesOf("A store is collected once after its epoch ended");
        assertTrue(lines.startsWith("FAIL"), lines);
        for (String text : List.of("what:         pages that were written but not collected", "expected:     []", "found:        [7]",
                "in the suite: test-bundles/contract/src/main/java/tidemark/contract/DirtyTrackerContract.java:", "look:         mark sets the page")) {
            assertTrue(lines.contains(text), text + " in " + lines);
        }
        assertTrue(linesOf("Nothing is collected when nothing was written").startsWith("PASS"), shown());
    }

    @Test
    void anExceptionIsShownWithTheLineOfThePartThatThrewIt() {
        assertThrows(CommandError.class, () -> judge(new WrongTracker(new WrongTracker.Fault() {
            @Override
            public void collect() {
                throw new IllegalStateException("not today");
            }
        }), LONG));
        String lines = linesOf("A new log begins empty");
        assertTrue(lines.contains("what:         IllegalStateException: not today") && lines.contains("in the part:  tidemark.contract.run.ContractRunTest$"), lines);
    }

    @Test
    void aPartThatDoesNotComeToAnEndIsGivenUpAndShownWhereItStands() {
        CountDownLatch never = new CountDownLatch(1);
        CommandError e = assertThrows(CommandError.class, () -> judge(new WrongTracker(new WrongTracker.Fault() {
            @Override
            public void collect() {
                try {
                    never.await();
                } catch (InterruptedException interrupt) {
                    throw new IllegalStateException(interrupt);
                }
            }
        }), Duration.ofMillis(200)));
        assertTrue(e.getMessage().contains("were not tried: it did not come to an end 2 times"), e.getMessage());
        String stuck = shown().replaceFirst("(?s).*?\\n(?=FAIL)", "");
        assertTrue(stuck.contains("It does not come to an end within") && stuck.contains("in the part:  tidemark.contract.run."), shown());
    }

    private CommandError judgeOneThatRunsOutOfTime() {
        CountDownLatch never = new CountDownLatch(1);
        return assertThrows(CommandError.class, () -> judge(new WrongTracker(new WrongTracker.Fault() {
            @Override
            public void collect() {
                try {
                    never.await();
                } catch (InterruptedException interrupt) {
                    throw new IllegalStateException(interrupt);
                }
            }
        }), Duration.ofMillis(200), "A new log begins empty"));
    }

    @Test
    void aPartThatRunsOutOfTimeOnABusyHostIsNotBlamed() {
        othersShare = 0.8;
        CommandError e = judgeOneThatRunsOutOfTime();
        assertTrue(e.getMessage().matches("mine: of 1 promise \\(1 case, .*\\) 1 is not decided: the host was busy; try again when it is quiet"),
                e.getMessage());
        assertTrue(shown().contains("OPEN") && !shown().contains("FAIL"), shown());
        assertTrue(shown().contains("not decided:  time ran out while other processes kept 80 % of the host's CPUs busy"), shown());
    }

    @Test
    void aPartThatRunsOutOfTimeOnAQuietHostIsBlamed() {
        othersShare = 0.2;
        CommandError e = judgeOneThatRunsOutOfTime();
        assertTrue(e.getMessage().startsWith("mine breaks 1 of 1 promise "), e.getMessage());
        assertTrue(shown().contains("FAIL") && !shown().contains("OPEN"), shown());
    }

    @Test
    void aWrongResultIsBlamedOnABusyHostToo() {
        othersShare = 1;
        CommandError e = assertThrows(CommandError.class, () -> judge(new WrongTracker(new WrongTracker.Fault() {
            @Override
            public boolean mark(long page) {
                return false;
            }
        }), LONG, "A store is collected once after its epoch ended"));
        assertTrue(e.getMessage().startsWith("mine breaks 1 of 1 promise "), e.getMessage());
    }

    @Test
    void whatJUnitInterruptsAfterItsTimeLimitIsNotDecidedOnABusyHostEither() {
        Verdict.Broken late = new Verdict.Broken("", new TimeoutException("timed out after 60 seconds"));
        assertTrue(verdict(late, 0.8).isUndecided());
        assertFalse(verdict(late, 0.2).isUndecided());
        assertFalse(verdict(late, Double.NaN).isUndecided());
    }

    private static Verdict verdict(Verdict.Broken broken, double others) {
        return new Verdict("A promise", 1, List.of(broken), 0, Duration.ZERO, Optional.empty(), others);
    }

    @Test
    void nothingMoreIsTriedWhenThePartIsTakenAway() {
        CommandError e = assertThrows(CommandError.class, () -> judge(new WrongTracker(new WrongTracker.Fault() {
            @Override
            public void collect() {
                parts.without("tracker", "mine");
            }
        }), LONG));
        assertTrue(e.getMessage().contains("the part was stopped, updated or uninstalled"), e.getMessage());
    }

    @Test
    void aDeviceThatForgetsARegisterAndThrowsIsToldEach() {
        CommandError e = assertThrows(CommandError.class, () -> judge(Kind.DEVICE, new WrongDevice(), Judged.Device.class, LONG, ""));
        assertTrue(e.getMessage().contains("mine breaks "), e.getMessage());
        String access = linesOf("Any access is answered or refused by a bus fault");
        assertTrue(access.contains("threw java.lang.ArithmeticException: / by zero") && access.contains("in the part:  tidemark.contract.run.WrongDevice$1.load("), access);
        assertTrue(linesOf("A state of a newer version or of another part is refused and the device is as before").contains("a state of version 2"), shown());
        assertTrue(linesOf("A restored device answers as the original does").startsWith("FAIL"), shown());
        assertTrue(linesOf("Its window and its node can be in a machine").startsWith("PASS"), shown());
    }

    @Test
    void onlyPromisesWithTheWordsAreTried() throws Exception {
        judge(new WrongTracker(new WrongTracker.Fault() {}), LONG, "Page Edge");
        assertEquals(1, shown().split("PASS", -1).length - 1, shown());
        assertTrue(shown().contains("A store across a page edge is found on both pages") && shown().contains("mine keeps 1 promise (1 case, "), shown());
        CommandError e = assertThrows(CommandError.class, () -> judge(new WrongTracker(new WrongTracker.Fault() {}), LONG, "edges of pages"));
        assertEquals("A tracker promises nothing with these words; contract:list tracker shows what", e.getMessage());
    }

    @Test
    void aNameThatNoPartHasIsAnsweredWithNearOnes() {
        parts.with("tracker", "mine", new WrongTracker(new WrongTracker.Fault() {})).with("copier", "both", this).with("layout", "both", this);
        ContractCommands commands = new ContractCommands(platform);
        CommandError e = assertThrows(CommandError.class, () -> commands.run(null, "mone", "", List.of(), "", 60));
        assertTrue(e.getMessage().contains("There is no part 'mone' that has a suite; did you mean mine?"), e.getMessage());
        e = assertThrows(CommandError.class, () -> commands.run(null, "both", "", List.of(), "", 60));
        assertEquals("'both' is any of [copier, layout]; say which: --kind copier", e.getMessage());
        e = assertThrows(CommandError.class, () -> commands.run(null, "mine", "trucker", List.of(), "", 60));
        assertTrue(e.getMessage().contains("no suite for parts of kind 'trucker'; did you mean tracker?"), e.getMessage());
    }

    @Test
    void everyKindHasPromisesInWords() {
        for (Kind kind : Kind.values()) {
            assertFalse(kind.suites().stream().flatMap(suite -> Promises.of(suite).stream()).toList().isEmpty(), kind.toString());
        }
        assertTrue(Promises.of(Judged.Tracker.class).contains("The image equals RAM though hart and device wrote all the while"));
        assertTrue(Promises.of(Judged.Protocol.class).contains("Storm ends well in the original and in the restored machine"));
    }
}
