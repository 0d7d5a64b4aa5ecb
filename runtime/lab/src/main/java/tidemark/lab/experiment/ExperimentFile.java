package tidemark.lab.experiment;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Reads an experiment. The keys are those of {@code launch/experiments/experiment.schema.json}. */
public final class ExperimentFile {
    private static final int MAX_REPETITIONS = 1000;
    private static final int MAX_SECONDS = 7 * 24 * 3600;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,63}");

    private final Settings root;

    private ExperimentFile(Settings root) {
        this.root = root;
    }

    /** @throws ExperimentException with file and line for whatever is missing, unknown or out of range */
    public static Experiment read(Path file) throws ExperimentException {
        return new ExperimentFile(Settings.read(file)).experiment();
    }

    private Experiment experiment() throws ExperimentException {
        root.knows("name", "title", "repetitions", "seed", "timeLimitSeconds", "processors", "launch", "restored", "warmUp", "defaults", "workloads", "methods", "factors");
        String name = named(root, root.text("name"));
        return new Experiment(name, root.text("title", name), (int) root.number("repetitions", 10, 1, MAX_REPETITIONS), root.number("seed", 1, 0, Long.MAX_VALUE / 10),
                Duration.ofSeconds(root.number("timeLimitSeconds", 3600, 1, MAX_SECONDS)), (int) root.number("processors", 2, 1, 1024), launch(), yes("restored"), yes("warmUp"),
                defaults(), workloads(), methods(), factors());
    }

    private boolean yes(String key) throws ExperimentException {
        String text = root.text(key, "true");
        if (!text.equals("true") && !text.equals("false")) {
            throw root.error(key + ": " + text + "; give true or false");
        }
        return text.equals("true");
    }

    private static String named(Settings where, String name) throws ExperimentException {
        if (!NAME.matcher(name).matches()) {
            throw where.error("the name '" + name + "': use letters, digits, '_', '.' and '-', at most 64");
        }
        return name;
    }

    private Launch launch() throws ExperimentException {
        Settings launch = root.mapping("launch").knows("share", "instructions", "console");
        if (launch.keys().size() != 1) {
            throw launch.error("launch needs one of share, instructions and console");
        }
        return new Launch(launch.has("share") ? launch.share("share") : 0, launch.number("instructions", 0, 1, Long.MAX_VALUE / 10), pattern(launch, "console"));
    }

    private Map<String, String> defaults() throws ExperimentException {
        Settings defaults = root.optionalMapping("defaults").orElse(null);
        return defaults == null ? Map.of() : defaults.knows(keys(Experiment.MACHINE_KEYS, Experiment.CHECKPOINT_KEYS)).all();
    }

    private static String[] keys(List<String> some, List<String> more) {
        List<String> all = new ArrayList<>(some);
        all.addAll(more);
        return all.toArray(String[]::new);
    }

    private Map<String, Workload> workloads() throws ExperimentException {
        Settings all = root.mapping("workloads");
        Map<String, Workload> workloads = new LinkedHashMap<>();
        for (String name : all.keys()) {
            workloads.put(named(all, name), workload(name, all.mapping(name)));
        }
        if (workloads.isEmpty()) {
            throw all.error("workloads must name at least one");
        }
        return workloads;
    }

    private static Workload workload(String name, Settings from) throws ExperimentException {
        from.knows("guest", "kernel", "initrd", "firmware", "arguments", "devices", "ram", "console", "begin", "end", "success");
        Map<String, String> machine = new LinkedHashMap<>();
        for (String key : List.of("guest", "kernel", "initrd", "firmware", "arguments", "devices", "ram")) {
            if (from.has(key)) {
                machine.put(key, from.text(key));
            }
        }
        if (machine.containsKey("guest") == machine.containsKey("kernel")) {
            throw from.error("workload " + name + " needs guest or kernel, one of them");
        }
        List<Workload.Step> steps = new ArrayList<>();
        for (Settings step : from.mappings("console")) {
            step.knows("expect", "send");
            steps.add(new Workload.Step(pattern(step, "expect"), step.text("send", "")));
        }
        if (from.has("kernel") && !from.has("success")) {
            throw from.error("workload " + name + " needs success: what its console shows of a right result");
        }
        return new Workload(name, machine, steps, pattern(from, "begin"), pattern(from, "end"), pattern(from, "success"));
    }

    private static String pattern(Settings from, String key) throws ExperimentException {
        String text = from.text(key, "");
        try {
            Pattern.compile(text);
        } catch (PatternSyntaxException e) {
            throw from.error(key + ": " + text + " is no regular expression: " + e.getDescription());
        }
        return text;
    }

    private Map<String, Map<String, String>> methods() throws ExperimentException {
        Settings all = root.mapping("methods");
        Map<String, Map<String, String>> methods = new LinkedHashMap<>();
        for (String name : all.keys()) {
            if (name.equals(Cell.CONTROL)) {
                throw all.error("the method " + name + " is always there; leave it out");
            }
            methods.put(named(all, name), method(all.mapping(name)));
        }
        return methods;
    }

    private static Map<String, String> method(Settings from) throws ExperimentException {
        from.knows(keys(Experiment.CHECKPOINT_KEYS, List.of("options")));
        Map<String, String> settings = new LinkedHashMap<>();
        for (String key : Experiment.CHECKPOINT_KEYS) {
            if (from.has(key)) {
                settings.put(key, from.text(key));
            }
        }
        if (from.has("options")) {
            from.mapping("options").all().forEach((key, value) -> settings.put("o." + key, value));
        }
        return settings;
    }

    private Map<String, List<String>> factors() throws ExperimentException {
        Map<String, List<String>> factors = new LinkedHashMap<>();
        if (root.has("factors")) {
            Settings all = root.mapping("factors").knows(keys(Experiment.MACHINE_KEYS, Experiment.CHECKPOINT_KEYS));
            for (String key : all.keys()) {
                factors.put(key, all.texts(key));
                if (factors.get(key).isEmpty()) {
                    throw all.error("factor " + key + " has no values");
                }
            }
        }
        return factors;
    }
}
