package tidemark.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** Folders that only their owner may look into. */
public final class PrivateFolder {
    private PrivateFolder() {}

    /** Makes it and those above it that are missing, all with mode 0700. Those that exist stay as they are. */
    public static Path create(Path folder) throws IOException {
        return Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
}
