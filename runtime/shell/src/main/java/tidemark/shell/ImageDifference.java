package tidemark.shell;

import static tidemark.api.shell.Units.count;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Stream;
import tidemark.api.checkpoint.CheckpointException;
import tidemark.api.checkpoint.ImageReader;
import tidemark.api.memory.PageDigest;
import tidemark.api.memory.PageSet;
import tidemark.api.shell.CommandError;
import tidemark.api.shell.Table;
import tidemark.api.shell.Tabular;
import tidemark.api.state.State;

/**
 * Where two images of machines of one RAM size differ.
 *
 * @param differing pages
 * @param states a line for each state that differs or that only one has
 * @param manifest a line for each entry about the machine, its disks and its instant that differs
 */
record ImageDifference(Path one, Path other, PageSet differing, List<String> states, List<String> manifest) implements Tabular {
    private static final int SHOWN_RUNS = 12;
    private static final List<String> COMPARED = List.of("machine.", "disk.", "instructions");

    /** Reads both images whole and checks them on the way. */
    static ImageDifference of(ImageReader one, Path onePath, ImageReader other, Path otherPath) throws CheckpointException, CommandError {
        if (one.pages() != other.pages()) {
            throw new CommandError("checkpoint:diff: RAM of " + onePath + " has " + count(one.pages()) + " pages, that of " + otherPath + " "
                    + count(other.pages()) + "; give images of machines of one size");
        }
        long[] digests = digests(one);
        long[] otherDigests = digests(other);
        PageSet differing = PageSet.none(one.pages());
        for (int page = 0; page < digests.length; page++) {
            if (digests[page] != otherDigests[page]) {
                differing.add(page);
            }
        }
        return new ImageDifference(onePath, otherPath, differing, states(one.states(), other.states()), manifest(one.manifest(), other.manifest()));
    }

    private static long[] digests(ImageReader image) throws CheckpointException {
        long[] digests = new long[Math.toIntExact(image.pages())];
        Arrays.fill(digests, PageDigest.ZERO);
        image.readPages((page, bytes) -> digests[Math.toIntExact(page)] = PageDigest.of(bytes));
        return digests;
    }

    private static List<String> states(List<State> ones, List<State> others) {
        List<String> lines = new ArrayList<>();
        TreeSet<String> names = new TreeSet<>();
        Stream.concat(ones.stream(), others.stream()).map(State::name).forEach(names::add);
        for (String name : names) {
            State one = State.named(ones, name).orElse(null);
            State other = State.named(others, name).orElse(null);
            if (one == null || other == null) {
                lines.add(name + ": only in the " + (one == null ? "second" : "first"));
            } else if (!one.differences(other).isEmpty()) {
                lines.add(name + ": " + String.join(", ", one.differences(other)));
            }
        }
        return lines;
    }

    private static List<String> manifest(Map<String, String> one, Map<String, String> other) {
        TreeSet<String> keys = new TreeSet<>(one.keySet());
        keys.addAll(other.keySet());
        return keys.stream().filter(key -> COMPARED.stream().anyMatch(key::startsWith)).filter(key -> !Objects.equals(one.get(key), other.get(key)))
                .map(key -> key + ": " + one.getOrDefault(key, "none") + " | " + other.getOrDefault(key, "none")).toList();
    }

    boolean isNone() {
        return differing.isEmpty() && states.isEmpty() && manifest.isEmpty();
    }

    @Override
    public Table table() {
        Table table = Table.ofProperties().row("images", one + " | " + other);
        if (isNone()) {
            return table.row("differ", "in nothing");
        }
        table.row("pages", count(differing.size()) + " of " + count(differing.capacity()) + " differ" + runs());
        states.forEach(state -> table.row("state", state));
        manifest.forEach(entry -> table.row("manifest", entry));
        return table;
    }

    /** The first runs of pages, by page numbers. */
    private String runs() {
        List<String> runs = new ArrayList<>();
        long first = differing.next(0);
        while (first >= 0 && runs.size() < SHOWN_RUNS) {
            long end = differing.nextAbsent(first);
            runs.add(end == first + 1 ? Long.toString(first) : first + "-" + (end - 1));
            first = differing.next(end);
        }
        return runs.isEmpty() ? "" : ": " + String.join(", ", runs) + (first < 0 ? "" : ", ...");
    }
}
