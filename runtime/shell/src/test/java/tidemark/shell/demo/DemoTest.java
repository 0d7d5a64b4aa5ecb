package tidemark.shell.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidemark.api.checkpoint.CheckpointException;
import tidemark.api.checkpoint.CheckpointReport;
import tidemark.api.checkpoint.CheckpointRequest;
import tidemark.api.checkpoint.CheckpointTask;
import tidemark.api.checkpoint.Checkpoints;
import tidemark.api.checkpoint.Checkpoints.RestoreReport;
import tidemark.api.checkpoint.Checkpoints.Verdict;
import tidemark.api.checkpoint.Progress;
import tidemark.api.machine.ConsoleLog;
import tidemark.api.machine.GuestPart;
import tidemark.api.machine.GuestPart.Guest;
import tidemark.api.machine.Machine;
import tidemark.api.machine.Machine.Power;
import tidemark.api.machine.MachineSpec;
import tidemark.api.machine.Parts;
import tidemark.api.machine.Parts.PartInfo;
import tidemark.api.shell.Screen;
import tidemark.shell.DemoCommands;
import tidemark.shell.Fakes;

class DemoTest {
    private static final List<String> PROTOCOLS = List.of("stop", "live", "thread");
    @TempDir
    Path folder;
    private final Fakes.FakeMachines machines = new Fakes.FakeMachines(Benchmark::new);
    private final List<String> events = new ArrayList<>();
    private final Set<String> damaged = new HashSet<>();
    private final Set<String> failing = new HashSet<>();
    private final Set<String> wrong = new HashSet<>();
    private int endsAfterCheckpoints = Integer.MAX_VALUE;
    private final Set<String> endAtOnce = new HashSet<>();
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();

    /** CG with 15 iterations, one each time that somebody looks; it ends when it is waited for. */
    private final class Benchmark extends Fakes.FakeMachine {
        private int iteration;

        Benchmark(MachineSpec spec) {
            super(spec);
        }

        @Override
        public void start() {
            events.add("start " + name());
            iteration = 0;
            log.print(" CG Benchmark\n Iterations:    15\n   iteration           ||r||                 zeta\n");
            super.start();
            if (endAtOnce.contains(spec().guest())) {
                end();
            }
        }

        @Override
        public ConsoleLog console() {
            if (power == Power.RUNNING && iteration < 15) {
                log.print(String.format("    %5d       %20.14E%20.13f%n", ++iteration, 1e-12, 9.99));
            }
            return super.console();
        }

        void end() {
            log.print(" Verification    =     " + (wrong.contains(name()) ? "UNSUCCESSFUL" : "SUCCESSFUL") + "\n");
            power = Power.OFF;
        }

        @Override
        public boolean await(Power wanted, Duration timeout) {
            if (power == Power.RUNNING) {
                end();
            }
            return true;
        }
    }

    private final Checkpoints checkpoints = Fakes.of(Checkpoints.class, new Object() {
        private int taken;

        public CheckpointTask start(CheckpointRequest request) throws CheckpointException {
            if (machines.all.get(request.machine()).power != Power.RUNNING) {
                throw new CheckpointException("Machine " + request.machine() + " is off");
            }
            return Fakes.of(CheckpointTask.class, new Object() {
                public CheckpointReport await(Consumer<Progress> listener) throws CheckpointException {
                    return finish(request);
                }
            });
        }

        private CheckpointReport finish(CheckpointRequest request) throws CheckpointException {
            if (failing.contains(request.protocol()) && !request.image().toString().contains("warm-up")) {
                throw new CheckpointException("No space left on the device");
            }
            Benchmark guest = (Benchmark) machines.all.get(request.machine());
            events.add(request.image().getFileName() + " at " + guest.iteration);
            if (++taken % endsAfterCheckpoints == 0) {
                guest.end();
            }
            CheckpointReport r = Reports.thread();
            try {
                Files.createFile(request.image());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return new CheckpointReport(request, r.latency(), r.pauses(), r.downtimeTotal(), r.downtimeLongest(), r.progressPercent(),
                    r.undisturbedMips(), r.pagesCopied(), r.rounds(), r.imageBytes(), r.hartThreadTime(), r.checkpointThreadTime(),
                    r.handshakeLongest(), r.oracleTime(), r.roundList(), r.samples(), r.copyingEndedBy(), r.sideMemoryPeak(), r.stalls(), r.conditions());
        }

        public Verdict verify(Path image, tidemark.api.checkpoint.RestoreGrants grants) {
            boolean equal = damaged.stream().noneMatch(image.toString()::contains);
            return new Verdict(image, equal, 1000, equal ? 0 : 1, equal ? List.of() : List.of(7L), List.of());
        }

        public RestoreReport restore(Path image, String name, tidemark.api.checkpoint.RestoreGrants grants) {
            events.add("restore " + name);
            Machine machine = machines.create(MachineSpec.of(java.util.Map.of("name", name, "guest", "cg.S")));
            machine.pause();
            return new RestoreReport(image, machine, 5_000_000, 1000);
        }

        public void delete(Path image) {
            try {
                Files.delete(image);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        public List<Path> list(Path where) {
            return images();
        }
    });

    private List<Path> images() {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private DemoReport run(boolean keep) throws Exception {
        Screen screen = Screen.plain(new PrintStream(said, true, StandardCharsets.UTF_8));
        return new Demo(machines.machines(), checkpoints, guest("cg.S"), new Demo.Settings(64, PROTOCOLS, folder, keep), screen).run();
    }

    private static Guest guest(String name) {
        return Fakes.of(Guest.class, new Object() {
            public String name() {
                return name;
            }

            public String description() {
                return "conjugate gradients";
            }

            public Optional<String> verification(String console) {
                return console.contains("UNSUCCESSFUL") ? Optional.of("UNSUCCESSFUL") : console.contains("SUCCESSFUL")
                        ? Optional.of("SUCCESSFUL") : Optional.empty();
            }
        });
    }

    @Test
    void everyProtocolIsTakenOnceWhileTheGuestRunsAndItsImageIsProved() throws Exception {
        DemoReport report = run(false);
        assertEquals(List.of(), report.failures());
        assertTrue(report.isProved());
        assertEquals(PROTOCOLS, report.rows().stream().map(DemoReport.Row::protocol).toList());
        assertTrue(report.rows().stream().allMatch(DemoReport.Row::isProved));
        assertEquals("SUCCESSFUL", report.guest().verification());
        assertEquals(1, events.stream().filter("start demo"::equals).count(), events.toString());
        assertTrue(machines.all.isEmpty(), "machines are left");
        assertEquals(List.of(), images());
    }

    @Test
    void checkpointsAreSpreadOverTheRunAfterAWarmUp() throws Exception {
        run(false);
        List<Integer> at = events.stream().filter(e -> e.contains(" at ")).map(e -> Integer.valueOf(e.replaceFirst(".* at ", ""))).toList();
        assertEquals(4, at.size());
        assertTrue(events.get(1).startsWith("cg.S-warm-up.tdm"), events.toString());
        assertTrue(at.get(0) < at.get(1) && at.get(1) < at.get(2) && at.get(2) < at.get(3) && at.get(3) < 15, at.toString());
        assertTrue(said.toString(StandardCharsets.UTF_8).contains("they are in no table"));
    }

    @Test
    void restoredMachinesRunTwoAtATime() throws Exception {
        run(false);
        assertEquals(List.of("restore demo-stop", "restore demo-live", "start demo-stop", "start demo-live", "restore demo-thread",
                "start demo-thread"), events.subList(events.size() - 6, events.size()));
    }

    @Test
    void aGuestThatIsTooShortIsRunAnewForEachCheckpoint() throws Exception {
        endsAfterCheckpoints = 1;
        DemoReport report = run(false);
        assertTrue(report.isProved(), report.failures().toString());
        assertEquals(4, events.stream().filter("start demo"::equals).count(), events.toString());
    }

    @Test
    void aGuestThatEndsBeforeItIsSavedIsNamedWithTheWayOut() {
        endAtOnce.add("cg.S");
        CheckpointException refusal = assertThrows(CheckpointException.class, () -> run(false));
        assertEquals("The guest cg.S ended before it was saved, 3 times. Take one that computes longer, for example --guest sp.A or cg.B", refusal.getMessage());
        assertTrue(machines.all.isEmpty(), "machines are left");
    }

    @Test
    void ifTheHostIsTooSlowForTheDefaultGuestTheNextOneIsSaved() throws Exception {
        endAtOnce.add("cg.A");
        DemoReport report = demo().run(new Fakes.FakeSession(folder).session(), "", 64, "out", "", "", false);
        assertTrue(report.isProved(), report.failures().toString());
        assertEquals("sp.A", report.guest().name());
        assertTrue(Files.readString(folder.resolve("out/report.json")).contains("sp.A"));
    }

    @Test
    void aNamedGuestThatIsTooShortIsRefused() {
        endAtOnce.add("cg.A");
        var session = new Fakes.FakeSession(folder).session();
        assertThrows(CheckpointException.class, () -> demo().run(session, "cg.A", 64, "out", "", "", false));
        assertTrue(machines.all.isEmpty(), "machines are left");
    }

    /** The command, over parts that have every guest and the protocols. */
    private DemoCommands demo() {
        return new DemoCommands(machines.machines(), checkpoints, Fakes.of(Parts.class, new Object() {
            public List<String> names(String kind) {
                return PROTOCOLS;
            }

            public Parts.Use<GuestPart> use(Class<GuestPart> type, String kind, String name, Runnable gone) {
                GuestPart part = Fakes.of(GuestPart.class, new Object() {
                    public Optional<Guest> guest(String wanted) {
                        return Optional.of(DemoTest.guest(wanted));
                    }
                });
                return new Parts.Use<>() {
                    @Override
                    public GuestPart part() {
                        return part;
                    }

                    @Override
                    public PartInfo info() {
                        throw new UnsupportedOperationException();
                    }

                    @Override
                    public void close() {}
                };
            }
        }));
    }

    @Test
    void aDamagedImageIsAFailureThatNamesThePages() throws Exception {
        damaged.add("cg.S-live");
        DemoReport report = run(false);
        assertFalse(report.isProved());
        assertEquals(List.of(true, false, true), report.rows().stream().map(DemoReport.Row::verified).toList());
        assertTrue(report.failures().getFirst().contains("1 pages [7]"), report.failures().toString());
    }

    @Test
    void aRestoredRunWithAWrongResultIsAFailure() throws Exception {
        wrong.add("demo-thread");
        DemoReport report = run(false);
        assertEquals("UNSUCCESSFUL", report.rows().getLast().restoredVerification());
        assertEquals(1, report.failures().size());
    }

    @Test
    void aWrongResultOfTheCheckpointedRunIsAFailure() throws Exception {
        wrong.add("demo");
        DemoReport report = run(false);
        assertEquals("UNSUCCESSFUL", report.guest().verification());
        assertFalse(report.isProved());
    }

    @Test
    void aProtocolThatFailsDoesNotStopTheOthers() throws Exception {
        failing.add("live");
        DemoReport report = run(false);
        assertEquals(List.of("stop", "thread"), report.rows().stream().map(DemoReport.Row::protocol).toList());
        assertEquals(List.of("Checkpoint with protocol live: No space left on the device"), report.failures());
    }

    @Test
    void imagesAreKeptOnRequestAndReplacedByTheNextDemo() throws Exception {
        run(true);
        assertEquals(List.of("cg.S-live.tdm", "cg.S-stop.tdm", "cg.S-thread.tdm"), images().stream().map(p -> p.getFileName().toString())
                .toList());
        assertTrue(run(false).isProved());
        assertEquals(List.of(), images());
    }

    @Test
    void aFolderThatCannotBeMadeIsRefusedBeforeTheGuestRuns() throws IOException {
        DemoCommands demo = new DemoCommands(machines.machines(), null, Fakes.parts(new PartInfo("protocol", "stop", "b", "1", "active", 0)));
        Path file = Files.writeString(folder.resolve("file"), "precious");
        var session = new Fakes.FakeSession(folder).session();
        String refusal = assertThrows(Exception.class, () -> demo.run(session, "cg.S", 64, "file", "", "", false)).getMessage();
        assertEquals("demo:run: --out " + file + ": " + file + ": is a file; give another folder", refusal);
        refusal = assertThrows(Exception.class, () -> demo.run(session, "cg.S", 64, "out", "", "stp", false)).getMessage();
        assertTrue(refusal.contains("did you mean stop?"), refusal);
        assertTrue(machines.all.isEmpty() && Files.notExists(folder.resolve("out")));
    }
}
