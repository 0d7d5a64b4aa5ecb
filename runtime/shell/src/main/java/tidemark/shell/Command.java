package tidemark.shell;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Function;
import tidemark.api.checkpoint.CheckpointReport;
import tidemark.api.checkpoint.Checkpoints.RestoreReport;
import tidemark.api.checkpoint.Checkpoints.Verdict;
import tidemark.api.machine.Machine;
import tidemark.api.machine.Parts.PartInfo;
import tidemark.api.shell.CommandError;
import tidemark.api.shell.CommandGroup;
import tidemark.api.shell.Example;
import tidemark.api.shell.Screen;
import tidemark.shell.script.ExitException;

/**
 * One command, made of a method and its annotations. Gogo's own reading of them takes an unknown option for an argument and answers with
 * "Cannot coerce"; this one
 * says what is wrong, and explains itself.
 */
final class Command implements Function {
    private final CommandGroup group;
    private final Method method;
    private final String name;
    private final List<Slot> slots;

    private Command(CommandGroup group, Method method) {
        this.group = group;
        this.method = method;
        this.name = method.getName().replaceFirst("_$", "");
        this.slots = IntStream.range(0, method.getParameterCount()).filter(i -> method.getParameterTypes()[i] != CommandSession.class)
                .mapToObj(i -> Slot.of(i, method.getParameters()[i])).toList();
    }

    static List<Command> of(CommandGroup group) {
        return Arrays.stream(group.getClass().getMethods()).filter(m -> m.isAnnotationPresent(Descriptor.class))
                .map(m -> new Command(group, m)).sorted(Comparator.comparing(Command::toString)).toList();
    }

    String scope() {
        return group.scope();
    }

    String title() {
        return group.title();
    }

    String name() {
        return name;
    }

    String summary() {
        return method.getAnnotation(Descriptor.class).value();
    }

    List<String> examples() {
        Example example = method.getAnnotation(Example.class);
        return example == null ? List.of() : List.of(example.value());
    }

    List<Slot> arguments() {
        return slots.stream().filter(slot -> !slot.isOption()).toList();
    }

    List<Slot> options() {
        return slots.stream().filter(Slot::isOption).toList();
    }

    String usage() {
        Stream<Slot> all = Stream.concat(arguments().stream(), options().stream());
        return String.join(" ", Stream.concat(Stream.of(toString()), all.map(Slot::usage)).toList());
    }

    @Override
    public Object execute(CommandSession session, List<Object> arguments) throws CommandError {
        List<String> words = arguments.stream().flatMap(argument -> argument instanceof List<?> list ? list.stream() : Stream.of(argument)).map(Command::word).toList();
        int end = words.indexOf("--");
        if (words.subList(0, end < 0 ? words.size() : end).stream().anyMatch(w -> w.equals("--help") || w.equals("-h"))) {
            return Help.of(this, Screen.of(session));
        }
        try {
            return method.invoke(group, parse(session, words));
        } catch (InvocationTargetException | IllegalAccessException e) {
            if (e.getCause() instanceof ExitException exit) {
                throw exit;
            }
            throw Errors.of(toString(), e);
        }
    }

    /** The parameters for the method. */
    Object[] parse(CommandSession session, List<String> words) throws CommandError {
        Map<Slot, List<Given>> given = new HashMap<>();
        slots.forEach(slot -> given.put(slot, new ArrayList<>()));
        List<Given> bare = readOptions(words, given);
        for (Slot slot : arguments()) {
            while (!bare.isEmpty() && (slot.isList() || given.get(slot).isEmpty())) {
                given.get(slot).add(bare.removeFirst());
            }
        }
        if (!bare.isEmpty()) {
            throw new CommandError(this + ": '" + bare.getFirst().text() + "' is too much; write " + usage());
        }
        Object[] values = new Object[method.getParameterCount()];
        Arrays.fill(values, session);
        for (Slot slot : slots) {
            values[slot.index()] = slot.convert(toString(), given.get(slot));
        }
        return values;
    }

    private List<Given> readOptions(List<String> words, Map<Slot, List<Given>> given) throws CommandError {
        List<Given> bare = new ArrayList<>();
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (word.equals("--")) {
                IntStream.range(i + 1, words.size()).mapToObj(place -> new Given(place, words.get(place))).forEach(bare::add);
                break;
            }
            if (!word.matches("--?[A-Za-z].*")) {
                bare.add(new Given(i, word));
                continue;
            }
            int equals = word.startsWith("--") ? word.indexOf('=') : -1;
            String option = equals < 0 ? word : word.substring(0, equals);
            Slot slot = option(option);
            if (slot.isFlag() && equals >= 0) {
                throw new CommandError(this + ": " + option + " takes no value");
            }
            if (!slot.isFlag() && equals < 0 && ++i == words.size()) {
                throw new CommandError(this + ": " + option + " needs a value, " + slot.value());
            }
            given.get(slot).add(new Given(i, slot.isFlag() ? "true" : equals >= 0 ? word.substring(equals + 1) : words.get(i)));
        }
        return bare;
    }

    private Slot option(String option) throws CommandError {
        List<String> all = options().stream().flatMap(slot -> slot.names().stream()).toList();
        return options().stream().filter(slot -> slot.names().contains(option)).findFirst()
                .orElseThrow(() -> new CommandError(this + ": there is no option " + option + Near.hint(option, all) + " See " + this
                + " --help"));
    }

    /** What a value of a script means as an argument. */
    private static String word(Object value) {
        return switch (value) {
            case Named named -> named.reference();
            case CheckpointReport report -> report.request().image().toString();
            case RestoreReport restored -> restored.machine().name();
            case Verdict verdict -> verdict.image().toString();
            case PartInfo part -> part.name();
            case Machine machine -> machine.name();
            case null, default -> String.valueOf(value);
        };
    }

    @Override
    public String toString() {
        return scope() + ":" + name;
    }

    /** A result that can be given to other commands. */
    interface Named {
        /** The machine's name or the image's path. */
        String reference();
    }
}
