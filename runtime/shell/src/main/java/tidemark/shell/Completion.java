package tidemark.shell;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.felix.gogo.jline.Shell;
import org.apache.felix.service.command.CommandSession;
import org.jline.builtins.Completers;
import org.jline.builtins.Completers.FilesCompleter;
import org.jline.reader.Candidate;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.api.checkpoint.CheckpointException;
import tidemark.api.checkpoint.CheckpointRequest;
import tidemark.api.checkpoint.Checkpoints;
import tidemark.api.checkpoint.Option;
import tidemark.api.machine.Machine;
import tidemark.api.machine.Machines;
import tidemark.api.machine.Parts;
import tidemark.api.machine.Parts.PartInfo;

/**
 * What TAB offers after this platform's commands: options, machines, images, parts. Stands before JLine's own completer, which knows commands and nothing of their
 * arguments. Whatever a completer throws, nothing is offered and the shell goes on.
 */
@Component(service = Completion.class)
public final class Completion {
    private static final Logger LOG = LoggerFactory.getLogger(Completion.class);
    /** Values that may be a file. */
    private static final Set<String> FILES = Set.of("FILE", "IMAGE", "FIRMWARE", "DISK");
    private final Commands commands;
    private final Machines machines;
    private final Parts parts;
    private final Checkpoints checkpoints;
    private final Images images;

    @Activate
    public Completion(BundleContext context, @Reference Commands commands, @Reference Machines machines, @Reference Parts parts,
            @Reference Checkpoints checkpoints) {
        this(commands, machines, parts, checkpoints, Images.of(context));
    }

    Completion(Commands commands, Machines machines, Parts parts, Checkpoints checkpoints, Images images) {
        this.commands = commands;
        this.machines = machines;
        this.parts = parts;
        this.checkpoints = checkpoints;
        this.images = images;
    }

    /** For a session whose variables say what {@code complete} of Gogo's has declared. */
    org.jline.reader.Completer completer(CommandSession session) {
        return safe(new Completer(session, new Completers.Completer(new Environment(session))));
    }

    static org.jline.reader.Completer safe(org.jline.reader.Completer completer) {
        return (reader, line, candidates) -> {
            try {
                completer.complete(reader, line, candidates);
            } catch (Exception | LinkageError | StackOverflowError | AssertionError e) {
                LOG.warn("Nothing is offered to complete '{}': {}", line.line(), e.toString());
                LOG.debug("The completer failed", e);
            }
        };
    }

    /** What JLine's completer wants to know of Gogo. */
    private record Environment(CommandSession session) implements Completers.CompletionEnvironment {
        @Override
        public Map<String, List<Completers.CompletionData>> getCompletions() {
            return Shell.getCompletions(session);
        }

        @Override
        public Set<String> getCommands() {
            return Shell.getCommands(session);
        }

        @Override
        public String resolveCommand(String command) {
            return Shell.resolve(session, command);
        }

        @Override
        public String commandName(String command) {
            return command.substring(command.indexOf(':') + 1);
        }

        @Override
        public Object evaluate(LineReader reader, ParsedLine line, String function) throws Exception {
            session.put(Shell.VAR_COMMAND_LINE, line);
            return session.execute(function);
        }
    }

    private final class Completer implements org.jline.reader.Completer {
        private final CommandSession session;
        private final org.jline.reader.Completer other;

        Completer(CommandSession session, org.jline.reader.Completer other) {
            this.session = session;
            this.other = other;
        }

        @Override
        public void complete(LineReader reader, ParsedLine line, List<Candidate> candidates) {
            List<String> before = line.words().subList(0, line.wordIndex());
            Command command = before.isEmpty() ? null : commands.find(before.getFirst()).orElse(null);
            if (command == null) {
                other.complete(reader, line, candidates);
                return;
            }
            String value = expected(command, before.subList(1, before.size()), line.word());
            if (FILES.contains(value) && line.word().indexOf(',') < 0) {
                new VisibleFiles(session::currentDir).complete(reader, line, candidates);
            }
            offers(command, value, before, line.word()).forEach(candidates::add);
        }
    }

    /** Those that people name: an oracle's file is found by its image. */
    static final class VisibleFiles extends FilesCompleter {
        VisibleFiles(Supplier<Path> folder) {
            super(folder);
        }

        @Override
        protected boolean accept(Path path) {
            return super.accept(path) && !path.getFileName().toString().endsWith(".oracle");
        }
    }

    /** What is expected at a place: the name of a value, or {@code OPTION}. */
    static String expected(Command command, List<String> before, String word) {
        if (!before.isEmpty()) {
            String last = before.getLast();
            for (Slot slot : command.options()) {
                if (slot.names().contains(last) && !slot.isFlag()) {
                    return slot.value();
                }
            }
        }
        if (word.startsWith("-")) {
            return "OPTION";
        }
        int bare = 0;
        for (int i = 0; i < before.size(); i++) {
            String option = before.get(i);
            if (!option.startsWith("-")) {
                bare++;
            } else if (command.options().stream().anyMatch(slot -> slot.names().contains(option) && !slot.isFlag())) {
                i++;
            }
        }
        List<Slot> arguments = command.arguments();
        return bare < arguments.size() ? arguments.get(bare).value() : "OPTION";
    }

    private Stream<Candidate> offers(Command command, String value, List<String> before, String word) {
        return switch (value) {
            case "OPTION" -> command.options().stream().map(slot -> candidate(slot.names().getLast(), slot.description(), true));
            case "MACHINE" -> texts(machines.list().stream().map(Machine::name));
            case "IMAGE" -> texts(images().map(path -> path.getFileName().toString().replaceFirst("\\" + Images.SUFFIX + "$", "")));
            case "COMMAND" -> commands.all().stream().map(c -> candidate(c.toString(), c.summary(), true));
            case "DEVICE" -> texts(machines.list().stream().filter(machine -> before.contains(machine.name())).flatMap(machine -> machine.consoles().stream()));
            case "DISK" -> unfinished(settings(word, List.of(), Map.of("format", parts.names("disk"), "access", AddedDevice.ACCESSES)));
            case "NETWORK" -> unfinished(settings(word, parts.names("network"), Map.of("forward", List.of("tcp:", "udp:"), "restrict", List.of("on", "off"))));
            case "FORMAT" -> texts(parts.names("disk").stream());
            case "PART=NAME" -> machines.list().stream().filter(machine -> before.contains(machine.name())).flatMap(machine -> exchanges(machine, word))
                    .map(text -> candidate(text, null, !text.endsWith("=")));
            case "KIND" -> texts(parts.list().stream().map(PartInfo::kind).distinct());
            case "PART" -> texts(parts.list().stream().map(PartInfo::bundle).distinct());
            case "NAME_OF_PART" -> texts(Stream.of(parts.list().stream().map(PartInfo::name), machines.list().stream().map(Machine::name),
                    machines.list().stream().flatMap(machine -> machine.parts().stream().map(part -> machine.name() + "." + part.part())))
                            .flatMap(names -> names).distinct());
            case "CLOCK" -> texts(Stream.of("host", "instructions"));
            case "POWER" -> texts(Stream.of(Machine.Power.values()).map(power -> power.name().toLowerCase(Locale.ROOT)));
            case "KEY=VALUE" -> OptionInfo.all(checkpoints, parts).stream().filter(info -> isOfChosen(info.owner(), chosen(before)))
                    .map(info -> option(info.option()));
            default -> texts(names(value, parts));
        };
    }

    /** The parts that the words before choose, or their machine, by kind; several with commas between them. */
    private Map<String, String> chosen(List<String> before) {
        Map<String, String> chosen = new LinkedHashMap<>();
        machines.list().stream().filter(machine -> before.contains(machine.name())).forEach(machine -> chosen.putAll(chosenFor(machine.name())));
        Map<String, String> kinds = Map.of("-p", "protocol", "--protocol", "protocol", "--protocols", "protocol", "-c", "copier", "--copier", "copier", "-s",
                "stop", "--stop", "stop");
        for (int i = 0; i + 1 < before.size(); i++) {
            if (kinds.containsKey(before.get(i))) {
                chosen.put(kinds.get(before.get(i)), before.get(i + 1));
            }
        }
        return chosen;
    }

    private Map<String, String> chosenFor(String machine) {
        try {
            return checkpoints.chosen(machine);
        } catch (CheckpointException e) {
            LOG.debug("What the checkpoints of {} are taken with is not known", machine, e);
            return Map.of();
        }
    }

    /** @param owner a kind and a name, or what belongs to every checkpoint */
    static boolean isOfChosen(String owner, Map<String, String> chosen) {
        String kind = owner.substring(0, owner.indexOf(' '));
        return !chosen.containsKey(kind) || List.of(chosen.get(kind).split(",")).contains(owner.substring(kind.length() + 1));
    }

    /** Parts of a kind or of several, as {@code DEVICES} or {@code CPU|MEMORY}. */
    static Stream<String> names(String kinds, Parts parts) {
        return Stream.of(kinds.split("\\|")).flatMap(kind -> parts.names(kind.toLowerCase(Locale.ROOT).replaceFirst("s$", "")).stream()).distinct();
    }

    /** What may come next in a word of the form {@code VALUE[,key=value]...}: whole words. */
    static Stream<String> settings(String word, List<String> values, Map<String, List<String>> settings) {
        int comma = word.lastIndexOf(',');
        if (comma < 0) {
            return values.stream();
        }
        int equals = word.indexOf('=', comma);
        return equals < 0 ? settings.keySet().stream().sorted().map(key -> word.substring(0, comma + 1) + key + "=")
                : settings.getOrDefault(word.substring(comma + 1, equals), List.of()).stream().map(value -> word.substring(0, equals + 1) + value);
    }

    private Stream<String> exchanges(Machine machine, String word) {
        int equals = word.indexOf('=');
        Map<String, String> kinds = new LinkedHashMap<>();
        machine.parts().forEach(used -> kinds.put(used.part(), used.kind()));
        CheckpointRequest.DEFAULTS.forEach(chosen -> kinds.putIfAbsent(chosen.getKey(), chosen.getKey()));
        return equals < 0 ? kinds.keySet().stream().map(part -> part + "=")
                : Stream.ofNullable(kinds.get(word.substring(0, equals))).flatMap(kind -> parts.names(kind).stream()).map(name -> word.substring(0, equals
                        + 1) + name);
    }

    private Stream<Path> images() {
        try {
            return Files.isDirectory(images.folder()) ? checkpoints.list(images.folder()).stream() : Stream.of();
        } catch (CheckpointException e) {
            // a folder that cannot be read has nothing to offer; the command will say why
            return Stream.of();
        }
    }

    private static Candidate option(Option option) {
        return candidate(option.name() + "=", option.description() + " (default " + option.text(option.absent()) + ")", false);
    }

    private static Stream<Candidate> texts(Stream<String> texts) {
        return texts.map(text -> candidate(text, null, true));
    }

    /** Words that may go on. */
    private static Stream<Candidate> unfinished(Stream<String> texts) {
        return texts.map(text -> candidate(text, null, false));
    }

    private static Candidate candidate(String text, String description, boolean complete) {
        return new Candidate(text, text, null, description, null, null, complete);
    }
}
