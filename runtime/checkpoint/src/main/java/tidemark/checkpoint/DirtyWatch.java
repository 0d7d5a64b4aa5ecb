package tidemark.checkpoint;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import tidemark.api.checkpoint.CheckpointException;
import tidemark.api.checkpoint.DirtyTrace;
import tidemark.api.checkpoint.DirtyTrace.Epoch;
import tidemark.api.machine.Machine;
import tidemark.api.machine.Parts;
import tidemark.api.memory.DirtyTracker;
import tidemark.api.memory.PageSet;

/** Watches which pages a guest writes: a reader of its log that takes no checkpoint. */
final class DirtyWatch {
    private final Machine machine;
    private final Ledger ledger;
    private final Parts parts;
    private volatile boolean trackerGone;
    private Duration stood = Duration.ZERO;
    private boolean interrupted;

    DirtyWatch(Machine machine, Ledger ledger, Parts parts) {
        this.machine = machine;
        this.ledger = ledger;
        this.parts = parts;
    }

    DirtyTrace watch(String tracker, Duration epoch, Duration length, Consumer<Epoch> listener) throws CheckpointException {
        List<Epoch> epochs = new ArrayList<>();
        PageSet distinct = PageSet.none(machine.memory().pages());
        try (Parts.Use<DirtyTracker> use = parts.use(DirtyTracker.class, "tracker", tracker, () -> trackerGone = true)) {
            Ledger.Reader reader = ledger.begin(tracker, use.part(), this::standing);
            try {
                long begin = System.nanoTime();
                for (long due = epoch.toNanos(); due <= length.toNanos() && goesOn(begin + due); due += epoch.toNanos()) {
                    ledger.endEpoch(this::standing);
                    long end = System.nanoTime() - begin;
                    PageSet written = reader.take();
                    distinct.addAll(written);
                    epochs.add(new Epoch(Duration.ofNanos(end), written.size(), distinct.size()));
                    listener.accept(epochs.getLast());
                }
            } finally {
                reader.close(this::standing);
            }
            return new DirtyTrace(machine.name(), tracker, machine.memory().pages(), distinct.size(), stood, epochs);
        } catch (Exception e) {
            interrupted |= e instanceof InterruptedException;
            throw new CheckpointException("Cannot watch what " + machine.name() + " writes: " + Task.text(e), e);
        } finally {
            if (interrupted) { // after the log has ended, which takes a handshake
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Waits until then. @return false if there is nothing more to be seen */
    private boolean goesOn(long until) {
        try {
            Thread.sleep(Duration.ofNanos(Math.max(0, until - System.nanoTime())));
        } catch (InterruptedException e) {
            interrupted = true;
            return false;
        }
        return !trackerGone && machine.status().power() != Machine.Power.OFF;
    }

    private void standing(String kind, Stops.Work work) throws Exception {
        stood = stood.plus(machine.handshake(() -> {
            work.run();
            return null;
        }).stop().downtime());
    }
}
