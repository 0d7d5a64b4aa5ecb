package tidemark.lab.experiment;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * What is compared with what: every workload with every method and every value of every factor, and a control without a checkpoint.
 *
 * @param seed of the order of cells
 * @param processors that a cell needs
 * @param methods by name; each has the settings of {@link Cell#checkpoint}
 * @param factors lists of values by setting; those of the machine (cpu, ram, harts) hold for controls too
 * @param restored whether each image is restored and its machine runs to its end, which must verify
 * @param warmUp whether a checkpoint is taken and restored before the run that is measured, so that the JVM has compiled what copies
 */
public record Experiment(String name, String title, int repetitions, long seed, Duration timeLimit, int processors, Launch launch, boolean restored, boolean warmUp,
        Map<String, String> defaults, Map<String, Workload> workloads, Map<String, Map<String, String>> methods, Map<String, List<String>> factors) {
    static final List<String> MACHINE_KEYS = List.of("cpu", "memory", "ram", "harts", "clock");
    static final List<String> CHECKPOINT_KEYS = List.of("protocol", "tracker", "copier", "layout", "stop");

    /** All cells in the order in which they run: a pilot of each workload, then blocks, each shuffled by the seed. The same for the same file. */
    public List<Cell> plan() {
        List<Cell> once = new ArrayList<>();
        workloads.keySet().forEach(workload -> addCells(workload, once));
        List<Cell> plan = new ArrayList<>();
        for (Cell cell : once) {
            if (cell.isControl()) {
                plan.add(new Cell(plan.size(), Cell.PILOT_BLOCK, cell.workload(), cell.method(), cell.checkpoint(), cell.machine()));
            }
        }
        Random random = new Random(seed);
        for (int block = 0; block < repetitions; block++) {
            List<Cell> shuffled = new ArrayList<>(once);
            Collections.shuffle(shuffled, random);
            for (Cell cell : shuffled) {
                plan.add(new Cell(plan.size(), block, cell.workload(), cell.method(), cell.checkpoint(), cell.machine()));
            }
        }
        return plan;
    }

    /** The pilot that tells how long a cell's run is. */
    public Cell pilotOf(Cell cell, List<Cell> plan) {
        return plan.stream().filter(other -> other.isPilot() && other.workload().equals(cell.workload()) && other.machine().equals(cell.machine())).findFirst().orElseThrow();
    }

    private void addCells(String workload, List<Cell> to) {
        for (Map<String, String> machine : products(true)) {
            to.add(new Cell(0, 0, workload, Cell.CONTROL, Map.of(), machine));
            methods.forEach((name, settings) -> {
                for (Map<String, String> checkpoint : products(false)) {
                    Map<String, String> all = new TreeMap<>(checkpoint);
                    all.putAll(settings);
                    to.add(new Cell(0, 0, workload, name, all, machine));
                }
            });
        }
    }

    /** Every combination of the defaults and the factors that are the machine's, or the checkpoint's. */
    private List<Map<String, String>> products(boolean ofMachine) {
        Map<String, String> start = new TreeMap<>(defaults);
        start.keySet().removeIf(key -> MACHINE_KEYS.contains(key) != ofMachine);
        List<Map<String, String>> products = new ArrayList<>(List.of(start));
        factors.forEach((key, values) -> {
            if (MACHINE_KEYS.contains(key) == ofMachine) {
                List<Map<String, String>> more = new ArrayList<>();
                for (Map<String, String> product : products) {
                    for (String value : values) {
                        Map<String, String> next = new TreeMap<>(product);
                        next.put(key, value);
                        more.add(next);
                    }
                }
                products.clear();
                products.addAll(more);
            }
        });
        return products;
    }
}
