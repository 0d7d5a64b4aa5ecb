package tidemark.shell;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tidemark.api.device.Disk;
import tidemark.api.device.DiskPart;
import tidemark.api.device.DiskPart.Backing;
import tidemark.api.machine.Grants;
import tidemark.api.machine.Parts;
import tidemark.disk.Below;

/** Opens disk files by the parts that are deployed. */
final class DiskFormats {
    private static final String PLAIN = "raw";
    private static final String LAYERED = "qcow2";
    private final Parts parts;

    DiskFormats(Parts parts) {
        this.parts = parts;
    }

    /** For a new file: as its name ends. */
    String forName(Path file, boolean layered) {
        String ending = file.getFileName().toString().replaceFirst(".*\\.", "");
        return parts.names("disk").contains(ending) ? ending : layered ? LAYERED : PLAIN;
    }

    /** The format that recognizes the file; plain bytes are recognized by nobody. */
    String of(Path file) throws IOException {
        for (String name : parts.names("disk")) {
            try (Parts.Use<DiskPart> use = use(name)) {
                if (use.part().recognizes(file)) {
                    return name;
                }
            }
        }
        return PLAIN;
    }

    /** Read-only, with what is below it. @param chain takes it and all files below it, the topmost first */
    Disk open(Backing file, List<Backing> chain) throws IOException {
        return open(file, chain, below -> Optional.empty());
    }

    /** @param given a disk that is open already, for some of the files */
    Disk open(Backing file, List<Backing> chain, Given given) throws IOException {
        for (Backing other : chain) {
            if (Files.isSameFile(other.file(), file.file())) {
                throw new IOException(file.file() + " lies over itself; its chain of files is broken");
            }
        }
        chain.add(file);
        Optional<Disk> open = given.disk(file.file());
        if (open.isPresent()) {
            return open.get();
        }
        try (Parts.Use<DiskPart> use = use(file.format())) {
            return use.part().open(file.file(), false, below -> {
                requireGranted(file.file(), below.file());
                return open(below, chain, given);
            });
        }
    }

    /** A disk file names what it lies over, and may be a stranger's. */
    private static void requireGranted(Path above, Path below) throws IOException {
        if (!Grants.ofPlatform().mayLieOver(above, below)) {
            throw new IOException("Disk file " + above + " lies over " + below + ", which is not beside it and was not granted to it. A stranger's disk can name any "
                    + "file of yours. If that file is meant: --allow " + below);
        }
    }

    /** Lets a file, and these files, lie over these files, on this host. */
    static void allow(Path file, List<Path> files) throws IOException {
        List<Path> above = new ArrayList<>(files);
        above.add(file);
        for (Path each : above) {
            for (Path below : files) {
                Grants.ofPlatform().letLieOver(each, below);
            }
        }
    }

    /** A disk that somebody has opened, and closes. */
    interface Given {
        Optional<Disk> disk(Path file);
    }

    /** What a file lies over; opens nothing but the file. */
    Optional<Backing> below(Path file) throws IOException {
        try (Parts.Use<DiskPart> use = use(of(file))) {
            return Below.named(use.part(), file);
        }
    }

    Parts.Use<DiskPart> use(String format) {
        return parts.use(DiskPart.class, "disk", format, () -> { });
    }
}
