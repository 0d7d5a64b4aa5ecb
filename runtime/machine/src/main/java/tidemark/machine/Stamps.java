package tidemark.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import tidemark.api.machine.DiskLayer;
import tidemark.api.machine.DiskLayer.Stamp;

/** The stamps of one disk's frozen files: a file is read for its witness once. Any thread. */
final class Stamps {
    private final Map<Path, Witness> witnesses = new HashMap<>();

    /** Of a file that nobody writes. */
    synchronized Stamp of(Path file) throws IOException {
        Witness known = witnesses.get(file);
        if (known == null || !known.isUntouched(file)) {
            known = Witness.of(file);
            witnesses.put(file, known);
        }
        return new Stamp(file, Files.size(file), modified(file), known.toString());
    }

    private static long modified(Path file) throws IOException {
        return Files.getLastModifiedTime(file).toMillis();
    }

    /** @throws IOException if a file is gone, was written since, or may have been */
    static void refuseChanged(DiskLayer layer) throws IOException {
        for (Stamp stamp : layer.files()) {
            if (!Files.isRegularFile(stamp.file())) {
                throw new IOException(content(layer, stamp) + " is gone; bring it back to restore this image");
            }
            if (Files.size(stamp.file()) != stamp.length() || modified(stamp.file()) != stamp.modified()) {
                throw written(layer, stamp);
            }
            if (!stamp.witness().isEmpty()) {
                refuseUnlessAsWitnessed(layer, stamp, Witness.parse(stamp.witness()));
            }
        }
    }

    private static void refuseUnlessAsWitnessed(DiskLayer layer, Stamp stamp, Witness witness) throws IOException {
        if (witness.isUntouched(stamp.file())) {
            return;
        }
        if (!witness.hasContentOf(stamp.file())) {
            throw written(layer, stamp);
        }
        if (witness.isInDoubt(stamp.file())) {
            throw new IOException(content(layer, stamp) + ", was touched since the checkpoint and may have been written; if you know that only its name, "
                    + "owner or mode changed, put a copy in its place: cp -p FILE COPY, then mv COPY FILE");
        }
    }

    private static IOException written(DiskLayer layer, Stamp stamp) {
        return new IOException(content(layer, stamp) + ", was written since the checkpoint; it no longer goes with the RAM in this image, "
                + "bring the former file back");
    }

    private static String content(DiskLayer layer, Stamp stamp) {
        return "The content of disk " + layer.device() + ", file " + stamp.file();
    }
}
