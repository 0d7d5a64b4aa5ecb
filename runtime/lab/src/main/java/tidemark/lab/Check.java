package tidemark.lab;

import static tidemark.api.shell.Units.bytes;
import static tidemark.api.shell.Units.time;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import tidemark.api.shell.Table;
import tidemark.api.shell.Tabular;
import tidemark.lab.estimate.Estimate;
import tidemark.lab.experiment.Cell;
import tidemark.lab.experiment.Experiment;
import tidemark.lab.run.RunFolder;

/** What an experiment is, and what it will take on this host. */
record Check(Experiment experiment, Optional<RunFolder> earlier, Estimate estimate, int atOnce) implements Tabular {
    /** @param atOnce how many cells run at once */
    Check(Experiment experiment, Optional<RunFolder> earlier, int atOnce) throws IOException {
        this(experiment, earlier, new Estimate(experiment, earlier), atOnce);
    }

    @Override
    public Table table() {
        List<Cell> plan = experiment.plan();
        long pilots = plan.stream().filter(Cell::isPilot).count();
        Duration most = experiment.timeLimit().multipliedBy(plan.size()).dividedBy(atOnce);
        return Table.ofProperties().row("experiment", experiment.title())
                .row("cells", plan.size() + ", " + pilots + " of them pilots; " + atOnce + " at once on this host")
                .row("workloads", String.join(", ", experiment.workloads().keySet()))
                .row("methods", Cell.CONTROL + ", " + String.join(", ", experiment.methods().keySet()))
                .row("repetitions", experiment.repetitions()).row("time", howLong())
                .row("at most", time(most) + ", if each cell takes as long as it may").row("disk", howMuchDisk());
    }

    private String howLong() {
        return estimate.time(atOnce).map(about -> "about " + time(about) + ", by " + earlier.orElseThrow().path())
                .orElseGet(() -> "not known: " + earlier.map(run -> run.path() + " has no cell of " + String.join(", ", estimate.unknown()))
                        .orElse("nothing of it has run here; --run names an earlier run of its workloads"));
    }

    private String howMuchDisk() {
        return estimate.disk(atOnce).isPresent() ? "about " + bytes(estimate.disk(atOnce).getAsDouble())
                + " at most: one image of each cell that runs, and what is kept of all"
                : "an image, about as large as its machine's RAM, of each cell that runs";
    }
}
