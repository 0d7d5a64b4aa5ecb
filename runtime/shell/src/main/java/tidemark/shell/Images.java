package tidemark.shell;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.felix.service.command.CommandSession;
import org.osgi.framework.BundleContext;
import tidemark.api.shell.CommandError;
import tidemark.files.PrivateFolder;
import tidemark.files.Reservation;

/** Where images are: those that are given no place in the folder {@code checkpoints} of the platform's home. */
final class Images {
    static final String SUFFIX = ".tdm";
    private final Path folder;

    Images(Path home) {
        folder = home.resolve("checkpoints");
    }

    static Images of(BundleContext context) {
        String home = context.getProperty("tidemark.home");
        return new Images(Path.of(home == null ? "" : home).toAbsolutePath());
    }

    Path folder() {
        return folder;
    }

    /** A name for a new image, {@code MACHINE-PROTOCOL-N.tdm} with the first N that is free. Other platforms of this home take others until it is closed. */
    Reservation reserve(String machine, String protocol) throws IOException {
        PrivateFolder.create(folder);
        return reserve(folder, machine, protocol, 1);
    }

    private static Reservation reserve(Path into, String machine, String protocol, int first) throws IOException {
        for (int n = first;; n++) {
            Optional<Reservation> reserved = Reservation.of(into.resolve(name(machine, protocol, n)));
            if (reserved.isPresent()) {
                return reserved.get();
            }
        }
    }

    /** As {@link #reserve}, in a folder that exists, with a number above all that there are: of a series of which old images go. */
    static Reservation reserveNext(Path into, String machine, String protocol) throws IOException {
        Pattern numbered = Pattern.compile(Pattern.quote(machine + "-" + protocol + "-") + "(\\d{1,9})" + Pattern.quote(SUFFIX));
        try (Stream<Path> files = Files.list(into)) {
            int highest = files.map(file -> numbered.matcher(file.getFileName().toString())).filter(Matcher::matches).mapToInt(name -> Integer.parseInt(name.group(1)))
                    .max().orElse(0);
            return reserve(into, machine, protocol, highest + 1);
        }
    }

    private static String name(String machine, String protocol, int number) {
        return machine + "-" + protocol + "-" + number + SUFFIX;
    }

    /** The image that {@code name} means: a path, or the name of one in the folder, with or without its ending. */
    Path find(CommandSession session, String name) throws CommandError {
        for (Path base : new Path[] {session.currentDir(), folder}) {
            for (String ending : new String[] {"", SUFFIX}) {
                Path path = base.resolve(name + ending);
                if (Files.isRegularFile(path)) {
                    return path;
                }
            }
        }
        throw new CommandError("There is no image " + name + " in " + session.currentDir() + " or " + folder
                + "; checkpoint:list shows what there is");
    }
}
