package tidemark.machine;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import tidemark.api.device.Device;
import tidemark.api.device.DeviceContext;
import tidemark.api.device.DeviceNode;
import tidemark.api.device.DevicePart;
import tidemark.api.machine.MachineException;
import tidemark.api.machine.Nearest;
import tidemark.api.machine.Parts;

/** Parts without a framework. They can go and come back. */
final class TestParts implements Parts {
    private final Map<String, Object> parts = new HashMap<>();
    private final List<UseHere<?>> uses = new CopyOnWriteArrayList<>();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

    TestParts add(String kind, String name, Object part) {
        parts.put(kind + ":" + name, part);
        listeners.forEach(Runnable::run);
        return this;
    }

    void remove(String kind, String name) {
        for (UseHere<?> use : uses) {
            if (use.info.kind().equals(kind) && use.info.name().equals(name)) {
                use.gone.run();
                uses.remove(use);
            }
        }
        parts.remove(kind + ":" + name);
    }

    int openUses() {
        return uses.size();
    }

    @Override
    public List<PartInfo> list() {
        List<PartInfo> list = new ArrayList<>();
        parts.keySet().stream().sorted().forEach(key -> list.add(info(key.split(":")[0], key.split(":")[1])));
        return list;
    }

    private static PartInfo info(String kind, String name) {
        return new PartInfo(kind, name, "test", "0", "active", 0);
    }

    @Override
    public List<String> names(String kind) {
        return list().stream().filter(info -> info.kind().equals(kind)).map(PartInfo::name).toList();
    }

    @Override
    public <T> Use<T> use(Class<T> type, String kind, String name, Runnable gone) {
        Object part = parts.get(kind + ":" + name);
        if (part == null) {
            throw new MachineException("No " + kind + " part '" + name + "' is deployed; " + Nearest.hint(name, names(kind)));
        }
        UseHere<T> use = new UseHere<>(type.cast(part), info(kind, name), gone);
        uses.add(use);
        return use;
    }

    @Override
    public AutoCloseable onChange(Runnable change) {
        listeners.add(change);
        return () -> listeners.remove(change);
    }

    private final class UseHere<T> implements Use<T> {
        private final T part;
        private final PartInfo info;
        private final Runnable gone;

        UseHere(T part, PartInfo info, Runnable gone) {
            this.part = part;
            this.info = info;
            this.gone = gone;
        }

        @Override
        public T part() {
            return part;
        }

        @Override
        public PartInfo info() {
            return info;
        }

        @Override
        public void close() {
            uses.remove(this);
        }
    }

    /** A device part of a plug-in, whose classes are not public, or one made here. */
    static DevicePart device(long address, int interrupt, java.util.function.Function<DeviceContext, Device> create) {
        return new DevicePart() {
            @Override
            public long windowSize() {
                return 0x1000;
            }

            @Override
            public long defaultAddress() {
                return address;
            }

            @Override
            public int defaultInterrupt() {
                return interrupt;
            }

            @Override
            public DeviceNode node() {
                return new DeviceNode("test-device", "tidemark,test-device");
            }

            @Override
            public Device create(DeviceContext context) {
                return create.apply(context);
            }
        };
    }
}
