package tidemark.checkpoint;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import tidemark.api.checkpoint.CheckpointException;
import tidemark.api.checkpoint.Option;
import tidemark.api.machine.Nearest;

/** The options of one party of a checkpoint (the platform or a part): what it declares, and the values of the request. */
record Settings(String owner, List<Option> declared, Map<String, String> given) {
    static final String MAX_ROUNDS = "maxRounds";
    static final String TIME_LIMIT = "timeLimitMs";
    static final String RATE_WINDOW = "rateWindowMs";
    static final String SIDE_MEMORY = "sideMemoryMiB";
    static final String ON_NO_CONVERGENCE = "onNoConvergence";
    static final String STOP = "stop";
    static final String CANCEL = "cancel";
    static final String THROTTLE = "throttle";
    /** Times the time limit after which a checkpoint fails that does not end its rounds. */
    static final int HARD_LIMIT_FACTOR = 4;
    static final List<Option> PLATFORM = List.of(
            new Option(MAX_ROUNDS, 30, 1, "rounds after which a live protocol stops the guest for the rest"),
            new Option(TIME_LIMIT, 60_000, 1, "time after which a live protocol stops the guest for the rest; after " + HARD_LIMIT_FACTOR
                    + " times as long an unfinished checkpoint fails"),
            new Option(RATE_WINDOW, 1000, 0, "how long the guest's undisturbed rate is measured before the request and after the end"),
            new Option(SIDE_MEMORY, 256, 1, "MiB of pages that a protocol keeps beside RAM and image at most"),
            Option.oneOf(ON_NO_CONVERGENCE, List.of(STOP, CANCEL, THROTTLE), "what a live protocol does when " + MAX_ROUNDS + " or " + TIME_LIMIT
                    + " is reached: stop the guest for the rest, or give the checkpoint up; throttle slows the guest down from the half of them on, and then stops it"));

    static Settings platform(Map<String, String> given) {
        return new Settings("the platform", PLATFORM, given);
    }

    /**
     * Refuses options that nobody declares, and values that are not allowed.
     *
     * @param owners which other parts an option belongs to, and how they are chosen
     */
    static void check(Map<String, String> given, List<Settings> all, Function<String, List<String>> owners) throws CheckpointException {
        Set<String> known = all.stream().flatMap(s -> s.declared.stream()).map(Option::name).collect(Collectors.toCollection(TreeSet::new));
        TreeSet<String> unknown = new TreeSet<>(given.keySet());
        unknown.removeAll(known);
        if (!unknown.isEmpty()) {
            List<String> others = owners.apply(unknown.first());
            if (!others.isEmpty()) {
                throw new CheckpointException("Option " + unknown.first() + " belongs to " + String.join(" and ", others) + ", which is not chosen");
            }
            throw new CheckpointException("Unknown option " + String.join(", ", unknown) + " of the chosen parts; "
                    + Nearest.hint(unknown.first(), known));
        }
        for (Settings settings : all) {
            settings.checkValues();
        }
    }

    Settings checkValues() throws CheckpointException {
        for (Option option : declared) {
            value(option);
        }
        return this;
    }

    /** @throws IllegalArgumentException if the owner does not declare the option */
    String word(String name) {
        return option(name).text(get(name));
    }

    /** @throws IllegalArgumentException if the owner does not declare the option */
    long get(String name) {
        Option option = option(name);
        try {
            return value(option);
        } catch (CheckpointException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private Option option(String name) {
        return declared.stream().filter(o -> o.name().equals(name)).findFirst().orElseThrow(() -> new IllegalArgumentException(
                owner + " reads option '" + name + "', which it does not declare; it declares "
                        + declared.stream().map(Option::name).toList()));
    }

    private long value(Option option) throws CheckpointException {
        String text = given.get(option.name());
        if (text == null) {
            return option.absent();
        }
        if (!option.words().isEmpty()) {
            int place = option.words().indexOf(text.strip());
            if (place < 0) {
                throw new CheckpointException(refusal(option, text));
            }
            return place;
        }
        try {
            long value = Long.parseLong(text.strip());
            if (value >= option.least() && value <= option.most()) {
                return value;
            }
        } catch (NumberFormatException e) {
            throw new CheckpointException(refusal(option, text), e);
        }
        throw new CheckpointException(refusal(option, text));
    }

    private String refusal(Option option, String text) {
        return "Option " + option.name() + "=" + text + " of " + owner + (option.words().isEmpty() ? ": give a whole number, " : ": give ") + option.allowed();
    }
}
