package tidemark.api.checkpoint;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A checkpoint to take: the names of its parts and where the image goes.
 *
 * @param machine name
 * @param image path of the image file, which must not exist
 * @param oracle whether to record, while the guest stands, digests of every page and all states in a file beside the
 *     image, so that {@link Checkpoints#verify} can prove the image; the time that takes is kept out of all figures
 * @param options values of options that the parts or the platform declare; others are refused
 */
public record CheckpointRequest(String machine, Path image, String protocol, String tracker, String copier, String layout,
        String stop, boolean oracle, Map<String, String> options) {
    public static final String DEFAULT_PROTOCOL = "thread";
    public static final String DEFAULT_TRACKER = "writefault";
    public static final String DEFAULT_COPIER = "single";
    public static final String DEFAULT_LAYOUT = "stream";
    public static final String DEFAULT_STOP = "downtime";
    /** Kinds of parts and their defaults, in the order in which people are told of them. */
    public static final List<Map.Entry<String, String>> DEFAULTS = List.of(Map.entry("protocol", DEFAULT_PROTOCOL), Map.entry("tracker", DEFAULT_TRACKER),
            Map.entry("copier", DEFAULT_COPIER), Map.entry("layout", DEFAULT_LAYOUT), Map.entry("stop", DEFAULT_STOP));

    public CheckpointRequest {
        options = java.util.Collections.unmodifiableMap(new TreeMap<>(options));
    }

    /** With the default tracker, copier, layout and stop condition. */
    public static CheckpointRequest of(String machine, Path image, String protocol) {
        return new CheckpointRequest(machine, image, protocol, DEFAULT_TRACKER, DEFAULT_COPIER, DEFAULT_LAYOUT, DEFAULT_STOP, false, Map.of());
    }

    public CheckpointRequest withImage(Path path) {
        return new CheckpointRequest(machine, path, protocol, tracker, copier, layout, stop, oracle, options);
    }

    public CheckpointRequest withTracker(String name) {
        return new CheckpointRequest(machine, image, protocol, name, copier, layout, stop, oracle, options);
    }

    public CheckpointRequest withCopier(String name) {
        return new CheckpointRequest(machine, image, protocol, tracker, name, layout, stop, oracle, options);
    }

    public CheckpointRequest withLayout(String name) {
        return new CheckpointRequest(machine, image, protocol, tracker, copier, name, stop, oracle, options);
    }

    public CheckpointRequest withStop(String name) {
        return new CheckpointRequest(machine, image, protocol, tracker, copier, layout, name, oracle, options);
    }

    public CheckpointRequest withOracle(boolean on) {
        return new CheckpointRequest(machine, image, protocol, tracker, copier, layout, stop, on, options);
    }

    public CheckpointRequest withOption(String name, Object value) {
        TreeMap<String, String> all = new TreeMap<>(options);
        all.put(name, value.toString());
        return new CheckpointRequest(machine, image, protocol, tracker, copier, layout, stop, oracle, all);
    }
}
