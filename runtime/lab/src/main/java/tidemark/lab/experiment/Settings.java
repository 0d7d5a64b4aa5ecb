package tidemark.lab.experiment;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** A mapping of a YAML file whose keys are known, whose values are checked, and whose errors tell the line. */
final class Settings {
    private static final int MAX_BYTES = 1 << 20;
    private final String file;
    private final String what;
    private final int line;
    private final Map<String, Node> values = new LinkedHashMap<>();

    private Settings(String file, String what, Node node) throws ExperimentException {
        this.file = file;
        this.what = what;
        line = line(node);
        if (!(node instanceof MappingNode mapping)) {
            throw error(line, what + " must be a mapping of keys to values");
        }
        for (NodeTuple tuple : mapping.getValue()) {
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                throw error(line(tuple.getKeyNode()), "a key of " + what + " must be a word");
            }
            if (values.putIfAbsent(key.getValue(), tuple.getValueNode()) != null) {
                throw error(line(key), "'" + key.getValue() + "' is given twice in " + what);
            }
        }
    }

    /** @throws ExperimentException if it cannot be read or is no YAML; aliases are refused: they can make a small file a huge one */
    static Settings read(Path file) throws ExperimentException {
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new ExperimentException(file + ": an experiment has at most " + MAX_BYTES + " bytes");
            }
            LoadSettings settings = LoadSettings.builder().setMaxAliasesForCollections(0).setLabel(file.toString()).build();
            Node root = new Compose(settings).composeString(Files.readString(file, StandardCharsets.UTF_8))
                    .orElseThrow(() -> new ExperimentException(file + ": the file is empty; launch/experiments has examples"));
            return new Settings(file.toString(), "the experiment", root);
        } catch (MarkedYamlEngineException e) {
            int at = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(1);
            throw new ExperimentException(file + ":" + at + ": " + e.getProblem(), e);
        } catch (YamlEngineException e) {
            throw new ExperimentException(file + ": " + e.getMessage(), e);
        } catch (IOException e) {
            throw new ExperimentException("Cannot read the experiment " + file + ": " + (Files.exists(file) ? e.getMessage() : "there is no such file"), e);
        }
    }

    Settings knows(String... keys) throws ExperimentException {
        Set<String> unknown = new TreeSet<>(values.keySet());
        unknown.removeAll(Set.of(keys));
        if (!unknown.isEmpty()) {
            String key = unknown.iterator().next();
            throw error(line(values.get(key)), "unknown key '" + key + "' of " + what + "; there are " + String.join(", ", keys));
        }
        return this;
    }

    Set<String> keys() {
        return values.keySet();
    }

    boolean has(String key) {
        return values.containsKey(key);
    }

    Settings mapping(String key) throws ExperimentException {
        return new Settings(file, key, required(key));
    }

    Optional<Settings> optionalMapping(String key) throws ExperimentException {
        return has(key) ? Optional.of(mapping(key)) : Optional.empty();
    }

    List<Settings> mappings(String key) throws ExperimentException {
        List<Settings> all = new ArrayList<>();
        for (Node node : sequence(key)) {
            all.add(new Settings(file, "a step of " + key, node));
        }
        return all;
    }

    List<String> texts(String key) throws ExperimentException {
        List<String> all = new ArrayList<>();
        for (Node node : sequence(key)) {
            all.add(scalar(key, node));
        }
        return all;
    }

    private List<Node> sequence(String key) throws ExperimentException {
        if (!has(key)) {
            return List.of();
        }
        if (!(values.get(key) instanceof SequenceNode sequence)) {
            throw error(line(values.get(key)), key + " must be a list, as in [a, b]");
        }
        return sequence.getValue();
    }

    String text(String key) throws ExperimentException {
        return scalar(key, required(key));
    }

    String text(String key, String absent) throws ExperimentException {
        return has(key) ? text(key) : absent;
    }

    long number(String key, long absent, long least, long most) throws ExperimentException {
        if (!has(key)) {
            return absent;
        }
        String text = text(key).replace("_", "");
        if (!text.matches("\\d{1,18}") || Long.parseLong(text) < least || Long.parseLong(text) > most) {
            throw error(line(values.get(key)), key + ": " + text(key) + "; give a whole number from " + least + " to " + most);
        }
        return Long.parseLong(text);
    }

    double share(String key) throws ExperimentException {
        try {
            double value = Double.parseDouble(text(key));
            if (value > 0 && value < 1) {
                return value;
            }
        } catch (NumberFormatException e) {
            // told below
        }
        throw error(line(values.get(key)), key + ": " + text(key) + "; give a number between 0 and 1");
    }

    /** All keys with their values as texts. */
    Map<String, String> all() throws ExperimentException {
        Map<String, String> all = new LinkedHashMap<>();
        for (String key : values.keySet()) {
            all.put(key, text(key));
        }
        return all;
    }

    ExperimentException error(String message) {
        return error(line, message);
    }

    private ExperimentException error(int at, String message) {
        return new ExperimentException(file + ":" + at + ": " + message);
    }

    private Node required(String key) throws ExperimentException {
        if (!has(key)) {
            throw error(line, what + " needs '" + key + "'");
        }
        return values.get(key);
    }

    private String scalar(String key, Node node) throws ExperimentException {
        if (!(node instanceof ScalarNode scalar)) {
            throw error(line(node), key + " must be one value");
        }
        return scalar.getValue();
    }

    private static int line(Node node) {
        return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(1);
    }
}
