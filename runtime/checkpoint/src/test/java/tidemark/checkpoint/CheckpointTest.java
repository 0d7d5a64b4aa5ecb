package tidemark.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tidemark.api.checkpoint.CheckpointException;
import tidemark.api.checkpoint.CheckpointReport;
import tidemark.api.checkpoint.CheckpointRequest;
import tidemark.api.checkpoint.Checkpoints.RestoreReport;
import tidemark.api.checkpoint.Checkpoints.Verdict;
import tidemark.api.checkpoint.ImageReader;
import tidemark.api.checkpoint.ImageWriter;
import tidemark.api.machine.Machine;
import tidemark.api.memory.HostMemory;
import tidemark.api.memory.PhysicalMemory;

/** Checkpoints that succeed, on a machine in plain Java. */
class CheckpointTest {
    private Fixture f;

    @BeforeEach
    void begin(@TempDir Path folder) {
        f = new Fixture(folder);
    }

    @AfterEach
    void end() {
        f.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"stop", "thread", "live", "cow", "hash"})
    void restoredRamShowsOneInstant(String protocol) throws Exception {
        f.take(f.request(protocol));
        assertOneInstant();
    }

    /** 256 of the guest's 512 pages. */
    @ParameterizedTest
    @ValueSource(strings = {"cow", "hash"})
    void sideMemoryIsBounded(String protocol) throws Exception {
        for (int i = 0; i < 20; i++) {
            CheckpointReport report = f.take(f.request(protocol).withOption("sideMemoryMiB", 1));
            assertTrue(report.sideMemoryPeak() <= 1 << 20, "side memory " + report.sideMemoryPeak());
            assertOneInstant();
            f.service.delete(f.folder.resolve("image"));
        }
    }

    @Test
    void guestThatDoesNotConvergeIsSlowedDownOnRequest() throws Exception {
        f.parts.with("stop", "fake", Fakes.stopAfter(1_000_000));
        f.layout.fault = () -> LockSupport.parkNanos(30_000_000);
        CheckpointReport report = f.take(f.request("thread").withOption("maxRounds", 8).withOption("onNoConvergence", "throttle"));
        List<String> kinds = report.pauses().stream().map(CheckpointReport.Pause::kind).toList();
        assertTrue(kinds.contains("throttle"), kinds.toString());
        assertEquals("pause", kinds.getLast(), "it is not slowed down any more when it stands for the last pages");
        assertEquals("maxRounds=8", report.copyingEndedBy());
        assertOneInstant();
        f.awaitGuest();
    }

    /** The copier stands until the guest has written enough to be held up. */
    @Test
    void hartsThatFindNoRoomWaitForTheCopier() throws Exception {
        f.layout.fault = () -> LockSupport.parkNanos(20_000_000);
        CheckpointReport report = f.take(f.request("cow").withOption("sideMemoryMiB", 1));
        assertTrue(report.stalls().count() > 0, report.stalls().toString());
        assertTrue(report.stalls().longest().compareTo(report.stalls().total()) <= 0, report.stalls().toString());
        assertEquals(1, report.pauses().size());
        assertEquals(512, report.pagesCopied(), "every page is saved once");
        assertEquals(1 << 20, report.sideMemoryPeak());
        assertOneInstant();
    }

    private void assertOneInstant() throws Exception {
        Verdict verdict = f.service.verify(f.folder.resolve("image"));
        assertTrue(verdict.equal(), verdict.toString());
        assertEquals(512, verdict.pagesCompared());

        Machine restored = f.service.restore(f.folder.resolve("image"), "copy").machine();
        PhysicalMemory ram = restored.memory();
        int steps = 0;
        for (long page = 1; page < ram.pages(); page++) {
            byte before = HostMemory.getByte(ram.hostAddress() + (page - 1) * PhysicalMemory.PAGE_SIZE);
            byte here = HostMemory.getByte(ram.hostAddress() + page * PhysicalMemory.PAGE_SIZE);
            steps += before == here ? 0 : 1;
        }
        assertTrue(steps <= 1, "the guest increments one page after the other: " + steps + " steps");
        assertEquals(2, f.machines.list().size(), "the machine of the verification must be gone");
        f.machines.destroy("copy");
    }

    @Test
    void reportAddsUp() throws Exception {
        CheckpointReport report = f.take(f.request(session -> {
            session.startLog();
            session.copy(session.allPages());
            f.awaitGuest();
            session.copy(session.nextEpoch());
            session.stopAndCopy(session.nextEpoch());
        }));
        assertEquals(List.of("start", "epoch", "epoch", "pause"), report.pauses().stream().map(CheckpointReport.Pause::kind).toList());
        assertEquals(3, report.rounds());
        assertEquals(report.pagesCopied(), report.roundList().stream().mapToLong(CheckpointReport.Round::pages).sum());
        assertEquals(report.downtimeTotal(), report.pauses().stream().map(CheckpointReport.Pause::length)
                .reduce(Duration.ZERO, Duration::plus));
        assertTrue(report.downtimeLongest().compareTo(report.downtimeTotal()) <= 0);
        assertTrue(report.latency().compareTo(report.downtimeTotal()) > 0, report.latency() + " with pauses " + report.pauses()
                + ", oracle " + report.oracleTime());
        assertTrue(report.roundList().getLast().paused());
        assertTrue(report.roundList().getFirst().dirtyAfter() > 0);
        assertTrue(report.undisturbedMips() > 0);
        assertTrue(report.progressPercent() > 0);
        assertTrue(report.oracleTime().isPositive());
        assertTrue(report.checkpointThreadTime().isPositive());
        assertTrue(report.hartThreadTime().isPositive());
        assertTrue(report.samples().getFirst().at().isNegative());
    }

    @Test
    void stoppedGuestMakesNoProgress() throws Exception {
        CheckpointReport report = f.take(f.request("stop"));
        assertEquals(1, report.pauses().size());
        assertTrue(report.progressPercent() < 50, "progress of " + report.progressPercent() + " %");
    }

    @Test
    void aGuestThatEndsIsMeasuredNoLonger() throws Exception {
        CheckpointReport report = f.take(f.request(session -> {
            Fixture.STOP.take(session);
            f.machine.powerOff();
        }).withOption("rateWindowMs", 500));
        Duration last = report.samples().getLast().at();
        assertTrue(last.compareTo(report.latency().plusMillis(400)) < 0, last + " after the request; the image was durable after " + report.latency());
    }

    @Test
    void pausedMachineIsSavedAndStaysPaused() throws Exception {
        f.machine.pause();
        CheckpointReport report = f.take(f.request("thread"));
        assertEquals(100, report.progressPercent());
        assertEquals(0, report.undisturbedMips());
        assertEquals(Machine.Power.PAUSED, f.machine.status().power());
        assertTrue(f.service.verify(f.folder.resolve("image")).equal());
    }

    @Test
    void protocolThatNeverConvergesIsBoundedByRounds() throws Exception {
        f.parts.with("stop", "fake", Fakes.stopAfter(Integer.MAX_VALUE));
        assertEquals(5 + 1, f.take(f.request("thread").withOption("maxRounds", 5)).rounds());
    }

    @Test
    void protocolThatNeverConvergesIsBoundedByTime() throws Exception {
        f.parts.with("stop", "fake", Fakes.stopAfter(Integer.MAX_VALUE));
        CheckpointReport report = f.take(f.request("thread").withOption("maxRounds", 1_000_000).withOption("timeLimitMs", 200));
        assertTrue(report.latency().toMillis() >= 200, report.latency().toString());
    }

    @Test
    void reportAndManifestSayWhichRuleEndedTheCopying() throws Exception {
        assertEquals(CheckpointReport.BY_PROTOCOL, endedBy(f.request("stop")));
        assertEquals("stop condition fake", endedBy(f.request("thread")));
        assertEquals("stop condition fake", endedBy(f.request("live")));
        f.parts.with("stop", "fake", Fakes.stopAfter(Integer.MAX_VALUE));
        assertEquals("maxRounds=2", endedBy(f.request("thread").withOption("maxRounds", 2).withOption("onNoConvergence", "stop")));
        assertEquals("maxRounds=2", endedBy(f.request("thread").withOption("maxRounds", 2)));
        assertEquals("timeLimitMs=200", endedBy(f.request("thread").withOption("maxRounds", 1_000_000).withOption("timeLimitMs", 200)));
    }

    private String endedBy(CheckpointRequest request) throws Exception {
        String rule = f.take(request).copyingEndedBy();
        assertEquals(rule, f.service.open(request.image()).manifest().get("copyingEndedBy"));
        f.service.delete(request.image());
        return rule;
    }

    @Test
    void whoAwaitsACheckpointFindsItOver() throws Exception {
        Task task = new Task(f.request("thread"), f.machine, f.parts, new BatchPool(), new Lineage(f.machine, f.parts, new Images(f.parts)));
        AtomicBoolean over = new AtomicBoolean();
        task.whenDone(() -> {
            LockSupport.parkNanos(300_000_000);
            over.set(true);
        });
        task.start();
        task.await(progress -> {});
        assertTrue(over.get());
    }

    @Test
    void verifyFindsWhatDiffers() throws Exception {
        f.take(f.request("thread"));
        byte[] page = f.layout.published.get(f.folder.resolve("image")).data.get(7L);
        page[1234] ^= 1;
        Verdict verdict = f.service.verify(f.folder.resolve("image"));
        assertFalse(verdict.equal());
        assertEquals(List.of(7L), verdict.differingPages());
    }

    @Test
    void anOracleThatClaimsMorePagesThanItsImageIsRefusedBeforeItIsRead() throws Exception {
        f.take(f.request("thread"));
        Path oracle = f.folder.resolve("image.oracle");
        byte[] bytes = Files.readAllBytes(oracle);
        int at = 8 + 2 + java.nio.ByteBuffer.wrap(bytes).getShort(8);
        java.nio.ByteBuffer.wrap(bytes).putInt(at, Integer.MAX_VALUE);
        Files.delete(oracle);
        Files.write(oracle, bytes);
        try (var channel = java.nio.channels.FileChannel.open(oracle, java.nio.file.StandardOpenOption.WRITE)) {
            channel.write(java.nio.ByteBuffer.allocate(1), (long) Integer.MAX_VALUE * 8);
        }
        CheckpointException e = assertThrows(CheckpointException.class, () -> f.service.verify(f.folder.resolve("image")));
        assertTrue(e.getMessage().contains("it has 17179869177 bytes, allowed are"), e.getMessage());
    }

    @Test
    void verifyRefusesADamagedOracle() throws Exception {
        f.take(f.request("stop"));
        Path file = f.folder.resolve("image.oracle");
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 4;
        Files.delete(file);
        Files.write(file, bytes);
        CheckpointException e = assertThrows(CheckpointException.class, () -> f.service.verify(f.folder.resolve("image")));
        assertTrue(e.getMessage().contains("damaged"), e.getMessage());
        Files.delete(file);
        e = assertThrows(CheckpointException.class, () -> f.service.verify(f.folder.resolve("image")));
        assertTrue(e.getMessage().contains("without the oracle"), e.getMessage());
    }

    @Test
    void firstOfTwoCheckpointsToOneNameKeepsItsProof() throws Exception {
        f.machines.create(FakeMachine.spec("other"));
        CheckpointRequest winner = f.request("thread");
        CheckpointRequest loser = new CheckpointRequest("other", winner.image(), "late", "fake", "fake", "fake", "fake", true, winner.options());
        f.parts.with("protocol", "late", Fakes.protocol(session -> {
            session.pause();
            session.copy(session.allPages());
            session.saveDevices();
            try {
                f.take(winner);
            } catch (InterruptedException e) {
                throw new CheckpointException("interrupted", e);
            }
            session.commit();
        }));
        CheckpointException e = assertThrows(CheckpointException.class, () -> f.take(loser));
        assertTrue(e.getMessage().contains("it exists already, or another checkpoint is about to give it that name"), e.getMessage());
        assertTrue(f.service.verify(winner.image()).equal());
    }

    @Test
    void oracleIsItsOwnersAndFollowsNoLinkThatLiesInItsWay() throws Exception {
        Path precious = Files.writeString(f.folder.resolve("precious"), "precious");
        for (String name : List.of("image.oracle.tmp", "image.oracle")) {
            Files.createSymbolicLink(f.folder.resolve(name), precious);
        }
        CheckpointException e = assertThrows(CheckpointException.class, () -> f.take(f.request("thread")));
        assertTrue(e.getMessage().contains("choose another name"), e.getMessage());
        assertEquals("precious", Files.readString(precious));
        Files.delete(f.folder.resolve("image.oracle"));
        f.take(f.request("thread"));
        assertEquals("precious", Files.readString(precious));
        assertEquals("r--------", java.nio.file.attribute.PosixFilePermissions.toString(
                Files.getPosixFilePermissions(f.folder.resolve("image.oracle"))));
    }

    @Test
    void restoreIntoTakesThePlaceOfWhatWasThere() throws Exception {
        f.take(f.request("thread"));
        f.machine.pause();
        RestoreReport report = f.service.restoreInto(f.folder.resolve("image"), f.machine);
        assertEquals(512, report.pages());
        Oracle oracle = Oracle.read(f.folder.resolve("image"), f.service.open(f.folder.resolve("image")).manifest().get("id"), 512);
        assertTrue(oracle.compare(f.folder.resolve("image"), f.machine).equal());
    }

    @Test
    void restoreIntoAMachineThatIsOffLeavesItPaused() throws Exception {
        f.take(f.request("thread"));
        f.machine.powerOff();
        f.service.restoreInto(f.folder.resolve("image"), f.machine);
        assertEquals(Machine.Power.PAUSED, f.machine.status().power());
    }

    @Test
    void restoreIntoChangesNothingWhenTheImageIsDamaged() throws Exception {
        f.take(f.request("thread"));
        f.layout.published.get(f.folder.resolve("image")).damaged = 100;
        f.machine.pause();
        Oracle before = Oracle.of("", f.machine.memory(), f.machine.saveState());
        CheckpointException e = assertThrows(CheckpointException.class, () -> f.service.restoreInto(f.folder.resolve("image"), f.machine));
        assertTrue(e.getMessage().contains("page 100 is damaged"), e.getMessage());
        assertTrue(before.compare(f.folder, f.machine).equal());
        assertThrows(CheckpointException.class, () -> f.service.restore(f.folder.resolve("image"), "copy"));
        assertEquals(1, f.machines.list().size(), "no machine may be left");
    }

    @Test
    void restoreIntoRefusesAnotherShapeAndShowsBoth() throws Exception {
        f.take(f.request("thread"));
        Machine other = f.machines.createEmpty(tidemark.api.machine.MachineSpec.of(java.util.Map.of("name", "big", "ram", "3")), java.util.List.of());
        CheckpointException e = assertThrows(CheckpointException.class, () -> f.service.restoreInto(f.folder.resolve("image"), other));
        assertTrue(e.getMessage().contains("2 MiB RAM") && e.getMessage().contains("3 MiB RAM"), e.getMessage());
    }

    @Test
    void restoreIntoRefusesAMachineThatRuns() throws Exception {
        f.take(f.request("thread"));
        CheckpointException e = assertThrows(CheckpointException.class, () -> f.service.restoreInto(f.folder.resolve("image"), f.machine));
        assertTrue(e.getMessage().contains("running"), e.getMessage());
    }

    @Test
    void anImageThatIsItsOwnAncestorIsRefused() throws Exception {
        for (String[] image : new String[][] {{"a", "b"}, {"b", "a"}}) {
            try (ImageWriter writer = f.layout.create(f.folder.resolve(image[0]), 4)) {
                writer.writeParent(new ImageReader.Parent("id-" + image[1], image[1]));
                writer.publish(Map.of("id", "id-" + image[0]));
            }
        }
        try (ImageReader reader = f.service.open(f.folder.resolve("a"))) {
            CheckpointException e = assertThrows(CheckpointException.class, () -> reader.readPages((page, bytes) -> {}));
            assertTrue(e.getMessage().endsWith("is its own ancestor"), e.getMessage());
        }
    }

    @Test
    void imagesAreListedAmongForeignFilesAndDeletedWithTheirOracle() throws Exception {
        f.take(f.request("thread"));
        Path foreign = Files.writeString(f.folder.resolve("foreign"), "no image");
        assertEquals(List.of(f.folder.resolve("image")), f.service.list(f.folder));
        assertThrows(CheckpointException.class, () -> f.service.delete(foreign));
        f.service.delete(f.folder.resolve("image"));
        try (var files = Files.list(f.folder)) {
            assertEquals(List.of(foreign), files.toList());
        }
    }

    @Test
    void manifestSaysWhatItIsAnImageOf() throws IOException, CheckpointException, InterruptedException {
        f.take(f.request("live").withOption("tickMs", 2));
        var manifest = f.service.open(f.folder.resolve("image")).manifest();
        assertEquals("vm", manifest.get("machine.name"));
        assertEquals("2", manifest.get("machine.ram"));
        assertEquals("live", manifest.get("protocol"));
        assertEquals("2", manifest.get("option.tickMs"));
        assertTrue(Long.parseLong(manifest.get("instructions")) > 0);
    }
}
