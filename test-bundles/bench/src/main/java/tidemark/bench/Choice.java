package tidemark.bench;

import java.util.Arrays;
import java.util.List;
import tidemark.api.shell.CommandError;

/** Lists of names as options have them. */
public final class Choice {
    private Choice() {}

    /**
     * @param option command and option, for messages
     * @param names separated by commas; {@code all} or {@code none}
     * @throws CommandError if one is not known, with those that are
     */
    public static List<String> of(String option, String names, List<String> known) throws CommandError {
        if (names.equals("none")) {
            return List.of();
        }
        List<String> chosen = names.equals("all") ? known : Arrays.stream(names.split(",")).map(String::strip).toList();
        for (String name : chosen) {
            if (!known.contains(name)) {
                throw new CommandError(option + " has '" + name + "'; there are " + String.join(", ", known) + "; or all, or none");
            }
        }
        return chosen;
    }
}
