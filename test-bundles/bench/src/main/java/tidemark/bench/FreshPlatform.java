package tidemark.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * This platform once more, cold, as a process of its own: the same JVM, options, bundles and plug-ins, but no configured machines. Linux names threads
 * by 15 characters.
 */
public final class FreshPlatform {
    private static final String HOME = "tidemark.home";
    private final List<String> command;

    private FreshPlatform(List<String> command) {
        this.command = command;
    }

    /**
     * @param home of this platform
     * @param folder becomes the home of the fresh ones; exists
     */
    public static FreshPlatform of(Path home, Path folder) throws IOException {
        Path plugins = home.resolve("plugins").toAbsolutePath();
        if (Files.isDirectory(plugins) && Files.notExists(folder.resolve("plugins"))) {
            Files.createSymbolicLink(folder.resolve("plugins"), plugins);
        }
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream().filter(option -> !option.startsWith("-D" + HOME + "=")).forEach(command::add);
        command.addAll(List.of("-D" + HOME + "=" + folder, "-jar", System.getProperty("java.class.path"), "exec"));
        return new FreshPlatform(command);
    }

    /**
     * Starts it on a script.
     *
     * @param thread how the name of the computing thread begins
     */
    public TimedProcess exec(String script, String thread) throws IOException {
        List<String> words = new ArrayList<>(command);
        words.add(script);
        return TimedProcess.start(words, thread);
    }
}
