package tidemark.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.ToLongFunction;
import tidemark.api.checkpoint.CheckpointException;
import tidemark.api.checkpoint.CheckpointProtocol;
import tidemark.api.checkpoint.CheckpointSession;
import tidemark.api.checkpoint.CopyStrategy;
import tidemark.api.checkpoint.ImageLayout;
import tidemark.api.checkpoint.ImageReader;
import tidemark.api.checkpoint.ImageWriter;
import tidemark.api.checkpoint.Option;
import tidemark.api.checkpoint.PageBatch;
import tidemark.api.checkpoint.Progress;
import tidemark.api.checkpoint.StopCondition;
import tidemark.api.machine.DiskLayer;
import tidemark.api.machine.Machine;
import tidemark.api.machine.MachineException;
import tidemark.api.machine.MachineSpec;
import tidemark.api.machine.Machines;
import tidemark.api.machine.Parts;
import tidemark.api.memory.Barrier;
import tidemark.api.memory.DirtyLog;
import tidemark.api.memory.DirtyTracker;
import tidemark.api.memory.PageSet;
import tidemark.api.memory.PhysicalMemory;
import tidemark.api.state.State;

/** Parts and machines in plain Java, some of which fail on demand. */
final class Fakes {
    private Fakes() {}

    /** The steps of a protocol. */
    @FunctionalInterface
    interface Recipe {
        void take(CheckpointSession session) throws CheckpointException, InterruptedException;
    }

    static CheckpointProtocol protocol(Recipe recipe, Option... options) {
        return new CheckpointProtocol() {
            @Override
            public String description() {
                return "";
            }

            @Override
            public List<Option> options() {
                return List.of(options);
            }

            @Override
            public void take(CheckpointSession session) throws CheckpointException, InterruptedException {
                recipe.take(session);
            }
        };
    }

    static StopCondition stopAfter(int rounds) {
        return new StopCondition() {
            @Override
            public String description() {
                return "";
            }

            @Override
            public boolean reached(Progress progress, ToLongFunction<String> option) {
                return progress.round() >= rounds;
            }
        };
    }

    /** Copies chunk after chunk on the calling thread. */
    static final class Copier implements CopyStrategy {
        @Override
        public String description() {
            return "";
        }

        @Override
        public CopyStrategy.Copier open(CopyContext context) {
            return new CopyStrategy.Copier() {
                @Override
                public void copy(List<Chunk> chunks) throws IOException {
                    for (Chunk chunk : chunks) {
                        chunk.copy();
                    }
                }

                @Override
                public void close() {}
            };
        }
    }

    /** Two words of marks for each page: one for the epoch that runs, one for those that ended. */
    static final class Tracker implements DirtyTracker {
        volatile int open;

        @Override
        public DirtyLog open(PhysicalMemory memory) {
            open++;
            return new DirtyLog() {
                private final AtomicLongArray now = new AtomicLongArray((int) memory.pages());
                private final PageSet ended = PageSet.none(memory.pages());

                @Override
                public Barrier barrier() {
                    return Barrier.FIRST_WRITE;
                }

                @Override
                public void mark(long page) {
                    now.set((int) page, 1);
                }

                @Override
                public void flip() {
                    for (int page = 0; page < now.length(); page++) {
                        if (now.getAndSet(page, 0) != 0) {
                            ended.add(page);
                        }
                    }
                }

                @Override
                public void collect(PageSet into) {
                    into.addAll(ended);
                    ended.clear();
                }

                @Override
                public void close() {
                    open--;
                }
            };
        }
    }

    /** Keeps images in the heap; the file only marks their place. */
    static final class Layout implements ImageLayout {
        final Map<Path, Image> published = new ConcurrentHashMap<>();
        volatile int unfinished;
        /** Called before every batch that is written. */
        volatile Fault fault = () -> {};

        @Override
        public String description() {
            return "";
        }

        @Override
        public ImageWriter create(Path file, long pages) {
            unfinished++;
            return new Image(this, file, pages);
        }

        @Override
        public ImageWriter replace(Path file, long pages) {
            return create(file, pages);
        }

        @Override
        public boolean recognizes(Path file) {
            return published.containsKey(file);
        }

        @Override
        public ImageReader open(Path file) {
            return published.get(file);
        }
    }

    @FunctionalInterface
    interface Fault {
        void happen() throws IOException;
    }

    static class Image implements ImageWriter, ImageReader {
        private final Layout layout;
        private final Path file;
        private final long pages;
        final Map<Long, byte[]> data = new ConcurrentHashMap<>();
        private List<State> states = List.of();
        private Map<String, String> manifest = Map.of();
        private boolean closed;
        private Optional<Parent> parent = Optional.empty();
        /** A page whose bytes are damaged, or -1. */
        volatile long damaged = -1;

        Image(Layout layout, Path file, long pages) {
            this.layout = layout;
            this.file = file;
            this.pages = pages;
        }

        @Override
        public Optional<Places> places() {
            return Optional.empty();
        }

        @Override
        public void writePages(PageBatch batch) throws IOException {
            layout.fault.happen();
            ByteBuffer bytes = batch.data();
            for (int i = 0; i < batch.count(); i++) {
                byte[] page = new byte[PhysicalMemory.PAGE_SIZE];
                if (!batch.isZero(i)) {
                    bytes.get(page);
                }
                data.put(batch.page(i), page);
            }
        }

        @Override
        public void writeStates(List<State> all) {
            states = List.copyOf(all);
        }

        @Override
        public void writeParent(Parent of) {
            parent = Optional.of(of);
        }

        @Override
        public Optional<Parent> parent() {
            return parent;
        }

        @Override
        public PageSet own() {
            PageSet own = PageSet.none(pages);
            data.keySet().forEach(own::add);
            return parent.isPresent() ? own : PageSet.all(pages);
        }

        @Override
        public long bytes() {
            return data.size() * (long) PhysicalMemory.PAGE_SIZE;
        }

        @Override
        public void publish(Map<String, String> text) throws IOException {
            manifest = new TreeMap<>(text);
            Files.createFile(file);
            layout.published.put(file, this);
        }

        @Override
        public Map<String, String> manifest() {
            return manifest;
        }

        @Override
        public List<State> states() {
            return states;
        }

        @Override
        public long pages() {
            return pages;
        }

        @Override
        public List<Section> sections() {
            return List.of();
        }

        @Override
        public void readPages(PageSet wanted, PageSink sink) throws CheckpointException {
            PageBatch batch = new PageBatch();
            ByteBuffer direct = ByteBuffer.allocateDirect(PhysicalMemory.PAGE_SIZE).alignedSlice(8);
            long address = java.lang.foreign.MemorySegment.ofBuffer(direct).address();
            for (Map.Entry<Long, byte[]> page : data.entrySet()) {
                if (page.getKey() == damaged) {
                    throw new CheckpointException("page " + damaged + " is damaged");
                }
                if (!wanted.contains(page.getKey())) {
                    continue;
                }
                direct.put(0, page.getValue());
                batch.clear();
                sink.page(page.getKey(), batch.add(page.getKey(), address));
            }
        }

        @Override
        public void close() {
            if (!closed) {
                closed = true;
                layout.unfinished--;
            }
        }
    }

    /** Parts by kind and name, which can be taken away. */
    static final class FakeParts implements Parts {
        private final Map<String, Object> parts = new LinkedHashMap<>();
        private final Map<String, List<Runnable>> users = new HashMap<>();
        /** A part that goes away in the moment in which it is taken into use. */
        volatile String fleeting = "";

        FakeParts with(String kind, String name, Object part) {
            parts.put(kind + " " + name, part);
            return this;
        }

        /** Takes a part away, as its bundle's stop would. */
        void remove(String kind, String name) {
            List<Runnable> gone;
            synchronized (this) {
                parts.remove(kind + " " + name);
                gone = List.copyOf(users.getOrDefault(kind + " " + name, List.of()));
            }
            gone.forEach(Runnable::run);
        }

        synchronized int users() {
            return users.values().stream().mapToInt(List::size).sum();
        }

        @Override
        public List<PartInfo> list() {
            return List.of();
        }

        @Override
        public synchronized List<String> names(String kind) {
            return parts.keySet().stream().filter(key -> key.startsWith(kind + " ")).map(key -> key.substring(kind.length() + 1)).sorted()
                    .toList();
        }

        @Override
        public synchronized <T> Use<T> use(Class<T> type, String kind, String name, Runnable gone) {
            String key = kind + " " + name;
            Object part = parts.get(key);
            if (part == null) {
                throw new MachineException("There is no " + key + "; there are " + names(kind));
            }
            users.computeIfAbsent(key, k -> new ArrayList<>()).add(gone);
            if (key.equals(fleeting)) {
                gone.run();
            }
            return new Use<>() {
                @Override
                public T part() {
                    return type.cast(part);
                }

                @Override
                public PartInfo info() {
                    return new PartInfo(kind, name, "fakes", "1", "active", 1);
                }

                @Override
                public void close() {
                    synchronized (FakeParts.this) {
                        users.get(key).remove(gone);
                    }
                }
            };
        }

        @Override
        public AutoCloseable onChange(Runnable change) {
            return () -> {};
        }
    }

    static final class FakeMachines implements Machines {
        private final Map<String, FakeMachine> all = new ConcurrentHashMap<>();

        @Override
        public MachineSpec specify(Map<String, ?> properties) {
            return MachineSpec.of(properties);
        }

        @Override
        public FakeMachine create(MachineSpec spec) {
            FakeMachine machine = new FakeMachine(spec, Machine.Power.RUNNING);
            all.put(spec.name(), machine);
            return machine;
        }

        @Override
        public Machine createEmpty(MachineSpec spec, List<DiskLayer> disks) {
            FakeMachine machine = new FakeMachine(spec, Machine.Power.PAUSED);
            all.put(spec.name(), machine);
            return machine;
        }

        @Override
        public Optional<Machine> find(String name) {
            return Optional.ofNullable(all.get(name));
        }

        @Override
        public Machine get(String name) {
            return find(name).orElseThrow(() -> new MachineException("There is no machine " + name));
        }

        @Override
        public List<Machine> list() {
            return List.copyOf(all.values());
        }

        @Override
        public void destroy(String name) {
            all.remove(name).close();
        }
    }
}
