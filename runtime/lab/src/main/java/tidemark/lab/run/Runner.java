package tidemark.lab.run;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import tidemark.api.lab.CellExecutor;
import tidemark.api.lab.CellExecutor.Job;
import tidemark.api.lab.CellExecutor.RunningCell;
import tidemark.lab.experiment.Cell;
import tidemark.lab.experiment.Experiment;
import tidemark.lab.results.Column;
import tidemark.lab.results.Row;

/**
 * Runs what is left of an experiment. A cell that was begun and has no result goes on if its executor still has it; else it is begun once
 * more, in another
 * folder. The first try that publishes a result is the cell's. A cell that failed stays failed.
 */
public final class Runner {
    /** A cell that loses so many workers is taken to be the reason. */
    public static final int MOST_LOSSES = 3;
    private static final Duration POLL = Duration.ofMillis(100);
    private static final int NO_SLOT = -1;

    private final RunFolder folder;
    private final Experiment experiment;
    private final CellExecutor executor;
    private final CommandOf command;
    private final Listener listener;
    private final Deque<Cell> left = new ArrayDeque<>();
    private final List<Running> running = new ArrayList<>();
    private final TreeSet<Integer> freeSlots = new TreeSet<>();
    private final Map<Integer, Integer> attempts = new HashMap<>();
    private final Map<Integer, Integer> losses = new HashMap<>();
    private Journal journal;

    /** The command line of a cell's process. */
    @FunctionalInterface
    public interface CommandOf {
        List<String> of(Path run, Cell cell, int attempt);
    }

    /** Told of progress, on the thread that runs. */
    public interface Listener {
        /** A cell was handed over. */
        void started(Cell cell);

        /** A try was killed, or its worker vanished; the cell will be started once more. */
        void lost(Cell cell, int attempt);

        /** @param failure empty if it is done */
        void ended(Cell cell, String failure, int cellsLeft);
    }

    private static final class Running {
        private final Cell cell;
        private final int attempt;
        private final int slot;
        private final RunningCell process;
        private long begun;

        Running(Cell cell, int attempt, int slot, RunningCell process) {
            this.cell = cell;
            this.attempt = attempt;
            this.slot = slot;
            this.process = process;
        }

        /** Time that it waited for a worker does not count. */
        boolean hasRun(Duration limit) {
            if (begun == 0 && process.hasBegun()) {
                begun = System.nanoTime();
            }
            return begun != 0 && System.nanoTime() - begun > limit.toNanos();
        }
    }

    public Runner(RunFolder folder, CellExecutor executor, CommandOf command, Listener listener) {
        this.folder = folder;
        this.executor = executor;
        this.command = command;
        this.listener = listener;
        experiment = folder.experiment();
    }

    /** Returns when every cell has ended. Interrupted, it ends the cells that run; they are begun anew by the next run. */
    public void run() throws IOException, InterruptedException {
        FileChannel lock = folder.lock();
        try (lock; Journal opened = Journal.append(folder.journal())) {
            journal = opened;
            for (int slot = 0; slot < executor.slots(experiment.processors()); slot++) {
                freeSlots.add(slot);
            }
            try {
                goOn(folder.state());
                while (!left.isEmpty() || !running.isEmpty()) {
                    fill();
                    Thread.sleep(POLL);
                    for (Running each : List.copyOf(running)) {
                        look(each);
                    }
                }
            } finally {
                cancelAll();
            }
        }
    }

    /** From where the last run stood. */
    private void goOn(Journal.State before) throws IOException {
        for (Cell cell : folder.plan()) {
            attempts.put(cell.number(), before.attempts(cell.number()));
            losses.put(cell.number(), before.losses(cell.number()));
            Optional<Row> row = folder.row(cell, before);
            if (row.isEmpty()) {
                before.id(cell.number()).flatMap(id -> executor.find(id, log(cell, before.attempts(cell.number())))).ifPresentOrElse(
                        found -> running.add(new Running(cell, before.attempts(cell.number()), takeSlot(), found)), () -> left.add(cell));
            } else if (before.end(cell.number()).isEmpty()) {
                decide(cell, row.get());
            }
        }
    }

    private int takeSlot() {
        return freeSlots.isEmpty() ? NO_SLOT : freeSlots.pollFirst();
    }

    private Path log(Cell cell, int attempt) {
        return folder.result(cell, attempt).resolveSibling("log");
    }

    /** Begins as many cells as there are slots; what needs a pilot waits for all pilots. */
    private void fill() throws IOException {
        List<Cell> ready = new ArrayList<>();
        while (ready.size() < freeSlots.size() && !left.isEmpty()
                && (left.peek().isPilot() || ready.stream().noneMatch(Cell::isPilot) && noPilotRuns())) {
            ready.add(left.poll());
        }
        if (!ready.isEmpty()) {
            begin(ready);
        }
    }

    private boolean noPilotRuns() {
        return running.stream().noneMatch(each -> each.cell.isPilot());
    }

    private void begin(List<Cell> cells) throws IOException {
        List<Job> jobs = new ArrayList<>();
        for (Cell cell : cells) {
            int attempt = attempts.merge(cell.number(), 1, Integer::sum);
            journal.start(cell.number(), attempt);
            folder.attempt(cell, attempt);
            jobs.add(new Job(command.of(folder.path(), cell, attempt), log(cell, attempt), takeSlot(), experiment.processors(),
                    experiment.timeLimit()));
        }
        List<RunningCell> started = executor.start(jobs);
        for (int i = 0; i < cells.size(); i++) {
            Cell cell = cells.get(i);
            running.add(new Running(cell, attempts.get(cell.number()), jobs.get(i).slot(), started.get(i)));
        }
        for (Running each : running.subList(running.size() - cells.size(), running.size())) {
            journal.begun(each.cell.number(), each.attempt, each.process.id());
            listener.started(each.cell);
        }
    }

    private void look(Running each) throws IOException, InterruptedException {
        OptionalInt code = each.process.await(Duration.ZERO);
        Optional<Row> late = code.isPresent() ? Optional.empty() : folder.published(each.cell, each.attempt - 1);
        if (late.isPresent()) {
            each.process.cancel();
            retire(each);
            decide(each.cell, late.get());
        } else if (code.isPresent()) {
            retire(each);
            ended(each, code.getAsInt());
        } else if (each.hasRun(experiment.timeLimit())) {
            each.process.cancel();
            retire(each);
            fail(each.cell, each.attempt, "it did not end within " + experiment.timeLimit().toSeconds() + " s");
        }
    }

    private void retire(Running each) {
        running.remove(each);
        if (each.slot != NO_SLOT) {
            freeSlots.add(each.slot);
        }
    }

    private void ended(Running each, int code) throws IOException {
        Optional<Row> row = folder.published(each.cell, each.attempt);
        if (row.isPresent()) {
            decide(each.cell, row.get());
        } else if (code == CellExecutor.KILLED || code == CellExecutor.TERMINATED) {
            lost(each);
        } else {
            fail(each.cell, each.attempt, "its process ended with exit code " + code + " and no result; see "
                    + log(each.cell, each.attempt));
        }
    }

    private void lost(Running each) throws IOException {
        journal.lost(each.cell.number(), each.attempt);
        if (losses.merge(each.cell.number(), 1, Integer::sum) < MOST_LOSSES) {
            left.addFirst(each.cell);
            listener.lost(each.cell, each.attempt);
        } else {
            fail(each.cell, each.attempt, "it was killed, or its worker vanished, " + MOST_LOSSES + " times; see "
                    + log(each.cell, each.attempt));
        }
    }

    /** What a try published is the cell's. */
    private void decide(Cell cell, Row row) throws IOException {
        int attempt = (int) row.number(Column.ATTEMPT).orElseThrow();
        if (row.isDone()) {
            journal.done(cell.number(), attempt);
            listener.ended(cell, "", left.size() + running.size());
        } else {
            fail(cell, attempt, row.get(Column.REASON));
        }
    }

    private void fail(Cell cell, int attempt, String reason) throws IOException {
        journal.failed(cell.number(), attempt, reason);
        listener.ended(cell, reason, left.size() + running.size());
    }

    private void cancelAll() throws InterruptedException {
        try (ExecutorService all = Executors.newVirtualThreadPerTaskExecutor()) {
            all.invokeAll(running.stream().map(each -> (Callable<Void>) () -> {
                each.process.cancel();
                journal.cancelled(each.cell.number(), each.attempt);
                return null;
            }).toList());
        }
    }
}
