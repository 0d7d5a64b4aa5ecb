package tidemark.shell;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import tidemark.api.machine.DeviceSpec;
import tidemark.api.machine.Nearest;
import tidemark.api.shell.CommandError;

/** A device that an option of {@code vm:create} adds to a machine: {@code VALUE[,key=value]...}. */
record AddedDevice(String stem, String kind, Map<String, String> options) {
    static final List<String> ACCESSES = List.of("rw", "ro", "scratch");
    static final List<String> WRITE_ERRORS = List.of("enospc", "report", "stop");
    private static final Pattern FORM = Pattern.compile("(?s)(.*?)((?:,[a-z][A-Za-z-]*=[^,]*)*)");
    /** Between several values of one key. */
    private static final String AND = "+";

    /**
     * {@code --disk}.
     *
     * @param folder that paths are relative to
     * @param formats that are deployed
     */
    static AddedDevice disk(String text, Path folder, List<String> formats) throws CommandError {
        String option = "--disk " + text;
        Map<String, String> options = options(text);
        allow(option, options.keySet(), List.of("format", "access", "werror"), "setting of a disk");
        String stem = stem(option, text);
        Path file = folder.resolve(stem);
        require(option, !file.toString().matches(".*[,;].*"), "a path with ',' or ';' cannot be written in a "
                + "machine's settings; make a link to it");
        require(option, Files.exists(file), "there is no such file; disk:create " + stem + " 1G makes an empty disk");
        allow(option, List.of(options.getOrDefault("access", "rw")), ACCESSES, "access");
        allow(option, List.of(options.getOrDefault("werror", "enospc")), WRITE_ERRORS, "value of werror");
        if (options.containsKey("format")) {
            allow(option, List.of(options.get("format")), formats, "format of disks deployed");
        }
        options.put("file", file.toString());
        return new AddedDevice("disk", "virtio.block", options);
    }

    /**
     * {@code --net}.
     *
     * @param backends that are deployed
     */
    static AddedDevice network(String text, List<String> backends) throws CommandError {
        String option = "--net " + text;
        Map<String, String> options = options(text);
        String backend = stem(option, text);
        allow(option, List.of(backend), backends, "network deployed");
        require(option, !text.contains(";"), "there can be no ';' in it");
        require(option, !options.containsKey("backend"), "there is one backend, the first word");
        options.put("backend", backend);
        return new AddedDevice("net", "virtio.net", options);
    }

    /**
     * {@code --device}.
     *
     * @param kinds that are deployed
     */
    static AddedDevice device(String text, List<String> kinds) throws CommandError {
        String option = "--device " + text;
        String kind = stem(option, text);
        allow(option, List.of(kind), kinds, "kind of device deployed");
        require(option, !text.contains(";"), "there can be no ';' in it");
        return new AddedDevice(kind.replaceAll("[^a-z0-9-]", "-"), kind, options(text));
    }

    /** With the first name that none of the others has. */
    DeviceSpec beside(List<DeviceSpec> others) {
        List<String> taken = others.stream().map(DeviceSpec::name).toList();
        String name = IntStream.iterate(0, n -> n + 1).mapToObj(n -> stem + n).filter(n -> !taken.contains(n)).findFirst().orElseThrow();
        return new DeviceSpec(name, kind, -1, -1, options);
    }

    private static String stem(String option, String text) throws CommandError {
        String stem = form(text).group(1);
        require(option, !stem.isBlank(), "its first part is empty");
        return stem;
    }

    private static Map<String, String> options(String text) {
        Map<String, String> options = new TreeMap<>();
        for (String setting : form(text).group(2).split(",")) {
            int equals = setting.indexOf('=');
            if (equals > 0) {
                options.merge(setting.substring(0, equals), setting.substring(equals + 1), (a, b) -> a + AND + b);
            }
        }
        return options;
    }

    private static Matcher form(String text) {
        Matcher form = FORM.matcher(text);
        form.matches();
        return form;
    }

    private static void allow(String option, Iterable<String> given, List<String> allowed, String what) throws CommandError {
        for (String word : given) {
            require(option, allowed.contains(word), "there is no " + what + " '" + word + "'; " + Nearest.hint(word, allowed));
        }
    }

    private static void require(String option, boolean right, String otherwise) throws CommandError {
        if (!right) {
            throw new CommandError("vm:create: " + option + ": " + otherwise);
        }
    }
}
