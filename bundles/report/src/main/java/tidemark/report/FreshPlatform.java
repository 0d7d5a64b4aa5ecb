package tidemark.report;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** This platform once more, cold, as a process of its own: the same JVM, options, bundles and plug-ins, but no configured machines. */
public final class FreshPlatform {
    private static final String HOME = "tidemark.home";
    private final List<String> command;

    private FreshPlatform(List<String> command) {
        this.command = List.copyOf(command);
    }

    /**
     * @param home of this platform
     * @param folder becomes the home of the fresh ones; made if it is not there
     */
    public static FreshPlatform of(Path home, Path folder) throws IOException {
        Files.createDirectories(folder);
        Path plugins = home.resolve("plugins").toAbsolutePath();
        if (Files.isDirectory(plugins)) {
            try {
                Files.createSymbolicLink(folder.resolve("plugins"), plugins);
            } catch (FileAlreadyExistsException e) {
                // an earlier platform of that home has made it
            }
        }
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream().filter(option -> !option.startsWith("-D" + HOME + "="))
                .forEach(command::add);
        command.addAll(List.of("-D" + HOME + "=" + folder, "-jar", System.getProperty("java.class.path"), "exec"));
        return new FreshPlatform(command);
    }

    /** The words that start it. @param script commands of the shell */
    public List<String> command(String script) {
        List<String> words = new ArrayList<>(command);
        words.add(script);
        return words;
    }
}
