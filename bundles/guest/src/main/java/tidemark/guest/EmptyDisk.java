package tidemark.guest;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import tidemark.api.machine.MachineException;
import tidemark.files.Audience;
import tidemark.files.Fault;
import tidemark.files.NewFile;

/** A raw disk of zeros that machines lay scratch layers over. All machines of a user share it, and nobody writes it; it takes a block of the host's disk. */
final class EmptyDisk {
    private EmptyDisk() {}

    /**
     * Makes it, unless it is there. Any thread; several processes at once.
     *
     * @param folder is made, too
     * @return its file
     * @throws MachineException if the folder or the file cannot be made
     */
    static Path in(Path folder, int gibibytes) {
        Path file = folder.resolve("empty-" + gibibytes + "G.img");
        try {
            if (!Files.exists(file)) {
                Files.createDirectories(folder);
                make(file, (long) gibibytes << 30);
            }
            return file;
        } catch (IOException e) {
            throw new MachineException("Cannot make the empty disk " + file + ": " + Fault.reason(e) + "; set " + UserCache.VARIABLE + " to another folder", e);
        }
    }

    private static void make(Path file, long bytes) throws IOException {
        try (NewFile empty = NewFile.create(file, Audience.OWNER)) {
            empty.channel().write(ByteBuffer.allocate(1), bytes - 1);
            empty.publish();
        } catch (FileAlreadyExistsException e) {
            // another process was quicker, with the same content
        }
    }
}
