package tidemark.shell;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
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
        for (int n = 1;; n++) {
            Optional<Reservation> reserved = Reservation.of(folder.resolve(machine + "-" + protocol + "-" + n + SUFFIX));
            if (reserved.isPresent()) {
                return reserved.get();
            }
        }
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
