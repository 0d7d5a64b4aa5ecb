package tidemark.shell.why;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import tidemark.api.machine.MachineFile;

/** Files that describe machines of which there are none. */
final class MachineFiles {
    private static final Pattern NAME = Pattern.compile("tidemark\\.machine[-~](.+)\\.config");

    private final BundleContext context;

    MachineFiles(BundleContext context) {
        this.context = context;
    }

    /** @param name of a machine or of a file */
    List<Cause> of(String name) {
        return failures().filter(failure -> name.equals(failure.machine) || name.equals(failure.file)).map(Failure::cause).toList();
    }

    List<Cause> all() {
        return failures().map(Failure::cause).toList();
    }

    /** The files' machines, too. */
    List<String> names() {
        return failures().map(Failure::machine).toList();
    }

    private record Failure(String file, String machine, String why) {
        Cause cause() {
            return Cause.last("machine " + machine + " is not there: " + file + " in machines/ of the platform's home: " + why, "mend " + file);
        }
    }

    private Stream<Failure> failures() {
        List<Failure> taken = taken();
        List<Failure> all = new ArrayList<>(taken.stream().filter(failure -> !failure.why.isEmpty()).toList());
        for (String file : inFolder()) {
            Matcher name = NAME.matcher(file);
            if (name.matches() && taken.stream().noneMatch(failure -> failure.file.equals(file))) {
                all.add(new Failure(file, name.group(1), "it was not read yet, or its syntax is wrong: each line is KEY=\"VALUE\"; the log names the line"));
            }
        }
        return all.stream();
    }

    private List<Failure> taken() {
        try {
            return context.getServiceReferences(MachineFile.class, null).stream().flatMap(this::taken).toList();
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private Stream<Failure> taken(ServiceReference<MachineFile> reference) {
        try {
            return Optional.ofNullable(context.getService(reference)).map(file -> new Failure(file.file(), file.machine(), file.refusal())).stream();
        } finally {
            context.ungetService(reference);
        }
    }

    private List<String> inFolder() {
        String folder = context.getProperty("felix.fileinstall.dir");
        if (folder == null || !Files.isDirectory(Path.of(folder))) {
            return List.of();
        }
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(Path.of(folder), "tidemark.machine*.config")) {
            files.forEach(file -> names.add(file.getFileName().toString()));
        } catch (IOException e) {
            // a folder that cannot be read has no machines; the log says so
            return List.of();
        }
        return names;
    }
}
