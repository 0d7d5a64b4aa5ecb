package tidemark.testkit;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import tidemark.api.machine.MachineException;
import tidemark.api.machine.Parts;

/** Parts without a framework. */
public final class PlainParts implements Parts {
    private final Map<String, Map<String, Object>> parts = new ConcurrentSkipListMap<>();
    private final List<PlainUse<?>> uses = new CopyOnWriteArrayList<>();

    public PlainParts with(String kind, String name, Object part) {
        parts.computeIfAbsent(kind, k -> new ConcurrentSkipListMap<>()).put(name, part);
        return this;
    }

    /** The part goes away: whoever uses it leaves it. */
    public void without(String kind, String name) {
        Object part = parts.get(kind).remove(name);
        uses.stream().filter(use -> use.part == part && use.info.name().equals(name)).forEach(PlainUse::goes);
    }

    private final class PlainUse<T> implements Use<T> {
        private final T part;
        private final PartInfo info;
        private final Runnable gone;

        PlainUse(T part, PartInfo info, Runnable gone) {
            this.part = part;
            this.info = info;
            this.gone = gone;
            uses.add(this);
        }

        @Override
        public T part() {
            return part;
        }

        @Override
        public PartInfo info() {
            return info;
        }

        void goes() {
            if (uses.remove(this)) {
                gone.run();
            }
        }

        @Override
        public void close() {
            uses.remove(this);
        }
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
        return new PlainUse<>(type.cast(part), info(kind, name), gone);
    }

    @Override
    public AutoCloseable onChange(Runnable change) {
        return () -> {};
    }

    private static PartInfo info(String kind, String name) {
        return new PartInfo(kind, name, "tests", "0", "active", 0);
    }
}
