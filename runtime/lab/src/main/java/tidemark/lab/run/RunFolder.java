package tidemark.lab.run;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import tidemark.lab.experiment.Cell;
import tidemark.lab.experiment.Experiment;
import tidemark.lab.experiment.ExperimentException;
import tidemark.lab.experiment.ExperimentFile;
import tidemark.lab.results.Column;
import tidemark.lab.results.Row;
import tidemark.lab.results.RowFile;

/** The folder of a run: the experiment as it was when the run began, the journal, a folder for each cell, the report. */
public final class RunFolder {
    private static final String EXPERIMENT = "experiment.yaml";
    private final Path folder;
    private final Experiment experiment;
    private final List<Cell> plan;

    private RunFolder(Path folder, Experiment experiment) {
        this.folder = folder;
        this.experiment = experiment;
        plan = experiment.plan();
    }

    /** Makes a folder, only its user's. @throws IOException if it is there already and is not empty */
    public static RunFolder create(Path folder, Path experiment) throws IOException, ExperimentException {
        Experiment parsed = ExperimentFile.read(experiment);
        if (Files.exists(folder.resolve(EXPERIMENT))) {
            throw new IOException(folder + " has a run of an experiment; go on with it by lab resume " + folder + ", or give another --out");
        }
        Files.createDirectories(folder.toAbsolutePath().getParent());
        if (Files.notExists(folder)) {
            Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        RowFile.write(folder.resolve(EXPERIMENT), Files.readString(experiment));
        return new RunFolder(folder, parsed);
    }

    public static RunFolder open(Path folder) throws IOException, ExperimentException {
        Path file = folder.resolve(EXPERIMENT);
        if (Files.notExists(file)) {
            throw new IOException(folder + " has no run of an experiment: there is no " + file);
        }
        return new RunFolder(folder, ExperimentFile.read(file));
    }

    /** Keeps others from running it. Released when closed, and when this process ends. */
    FileChannel lock() throws IOException {
        FileChannel channel = FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return channel;
            }
        } catch (OverlappingFileLockException e) {
            // told below
        }
        channel.close();
        throw new IOException("The run in " + folder + " goes on in another process; wait for it, or end that process first");
    }

    public Path path() {
        return folder;
    }

    public Experiment experiment() {
        return experiment;
    }

    public List<Cell> plan() {
        return plan;
    }

    /** The experiment as it was when the run began. */
    public Path experimentFile() {
        return folder.resolve(EXPERIMENT);
    }

    Path journal() {
        return folder.resolve("journal.jsonl");
    }

    /** Where cells keep of which parts their platform consisted. */
    public Path parts() {
        return folder.resolve("parts");
    }

    /** The folder of a cell's try; made if it is not there. */
    public Path attempt(Cell cell, int attempt) throws IOException {
        return Files.createDirectories(cellFolder(cell).resolve("attempt-" + attempt));
    }

    /** Where a cell's try publishes its row. */
    public Path result(Cell cell, int attempt) {
        return cellFolder(cell).resolve("attempt-" + attempt).resolve("result.json");
    }

    /** What the cells' tries came to. */
    Journal.State state() throws IOException {
        return Journal.read(journal());
    }

    /** A cell's row, once it has ended; of a failed cell, too. */
    public Optional<Row> row(Cell cell) throws IOException {
        return row(cell, state());
    }

    /** Whether a later try of the cell was begun, or the cell has ended: this one need not run. */
    public boolean isSuperseded(Cell cell, int attempt) throws IOException {
        Journal.State state = state();
        return state.attempts(cell.number()) > attempt || row(cell, state).isPresent();
    }

    /** As the journal has it; for a cell of which the journal has no end, the first try that published a row. */
    Optional<Row> row(Cell cell, Journal.State state) {
        Optional<Journal.End> end = state.end(cell.number());
        if (end.isEmpty()) {
            return published(cell, state.attempts(cell.number()));
        }
        Optional<Row> row = published(cell, end.get().attempt(), end.get().attempt());
        Optional<String> failure = end.get().failure();
        return failure.isEmpty() ? row : row.filter(found -> !found.isDone())
                .or(() -> failure.map(reason -> Row.failed(cell, end.get().attempt(), reason)));
    }

    /** The row of the first of so many tries that published one. */
    Optional<Row> published(Cell cell, int attempts) {
        return published(cell, 1, attempts);
    }

    private Optional<Row> published(Cell cell, int first, int last) {
        return IntStream.rangeClosed(first, last).boxed().flatMap(attempt -> RowFile.read(result(cell, attempt))
                .filter(row -> row.cell() == cell.number() && row.get(Column.ATTEMPT).equals(attempt.toString())).stream()).findFirst();
    }

    /** The rows of all cells that have ended, in the order of the plan; failed ones, too. */
    public List<Row> rows() throws IOException {
        Journal.State state = state();
        return plan.stream().flatMap(cell -> row(cell, state).stream()).toList();
    }

    private Path cellFolder(Cell cell) {
        return folder.resolve("cells").resolve(String.format("%04d", cell.number()));
    }
}
