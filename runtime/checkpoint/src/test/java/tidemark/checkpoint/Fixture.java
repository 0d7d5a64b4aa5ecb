package tidemark.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import tidemark.api.checkpoint.CheckpointException;
import tidemark.api.checkpoint.CheckpointReport;
import tidemark.api.checkpoint.CheckpointRequest;
import tidemark.api.checkpoint.Option;
import tidemark.api.checkpoint.SideMemory;
import tidemark.api.memory.DirtyLog;
import tidemark.api.memory.PageSet;
import tidemark.api.memory.WriteGuard;

/** A checkpoint service over a machine {@code vm} that runs, with parts that are called {@code fake} and the three classic protocols. */
final class Fixture implements AutoCloseable {
    static final Fakes.Recipe STOP = session -> {
        session.pause();
        session.copy(session.allPages());
        session.saveDevices();
        session.commit();
        session.resume();
    };
    static final Fakes.Recipe THREAD = session -> {
        session.startLog();
        PageSet pending = session.allPages();
        do {
            session.copy(pending);
            pending = session.nextEpoch();
        } while (!session.converged(pending));
        session.stopAndCopy(pending);
    };
    static final Fakes.Recipe LIVE = session -> {
        Duration tick = Duration.ofMillis(session.option("tickMs"));
        session.startLog();
        PageSet pending = session.allPages();
        do {
            PageSet round = pending;
            session.everyTick(tick, () -> {
                session.copySlice(round, 1 << 20, Duration.ofMillis(1));
                return !round.isEmpty();
            });
            pending = session.nextEpoch();
        } while (!session.converged(pending));
        session.stopAndCopy(pending);
    };

    /** Copy before write. */
    static final Fakes.Recipe COW = session -> {
        session.pause();
        session.saveDevices();
        session.protect();
        session.resume();
        session.copy(session.owed());
        session.commit();
    };
    /** What is written while all is copied goes to side memory. */
    static final Fakes.Recipe HASH = session -> {
        session.startLog();
        SideMemory table = session.sideMemory();
        session.copyBeside(session.allPages(), Duration.ofNanos(1000), () -> {
            PageSet dirty = session.nextEpoch();
            table.put(dirty);
            session.skip(dirty);
            return true;
        });
        session.pause();
        session.nextEpoch();
        session.copy(session.owed());
        session.saveDevices();
        session.resume();
        table.copyToImage();
        session.commit();
    };

    final Fakes.FakeMachines machines = new Fakes.FakeMachines();
    final Fakes.FakeParts parts = new Fakes.FakeParts();
    final Fakes.Layout layout = new Fakes.Layout();
    final Fakes.Tracker tracker = new Fakes.Tracker();
    final FakeMachine machine = machines.create(FakeMachine.spec("vm"));
    final CheckpointService service;
    final Path folder;

    Fixture(Path folder) {
        this.folder = folder;
        parts.with("tracker", "fake", tracker).with("copier", "fake", new Fakes.Copier()).with("layout", "fake", layout)
                .with("stop", "fake", Fakes.stopAfter(3))
                .with("protocol", "stop", Fakes.protocol(STOP)).with("protocol", "thread", Fakes.protocol(THREAD))
                .with("protocol", "cow", Fakes.protocol(COW)).with("protocol", "hash", Fakes.protocol(HASH))
                .with("protocol", "live", Fakes.protocol(LIVE, new Option("tickMs", 1, 1, "")));
        service = new CheckpointService(machines, parts);
    }

    CheckpointRequest request(String protocol) {
        return new CheckpointRequest("vm", folder.resolve("image"), protocol, "fake", "fake", "fake", "fake", true,
                java.util.Map.of("rateWindowMs", "20"));
    }

    /** A request for a protocol of the test's own. */
    CheckpointRequest request(Fakes.Recipe recipe) {
        parts.with("protocol", "own", Fakes.protocol(recipe));
        return request("own");
    }

    CheckpointReport take(CheckpointRequest request) throws CheckpointException, InterruptedException {
        return service.start(request).await(progress -> {});
    }

    /** What must hold after any failure: no file, no log, no hold, no part in use, and a guest that retires instructions. */
    void assertNothingHappened() throws InterruptedException {
        assertSame(DirtyLog.NONE, machine.memory().dirtyLog(), "the log must have ended");
        assertSame(WriteGuard.NONE, machine.memory().writeGuard(), "no page may be protected");
        assertEquals(0, tracker.open, "logs that are open");
        assertEquals(0, layout.unfinished, "images that are unfinished");
        assertEquals(0, parts.users(), "parts in use");
        assertEquals(0, machine.holds(), "holds");
        assertEquals(List.of(), files());
        awaitGuest();
    }

    /** Waits until the guest has done something. */
    void awaitGuest() throws InterruptedException {
        long before = machine.instructions();
        for (int i = 0; i < 5000 && machine.instructions() == before; i++) {
            Thread.sleep(1);
        }
        assertTrue(machine.instructions() > before, "the guest must go on");
    }

    private List<Path> files() {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        List.copyOf(machines.list()).forEach(m -> machines.destroy(m.name()));
    }
}
