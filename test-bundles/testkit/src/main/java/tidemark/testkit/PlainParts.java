package tidemark.testkit;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import tidemark.api.machine.MachineException;
import tidemark.api.machine.Parts;

/** Parts without a framework; they never go away. */
public final class PlainParts implements Parts {
    private final Map<String, Map<String, Object>> parts = new ConcurrentSkipListMap<>();

    public PlainParts with(String kind, String name, Object part) {
        parts.computeIfAbsent(kind, k -> new TreeMap<>()).put(name, part);
        return this;
    }

    @Override
    public List<PartInfo> list() {
        return parts.entrySet().stream().flatMap(kind -> kind.getValue().keySet().stream().map(name -> info(kind.getKey(), name))).toList();
    }

    @Override
    public List<String> names(String kind) {
        return List.copyOf(parts.getOrDefault(kind, Map.of()).keySet());
    }

    @Override
    public <T> Use<T> use(Class<T> type, String kind, String name, Runnable gone) {
        Object part = parts.getOrDefault(kind, Map.of()).get(name);
        if (part == null) {
            throw new MachineException("No " + kind + " part '" + name + "'; there are " + names(kind));
        }
        return new Use<>() {
            @Override
            public T part() {
                return type.cast(part);
            }

            @Override
            public PartInfo info() {
                return PlainParts.info(kind, name);
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public AutoCloseable onChange(Runnable change) {
        return () -> {};
    }

    private static PartInfo info(String kind, String name) {
        return new PartInfo(kind, name, "tests", "0", "active", 0);
    }
}
