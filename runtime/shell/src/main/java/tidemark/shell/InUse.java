package tidemark.shell;

import tidemark.api.machine.Machine.UsedPart;

/**
 * A part that a machine is made of, or that its checkpoints are taken with.
 *
 * @param exchanges how many came after the first; -1 for a part of checkpoints, which is used when one is taken
 */
public record InUse(String part, String kind, String now, int exchanges) {
    static InUse of(UsedPart used) {
        return new InUse(used.part(), used.kind(), used.name(), used.exchanges());
    }
}
