package tidemark.lab.experiment;

import java.util.Map;

/**
 * One run of an experiment.
 *
 * @param number from 0, by which its results are found; the same whenever the same file is planned
 * @param block repetitions are blocks: each has every cell once, in an order of its own. -1 for pilots, which run first and tell how long a workload is
 * @param method {@link #CONTROL} for a run without a checkpoint, or a method's name
 * @param checkpoint {@code protocol}, {@code tracker}, {@code copier}, {@code layout}, {@code stop} and options with {@code o.} before their names; empty for a control
 * @param machine settings of the machine that the workload leaves open: {@code cpu}, {@code ram}, {@code harts}
 */
public record Cell(int number, int block, String workload, String method, Map<String, String> checkpoint, Map<String, String> machine) {
    public static final String CONTROL = "control";
    public static final int PILOT_BLOCK = -1;

    public Cell {
        checkpoint = Map.copyOf(checkpoint);
        machine = Map.copyOf(machine);
    }

    public boolean isPilot() {
        return block == PILOT_BLOCK;
    }

    public boolean isControl() {
        return method.equals(CONTROL);
    }
}
