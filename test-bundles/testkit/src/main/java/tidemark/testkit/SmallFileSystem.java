package tidemark.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** A file system in the host's memory that is soon full. A test that needs one is skipped where it may not be mounted. */
public final class SmallFileSystem implements AutoCloseable {
    private final Path folder;

    private SmallFileSystem(Path folder) {
        this.folder = folder;
    }

    /** @param folder where it is mounted, an empty folder */
    public static SmallFileSystem mount(Path folder, long bytes) throws Exception {
        try {
            HostTool.Outcome outcome = HostTool.run(60, "mount", "-t", "tmpfs", "-o", "size=" + bytes, "tmpfs", folder.toString());
            Assumptions.assumeTrue(outcome.exitCode() == 0, () -> "No small file system can be mounted here: " + outcome.output());
        } catch (IOException e) {
            Assumptions.abort("No small file system can be mounted here: " + e.getMessage());
        }
        return new SmallFileSystem(folder);
    }

    public Path folder() {
        return folder;
    }

    /** Makes it larger or smaller. */
    public void resize(long bytes) throws Exception {
        HostTool.Outcome outcome = HostTool.run(60, "mount", "-o", "remount,size=" + bytes, folder.toString());
        if (outcome.exitCode() != 0) {
            throw new IOException("Cannot resize " + folder + ": " + outcome.output());
        }
    }

    /** How many bytes more it takes. */
    public long free() throws IOException {
        return Files.getFileStore(folder).getUsableSpace();
    }

    @Override
    public void close() throws IOException {
        try {
            HostTool.run(60, "umount", folder.toString());
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException("Cannot unmount " + folder, e);
        }
    }
}
