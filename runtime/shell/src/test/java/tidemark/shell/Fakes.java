package tidemark.shell;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.felix.service.command.CommandSession;
import tidemark.api.checkpoint.CheckpointException;
import tidemark.api.checkpoint.CheckpointReport;
import tidemark.api.checkpoint.CheckpointRequest;
import tidemark.api.checkpoint.Checkpoints;
import tidemark.api.checkpoint.Conditions;
import tidemark.api.machine.ConsoleLog;
import tidemark.api.machine.DiskInfo;
import tidemark.api.machine.Machine.Power;
import tidemark.api.machine.Machine.Status;
import tidemark.api.machine.Machine.UsedPart;
import tidemark.api.machine.Machine;
import tidemark.api.machine.MachineException;
import tidemark.api.machine.MachineSpec;
import tidemark.api.machine.Machines;
import tidemark.api.machine.Parts.PartInfo;
import tidemark.api.machine.Parts;
import tidemark.api.machine.Stop;

/** Services and sessions for tests of commands. What a test does not need refuses to be called. */
public final class Fakes {
    /** Of a checkpoint that took a millisecond. */
    static CheckpointReport report(CheckpointRequest request) {
        Duration ms = Duration.ofMillis(1);
        return new CheckpointReport(request, ms, List.of(), ms, ms, 99, 100, 10, 2, 1000, ms, ms, ms, ms, List.of(), List.of(), CheckpointReport.BY_PROTOCOL, 0,
                CheckpointReport.Stalls.NONE, Conditions.UNKNOWN);
    }

    private Fakes() {}

    /** An instance whose methods are those public ones of {@code answers} that have the same names. */
    public static <T> T of(Class<T> type, Object answers) {
        InvocationHandler handler = (proxy, method, arguments) -> {
            for (var candidate : answers.getClass().getMethods()) {
                if (candidate.getName().equals(method.getName()) && candidate.getParameterCount() == method.getParameterCount()) {
                    candidate.setAccessible(true);
                    try {
                        return candidate.invoke(answers, arguments);
                    } catch (java.lang.reflect.InvocationTargetException e) {
                        throw e.getCause();
                    }
                }
            }
            throw new UnsupportedOperationException(method.toString());
        };
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    /** A machine that does as it is told, at once. */
    public static class FakeMachine {
        final MachineSpec spec;
        String cpu = "interpreter";
        public volatile Power power = Power.OFF;
        public final FakeConsole log = new FakeConsole(() -> power != Power.OFF);
        public final List<DiskInfo> disks = new ArrayList<>();
        public long instructions;
        /** Between two looks at it. */
        long executes;
        long translates;
        private long translated;
        volatile String reason = "";
        int exitCode;
        int resets;
        int identities;
        private final List<Duration> pauses = new ArrayList<>();

        public FakeMachine(MachineSpec spec) {
            this.spec = spec;
        }

        public String name() {
            return spec.name();
        }

        public MachineSpec spec() {
            return spec;
        }

        public Status status() {
            return new Status(power, reason, exitCode);
        }

        public long instructions() {
            instructions += executes;
            return instructions;
        }

        public long translatedInstructions() {
            translated += translates;
            return translated;
        }

        public void start() {
            power = Power.RUNNING;
        }

        public void renewIdentity() {
            identities++;
        }

        public void pause() {
            power = Power.PAUSED;
        }

        public void resume() {
            power = Power.RUNNING;
        }

        public void powerOff() {
            power = Power.OFF;
            log.powered();
        }

        public void reset() {
            resets++;
        }

        public boolean await(Power wanted, Duration timeout) {
            return power == wanted;
        }

        public List<DiskInfo> disks() {
            return disks;
        }

        public List<String> consoles() {
            return List.of("uart0");
        }

        public ConsoleLog console() {
            return log.log();
        }

        public ConsoleLog console(String device) {
            if (!device.equals("uart0")) {
                throw new MachineException("There is no console " + device);
            }
            return log.log();
        }

        public List<UsedPart> parts() {
            return List.of(new UsedPart("cpu", "cpu", cpu, Instant.EPOCH, pauses.size(), pauses));
        }

        public Stop use(String part, String name) {
            if (!part.equals("cpu")) {
                throw new MachineException("There is no part " + part);
            }
            cpu = name;
            Stop stop = new Stop(0, 1000, 2000, 51_000);
            pauses.add(stop.downtime());
            return stop;
        }

        public Machine machine() {
            return of(Machine.class, this);
        }

        MachineInfo machineInfo() {
            return MachineInfo.of(machine());
        }
    }

    /** Machines that are {@link FakeMachine}s. */
    public static class FakeMachines {
        public final Map<String, FakeMachine> all = new TreeMap<>();
        private final Map<String, Machine> proxies = new TreeMap<>();
        private final Function<MachineSpec, FakeMachine> factory;

        public FakeMachines() {
            this(FakeMachine::new);
        }

        public FakeMachines(Function<MachineSpec, FakeMachine> factory) {
            this.factory = factory;
        }

        public MachineSpec specify(Map<String, ?> properties) {
            return MachineSpec.of(properties);
        }

        public Machine create(MachineSpec spec) {
            FakeMachine fake = factory.apply(spec);
            all.put(spec.name(), fake);
            proxies.put(spec.name(), fake.machine());
            return proxies.get(spec.name());
        }

        public Optional<Machine> find(String name) {
            return Optional.ofNullable(proxies.get(name));
        }

        public Machine get(String name) {
            return find(name).orElseThrow(() -> new MachineException("There is no machine " + name));
        }

        public List<Machine> list() {
            return List.copyOf(proxies.values());
        }

        public void destroy(String name) {
            get(name);
            all.remove(name);
            proxies.remove(name);
        }

        public Machines machines() {
            return of(Machines.class, this);
        }
    }

    /** Remembers what is chosen, the same for all machines. */
    public static class Choices {
        private final Map<String, String> chosen = new LinkedHashMap<>();

        public Choices() {
            CheckpointRequest.DEFAULTS.forEach(each -> chosen.put(each.getKey(), each.getValue()));
        }

        public Map<String, String> chosen(String machine) {
            return new LinkedHashMap<>(chosen);
        }

        public void choose(String machine, String kind, String name) throws CheckpointException {
            if (name.equals("none")) {
                throw new CheckpointException("No " + kind + " part 'none' is deployed");
            }
            chosen.put(kind, name);
        }
    }

    public static Checkpoints checkpoints() {
        return of(Checkpoints.class, new Choices());
    }

    public static Parts parts(PartInfo... infos) {
        return of(Parts.class, new Object() {
            public List<PartInfo> list() {
                return List.of(infos);
            }

            public List<String> names(String kind) {
                return list().stream().filter(p -> p.kind().equals(kind)).map(PartInfo::name).toList();
            }
        });
    }

    /** A session without a terminal that remembers what is printed. */
    public static final class FakeSession {
        final Map<String, Object> variables = new TreeMap<>();
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final PrintStream console = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        private final Path directory;

        public FakeSession(Path directory) {
            this.directory = directory;
        }

        public Object get(String name) {
            return variables.get(name);
        }

        public PrintStream getConsole() {
            return console;
        }

        public Path currentDir() {
            return directory;
        }

        String printed() {
            return bytes.toString(StandardCharsets.UTF_8);
        }

        public CommandSession session() {
            return of(CommandSession.class, this);
        }
    }
}
