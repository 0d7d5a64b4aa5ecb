package tidemark.machine;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import tidemark.api.device.DiskPart.Backing;
import tidemark.api.machine.Grants;

/**
 * Which file lies below a disk file. The disk file names it, and may be a stranger's: what it names is taken only if it was granted.
 *
 * @param granted files that may be taken wherever they are, the topmost first
 */
record Below(Grants grants, List<Path> granted) {
    /** @throws IOException if it may not be taken, with the way out */
    Backing of(Path above, Backing named) throws IOException {
        if (granted.contains(named.file())) {
            return named;
        }
        int next = granted.indexOf(above) + 1;
        if (next > 0 && next < granted.size() && granted.get(next).getFileName().equals(named.file().getFileName())) {
            return new Backing(granted.get(next), named.format());
        }
        if (!grants.mayLieOver(above, named.file())) {
            throw new IOException("Disk file " + above + " lies over " + named.file() + ", which is not beside it and was not granted to it. A stranger's disk "
                    + "can name any file of yours, and its guest would read it. If that file is meant: --allow " + named.file());
        }
        return named;
    }
}
