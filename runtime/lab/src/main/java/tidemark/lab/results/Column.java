package tidemark.lab.results;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The columns of {@code results.csv}; units are in the names. Empty where a column does not apply, as a control's latency. */
public enum Column {
    CELL("number of the cell in the plan"),
    BLOCK("repetition; -1 for a pilot, which is in no statistic"),
    ATTEMPT("which try of the cell this is, from 1"),
    WORKLOAD("what was computed"),
    METHOD("how it was saved; control: not at all"),
    STATUS("done or failed"),
    REASON("why it failed"),
    CPU("execution engine"),
    RAM_MIB("RAM of the machine"),
    HARTS("harts of the machine"),
    PROTOCOL("checkpoint protocol"),
    TRACKER("dirty tracker"),
    COPIER("copy strategy"),
    LAYOUT("form of the image"),
    STOP("stop condition"),
    OPTIONS("other options of the checkpoint"),
    RUN_S("from power-on, or from the workload's begin, to its end, by the clock on the wall"),
    OWN_TIME_S("what the benchmark's own timer says"),
    INSTRUCTIONS("instructions that the guest retired, from power-on to its end"),
    MACHINE_CPU_S("CPU time of the hart's thread, run and checkpoint together"),
    LAUNCHED_AT_INSTRUCTIONS("instructions retired when the checkpoint was requested"),
    LATENCY_S("checkpoint time: request to durable image"),
    DOWNTIME_S("how long the guest stood for the checkpoint, in all"),
    DOWNTIME_LONGEST_S("how long at once"),
    PAUSES("how often the guest stood"),
    ROUNDS("passes over a set of pages"),
    PAGES_COPIED("a page that was copied twice counts twice"),
    IMAGE_BYTES("size of the image on disk: the state file"),
    HART_CPU_S("CPU time that the checkpoint took of the hart's own thread"),
    CHECKPOINT_CPU_S("CPU time of the checkpoint's threads"),
    PROGRESS_PERCENT("instructions retired during the checkpoint, of those at the undisturbed rate"),
    COPYING_ENDED_BY("which rule ended the copying: a stop condition, a limit, or the protocol"),
    RESTORE_S("restart time: request to a machine that stands ready for its next instruction"),
    RESTORED_RUN_S("the restored machine, from its first instruction to its end"),
    VERIFICATION("the workload's word on its result"),
    RESTORED_VERIFICATION("the same of the restored machine, run to its end"),
    PROBLEM_SIZE("as the benchmark prints it"),
    ITERATIONS("as the benchmark prints it"),
    OPERATIONS_M("million operations: the benchmark's rate times its own time"),
    DATA_TUPLES("DC: tuples of the data set"),
    CUBE_VIEWS("DC: views that it computes of the data cube"),
    CUBE_ROWS("DC: rows of all views, of all iterations together"),
    CUBE_DISK_BYTES("DC: bytes on its disk, of the tuples and of all views"),
    OTHERS_CPUS("CPUs that others kept busy meanwhile, on average"),
    STARTED("when, UTC"),
    CELL_S("the cell's process, from its start to its result"),
    PLATFORM_COMMIT("commit of the checkout that the platform was built in, with -dirty if files differed from it; else the platform's version"),
    HOST("name of the host that the cell ran on"),
    PROCESSOR("what the host's processor calls itself"),
    HOST_CPUS("processors that the cell's JVM saw"),
    HOST_MEMORY_BYTES("memory that the cell's JVM saw"),
    OS("the host's system"),
    JVM("name and version of the Java virtual machine"),
    SEED("the experiment's seed, of the order of cells"),
    PARTS_SHA256("digest of the platform's parts; parts.csv has the version and digest of each");

    private final String meaning;

    Column(String meaning) {
        this.meaning = meaning;
    }

    public String meaning() {
        return meaning;
    }

    /** As in the file's head. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<Column> of(String label) {
        return Arrays.stream(values()).filter(column -> column.label().equals(label)).findFirst();
    }
}
