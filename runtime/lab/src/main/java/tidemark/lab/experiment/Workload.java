package tidemark.lab.experiment;

import java.util.List;
import java.util.Map;

/**
 * What a cell computes: any machine.
 *
 * @param machine settings as those of a machine's file: {@code guest} or {@code kernel}, {@code ram}, {@code arguments}, {@code devices}, ...
 * @param steps what is typed at its console, and what is waited for before each; empty for a guest that begins by itself
 * @param begin what the console shows where the run begins that is measured; empty for power-on
 * @param end what it shows at the end; empty for power-off
 * @param success what it shows of a right result; empty for the guest's own verification
 */
public record Workload(String name, Map<String, String> machine, List<Step> steps, String begin, String end, String success) {
    public Workload {
        machine = Map.copyOf(machine);
        steps = List.copyOf(steps);
    }

    /**
     * @param expect a regular expression; empty for at once
     * @param send text, with \n and the like resolved
     */
    public record Step(String expect, String send) {}
}
