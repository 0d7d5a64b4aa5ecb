package tidemark.lab.run;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalInt;
import java.util.TreeSet;
import tidemark.api.lab.CellExecutor;
import tidemark.api.lab.CellExecutor.Job;
import tidemark.api.lab.CellExecutor.RunningCell;
import tidemark.lab.experiment.Cell;
import tidemark.lab.results.Column;

/**
 * Runs what is left of an experiment. A cell that was begun and has no result is begun once more, in another folder: its
 * process ends with the runner's. A cell that failed stays failed.
 */
public final class Runner {
    private static final Duration POLL = Duration.ofMillis(100);

    private final RunFolder folder;
    private final CellExecutor executor;
    private final CommandOf command;
    private final Listener listener;
    private final Deque<Cell> left = new ArrayDeque<>();
    private final List<Running> running = new ArrayList<>();
    private final TreeSet<Integer> freeSlots = new TreeSet<>();
    private Journal.State before;
    private Journal journal;

    /** The command line of a cell's process. */
    @FunctionalInterface
    public interface CommandOf {
        List<String> of(Path run, Cell cell, int attempt);
    }

    /** Told of progress, on the thread that runs. */
    public interface Listener {
        void started(Cell cell);

        /** @param failure empty if it is done */
        void ended(Cell cell, String failure, int cellsLeft);
    }

    private record Running(Cell cell, int attempt, int slot, long deadline, RunningCell process) {}

    public Runner(RunFolder folder, CellExecutor executor, CommandOf command, Listener listener) {
        this.folder = folder;
        this.executor = executor;
        this.command = command;
        this.listener = listener;
    }

    /** Returns when every cell has ended. Interrupted, it ends the cells that run; they are begun anew by the next run. */
    public void run() throws IOException, InterruptedException {
        FileChannel lock = folder.lock();
        try (lock; Journal opened = Journal.append(folder.journal())) {
            journal = opened;
            before = Journal.read(folder.journal());
            folder.plan().stream().filter(cell -> !hasEnded(cell)).forEach(left::add);
            for (int slot = 0; slot < executor.slots(folder.experiment().processors()); slot++) {
                freeSlots.add(slot);
            }
            try {
                while (!left.isEmpty() || !running.isEmpty()) {
                    fill();
                    Thread.sleep(POLL);
                    collect();
                }
            } finally {
                for (Running each : running) {
                    each.process.cancel();
                }
            }
        }
    }

    private boolean hasEnded(Cell cell) {
        return before.failure(cell.number()).isPresent() || folder.row(cell, before.attempts(cell.number())).isPresent();
    }

    /** Begins as many cells as there are slots; what needs a pilot waits for all pilots. */
    private void fill() throws IOException {
        while (!freeSlots.isEmpty() && !left.isEmpty() && (left.peek().isPilot() || running.stream().noneMatch(each -> each.cell.isPilot()))) {
            begin(left.poll());
        }
    }

    private void begin(Cell cell) throws IOException {
        int attempt = before.attempts(cell.number()) + 1;
        int slot = freeSlots.pollFirst();
        journal.start(cell.number(), attempt);
        Path log = folder.attempt(cell, attempt).resolve("log");
        RunningCell process = executor.start(new Job(command.of(folder.path(), cell, attempt), log, slot, folder.experiment().processors()));
        running.add(new Running(cell, attempt, slot, System.nanoTime() + folder.experiment().timeLimit().toNanos(), process));
        listener.started(cell);
    }

    private void collect() throws IOException, InterruptedException {
        for (Iterator<Running> all = running.iterator(); all.hasNext();) {
            Running each = all.next();
            OptionalInt code = each.process.await(Duration.ZERO);
            boolean late = code.isEmpty() && System.nanoTime() - each.deadline > 0;
            if (late) {
                each.process.cancel();
            }
            if (late || code.isPresent()) {
                all.remove();
                freeSlots.add(each.slot);
                end(each, late ? "it did not end within " + folder.experiment().timeLimit().toSeconds() + " s" : failure(each, code.getAsInt()));
            }
        }
    }

    private String failure(Running each, int code) {
        return folder.row(each.cell, each.attempt).map(row -> row.isDone() ? "" : row.get(Column.REASON))
                .orElse("its process ended with exit code " + code + " and no result; see " + folder.result(each.cell, each.attempt).resolveSibling("log"));
    }

    private void end(Running each, String failure) throws IOException {
        if (failure.isEmpty()) {
            journal.done(each.cell.number(), each.attempt);
            listener.ended(each.cell, "", left.size() + running.size());
        } else {
            fail(each.cell, each.attempt, failure);
        }
    }

    private void fail(Cell cell, int attempt, String reason) throws IOException {
        journal.failed(cell.number(), attempt, reason);
        listener.ended(cell, reason, left.size() + running.size());
    }
}
