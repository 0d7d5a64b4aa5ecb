package tidemark.contract.protocol;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import tidemark.api.checkpoint.CheckpointRequest;
import tidemark.api.machine.MachineSpec;
import tidemark.api.machine.Parts;

/** Parts of a machine and of a checkpoint of it, by kind. What is not named is the platform's default. */
public record Combination(Map<String, String> parts) {
    private static final List<String> OF_CHECKPOINTS = List.of("protocol", "tracker", "copier", "layout");

    public Combination {
        parts = Collections.unmodifiableMap(new LinkedHashMap<>(parts));
    }

    public static Combination of(String protocol) {
        return new Combination(Map.of("protocol", protocol));
    }

    Combination with(String kind, String name) {
        Map<String, String> all = new LinkedHashMap<>(parts);
        all.put(kind, name);
        return new Combination(all);
    }

    private String get(String kind, String absent) {
        return parts.getOrDefault(kind, absent);
    }

    /** Every protocol that is deployed with every tracker and layout; and with every further copy strategy and layout, on the default tracker. */
    public static Stream<Combination> all(Parts parts) {
        List<Combination> all = new ArrayList<>();
        for (String protocol : parts.names("protocol")) {
            for (String layout : parts.names("layout")) {
                parts.names("tracker").forEach(tracker -> all.add(of(protocol).with("tracker", tracker).with("layout", layout)));
                parts.names("copier").stream().filter(copier -> !copier.equals(CheckpointRequest.DEFAULT_COPIER))
                        .forEach(copier -> all.add(of(protocol).with("copier", copier).with("layout", layout)));
            }
        }
        return all.stream();
    }

    /**
     * Those to judge one part by.
     *
     * @param name of a device with its options, as in a machine's specification
     */
    public static Stream<Combination> around(Parts parts, String kind, String name) {
        return OF_CHECKPOINTS.contains(kind) ? all(parts).filter(combination -> combination.has(kind, name))
                : parts.names("protocol").stream().map(protocol -> of(protocol).with(kind, name));
    }

    private boolean has(String kind, String name) {
        return name.equals(kind.equals("copier") ? get(kind, CheckpointRequest.DEFAULT_COPIER) : parts.get(kind));
    }

    /** With the oracle. */
    CheckpointRequest request(String machine, Path image) {
        return CheckpointRequest.of(machine, image, get("protocol", CheckpointRequest.DEFAULT_PROTOCOL))
                .withTracker(get("tracker", CheckpointRequest.DEFAULT_TRACKER)).withCopier(get("copier", CheckpointRequest.DEFAULT_COPIER))
                .withLayout(get("layout", CheckpointRequest.DEFAULT_LAYOUT)).withStop(get("stop", CheckpointRequest.DEFAULT_STOP))
                .withOracle(true).withOption("rateWindowMs", 20);
    }

    /** A machine whose runs repeat to the bit. */
    MachineSpec machine(String name, String guest, int ramMiB, String arguments) {
        String device = parts.containsKey("device") ? "; judged0=" + parts.get("device") : "";
        return MachineSpec.of(Map.of("name", name, "guest", guest, "ram", ramMiB, "arguments", arguments, "clock", "instructions",
                "cpu", get("cpu", "interpreter"), "memory", get("memory", "flat"), "devices", MachineSpec.DEFAULT_DEVICES + device));
    }

    @Override
    public String toString() {
        return String.join(", ", parts.values());
    }
}
