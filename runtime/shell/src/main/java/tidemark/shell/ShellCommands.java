package tidemark.shell;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Parameter;
import org.apache.felix.service.command.Process;
import org.osgi.service.component.annotations.Component;
import tidemark.api.shell.CommandError;
import tidemark.api.shell.CommandGroup;
import tidemark.api.shell.Example;
import tidemark.api.shell.Interruption;
import tidemark.api.shell.Value;
import tidemark.shell.script.ExitException;

/** What every shell has. Those of Gogo's own take no fractions of seconds, or do not say whether they found anything. */
@Component(service = CommandGroup.class)
public final class ShellCommands implements CommandGroup {
    private static final int HIGHEST_CODE = 255;

    @Override
    public String scope() {
        return "shell";
    }

    @Override
    public String title() {
        return Help.TITLE;
    }

    @Descriptor("ends the script with a code, or the shell; the shell asks first if machines run")
    @Example({"exit", "exit 3    # in a script: its exit code"})
    public void exit(@Descriptor("exit code, 0 to 255 (default 0)") @Value("[CODE]") String code) throws CommandError {
        throw new ExitException(code(code));
    }

    @Descriptor("the same as exit")
    @Example("quit")
    public void quit(@Descriptor("exit code, 0 to 255 (default 0)") @Value("[CODE]") String code) throws CommandError {
        throw new ExitException(code(code));
    }

    private static int code(String text) throws CommandError {
        if (!text.isEmpty() && (!text.matches("\\d{1,3}") || Integer.parseInt(text) > HIGHEST_CODE)) {
            throw new CommandError("'" + text + "' is no exit code; give a number from 0 to " + HIGHEST_CODE);
        }
        return text.isEmpty() ? 0 : Integer.parseInt(text);
    }

    @Descriptor("waits")
    @Example("sleep 0.5")
    public void sleep(CommandSession session, @Descriptor("how long") @Value("SECONDS") String seconds) throws CommandError, InterruptedException {
        try (var _ = Interruption.ofThisThread(session)) {
            Thread.sleep(Duration.ofNanos((long) (positive(seconds) * 1e9)));
        }
    }

    private static double positive(String seconds) throws CommandError {
        try {
            double value = Double.parseDouble(seconds);
            if (value >= 0) {
                return value;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new CommandError("'" + seconds + "' is no time; give a number of seconds, 0 or more");
    }

    @Descriptor("lists the files of a folder, one a line; gogo:ls has more options but needs a terminal")
    @Example({"ls", "ls -l /tmp"})
    public String ls(CommandSession session, @Descriptor("a folder or a file (the current folder)") @Value("[FILE]") String name,
            @Descriptor("also those whose names begin with a dot") @Parameter(names = {"-a", "--all"}, absentValue = "false", presentValue = "true") boolean all,
            @Descriptor("with their sizes") @Parameter(names = {"-l", "--long"}, absentValue = "false", presentValue = "true") boolean sizes)
            throws IOException {
        Path folder = session.currentDir().resolve(name);
        List<String> lines = new ArrayList<>();
        if (!Files.exists(folder)) {
            throw new NoSuchFileException(folder.toString());
        }
        for (Path file : Files.isDirectory(folder) ? files(folder, all) : List.of(folder)) {
            lines.add((sizes ? String.format("%14d  ", Files.size(file)) : "") + file.getFileName() + (Files.isDirectory(file) ? "/" : ""));
        }
        return lines.isEmpty() ? null : String.join("\n", lines);
    }

    private static List<Path> files(Path folder, boolean all) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> all || !file.getFileName().toString().startsWith(".")).sorted().toList();
        }
    }

    @Descriptor("shows the lines of its input that match; fails if there are none")
    @Example({"vm:list | grep running", "if { part:list | grep -q translator } { vm:info cg }"})
    public void grep(CommandSession session, @Descriptor("what is looked for") @Value("REGEX") String regex,
            @Descriptor("capitals are as good as small letters") @Parameter(names = {"-i", "--ignore-case"}, absentValue = "false",
            presentValue = "true") boolean ignoreCase,
            @Descriptor("shows the lines that do not match") @Parameter(names = {"-v", "--invert-match"}, absentValue = "false",
            presentValue = "true") boolean invert,
            @Descriptor("shows their number only") @Parameter(names = {"-c", "--count"}, absentValue = "false", presentValue = "true") boolean count,
            @Descriptor("shows nothing") @Parameter(names = {"-q", "--quiet"}, absentValue = "false", presentValue = "true") boolean quiet)
            throws CommandError, IOException {
        Process process = Process.Utils.current();
        List<String> lines = matching(pattern(regex, ignoreCase), invert, process);
        if (count) {
            process.out().println(lines.size());
        } else if (!quiet) {
            lines.forEach(process.out()::println);
        }
        if (lines.isEmpty()) {
            throw new CommandError("shell:grep: nothing matches '" + regex + "'");
        }
    }

    private static Pattern pattern(String regex, boolean ignoreCase) throws CommandError {
        try {
            return Pattern.compile(regex, ignoreCase ? Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE : 0);
        } catch (PatternSyntaxException e) {
            throw new CommandError("shell:grep: '" + regex + "' is no regular expression: " + e.getDescription() + " at " + e.getIndex(), e);
        }
    }

    private static List<String> matching(Pattern pattern, boolean invert, Process process) throws CommandError, IOException {
        if (process.isTty(0)) {
            throw new CommandError("shell:grep has no input; write COMMAND | grep REGEX");
        }
        BufferedReader in = new BufferedReader(new InputStreamReader(process.in(), StandardCharsets.UTF_8));
        return in.lines().filter(line -> pattern.matcher(line).find() != invert).toList();
    }
}
