package tidemark.checkpoint;

import java.util.ArrayList;
import java.util.List;
import tidemark.api.checkpoint.CheckpointException;
import tidemark.api.machine.Machine;
import tidemark.api.machine.MachineException;
import tidemark.api.memory.DirtyLog;
import tidemark.api.memory.DirtyTracker;
import tidemark.api.memory.PageSet;

/**
 * The one dirty log of a machine, and its readers: each gets the pages of every epoch that ends after it has begun to read. The log begins with
 * the first reader and ends with the last. Any thread.
 */
final class Ledger {
    private final Machine machine;
    private final List<Reader> readers = new ArrayList<>();
    private DirtyLog log = DirtyLog.NONE;
    private String tracker = "";

    Ledger(Machine machine) {
        this.machine = machine;
    }

    /** How a piece of work comes to be done while no hart runs. */
    @FunctionalInterface
    interface Standing {
        void run(String kind, Stops.Work work) throws Exception;
    }

    /** Pages that were written, for one who asks. */
    final class Reader {
        private final PageSet pages = PageSet.none(machine.memory().pages());

        private Reader() {}

        /** What was written in the epochs that have ended since this was asked last. */
        PageSet take() {
            synchronized (Ledger.this) {
                PageSet taken = pages.copy();
                pages.clear();
                return taken;
            }
        }

        /** The same, which stays to be taken. */
        PageSet look() {
            synchronized (Ledger.this) {
                return pages.copy();
            }
        }

        /** No effect if it does not read any more. */
        void close(Standing standing) throws Exception {
            DirtyLog former;
            synchronized (Ledger.this) {
                if (!readers.remove(this) || !readers.isEmpty()) {
                    return;
                }
                former = log;
                log = DirtyLog.NONE;
            }
            // not under the lock: a slice on the hart's thread may wait for it
            try {
                standing.run("end", () -> {
                    machine.memory().dirtyLog(DirtyLog.NONE);
                    machine.flushWrites();
                    former.close();
                });
            } catch (MachineException gone) {
                former.close();
            }
        }
    }

    /** A reader of what is written from now on. If there are others, the epoch ends, and they get it. */
    synchronized Reader begin(String name, DirtyTracker with, Standing standing) throws Exception {
        if (readers.isEmpty() && machine.memory().dirtyLog() != DirtyLog.NONE) {
            throw new CheckpointException("RAM of " + machine.name() + " is tracked already, by " + machine.memory().dirtyLog());
        }
        if (!readers.isEmpty() && !name.equals(tracker)) {
            throw new CheckpointException("RAM of " + machine.name() + " is tracked by '" + tracker + "' for its increments; take the checkpoint with that tracker, "
                    + "or end them with checkpoint:end " + machine.name());
        }
        if (readers.isEmpty()) {
            tracker = name;
            standing.run("start", () -> {
                log = with.open(machine.memory());
                machine.memory().dirtyLog(log);
                machine.flushWrites();
            });
        } else {
            standing.run("start", this::flip);
            collect();
        }
        Reader reader = new Reader();
        readers.add(reader);
        return reader;
    }

    /** Another reader from the end of the last epoch on, without one. While the log is read. */
    synchronized Reader fork() {
        if (readers.isEmpty()) {
            throw new IllegalStateException("No log has begun");
        }
        Reader reader = new Reader();
        readers.add(reader);
        return reader;
    }

    /** Ends the epoch; all readers get its pages. */
    synchronized void endEpoch(Standing standing) throws Exception {
        standing.run("epoch", this::flip);
        collect();
    }

    /** The log, which wants to know what went into images; none if others than the given readers read it: they may not have those images. */
    synchronized DirtyLog toldOfCopies(Reader one, Reader other) {
        return readers.stream().allMatch(reader -> reader == one || reader == other) ? log : DirtyLog.NONE;
    }

    private void flip() {
        log.flip();
        machine.flushWrites();
    }

    private void collect() {
        PageSet dirty = PageSet.none(machine.memory().pages());
        log.collect(dirty);
        readers.forEach(reader -> reader.pages.addAll(dirty));
    }
}
