package tidemark.shell;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tidemark.api.device.Disk;
import tidemark.api.device.DiskPart;
import tidemark.api.device.DiskPart.Backing;
import tidemark.api.machine.Parts;
import tidemark.disk.HostFile;
import tidemark.disk.layers.LayerFiles;

/** Copies the content of disks. Killed at any instant, either leaves what was there or what was asked for. */
final class DiskCopies {
    private static final int AT_ONCE = 1 << 20;
    private final DiskFormats formats;
    private final ByteBuffer bytes = ByteBuffer.allocateDirect(AT_ONCE);
    private final ByteBuffer others = ByteBuffer.allocateDirect(AT_ONCE);

    DiskCopies(DiskFormats formats) {
        this.formats = formats;
    }

    /** To a file that gets its name when it is whole. @return the disk's size in bytes */
    long flatten(Backing from, Backing to) throws IOException {
        if (Files.exists(to.file())) {
            throw new FileAlreadyExistsException(to.file().toString());
        }
        Path unfinished = LayerFiles.unfinished(to.file());
        try (Disk content = formats.open(from, new ArrayList<>()); Parts.Use<DiskPart> use = formats.use(to.format())) {
            use.part().create(unfinished, content.size(), Optional.empty());
            try {
                fill(content, use.part(), unfinished);
                Files.createLink(to.file(), unfinished); // not moved: that would replace a file which came meanwhile
                force(to.file().toAbsolutePath().getParent());
            } finally {
                Files.delete(unfinished);
            }
            return content.size();
        }
    }

    private void fill(Disk content, DiskPart part, Path file) throws IOException {
        try (Disk copy = part.open(file, true, below -> {
            throw new IOException("A new file lies over nothing");
        })) {
            copyDifferent(content, copy);
            copy.flush();
        }
    }

    /** Writes what is different: also where only zeros are, so that holes stay. */
    private void copyDifferent(Disk from, Disk to) throws IOException {
        for (long at = 0; at < from.size(); at += AT_ONCE) {
            int length = (int) Math.min(AT_ONCE, from.size() - at);
            from.read(at, bytes.clear().limit(length));
            to.read(at, others.clear().limit(length));
            if (bytes.flip().mismatch(others.flip()) >= 0) {
                to.write(at, bytes);
            }
        }
    }

    private static void force(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /**
     * Writes the content of a chain into its lowest file and removes the others. Until the layer over that file is gone the chain has the same content as before, whatever was
     * written below it; from then on the lowest file has.
     *
     * @param chain the topmost first
     * @return the disk's size in bytes
     */
    long commit(List<Backing> chain) throws IOException {
        Backing lowest = chain.getLast();
        try (Parts.Use<DiskPart> use = formats.use(lowest.format());
                Disk base = use.part().open(lowest.file(), true, below -> {
                    throw new IOException(lowest.file() + " lies over a file; it does not any more");
                })) {
            Disk kept = new KeptOpen(base);
            try (Disk content = formats.open(chain.getFirst(), new ArrayList<>(), file -> file.equals(lowest.file()) ? Optional.of(kept) : Optional.empty())) {
                if (content.size() != base.size()) {
                    throw new IOException("the layer is of a disk of " + content.size() + " bytes, the file below of " + base.size()
                            + "; disk:flatten makes a file of that size");
                }
                copyDifferent(content, base);
            }
            base.flush();
            remove(chain.subList(0, chain.size() - 1).reversed());
            return base.size();
        }
    }

    /** From the lowest on: without it the others cannot be opened, and the file below is not frozen any more. All or none are in use. */
    private static void remove(List<Backing> layers) throws IOException {
        List<HostFile> alone = new ArrayList<>();
        try {
            for (Backing layer : layers) {
                alone.add(HostFile.open(layer.file(), true));
            }
            for (HostFile file : alone) {
                Files.delete(file.path());
                force(file.path().toAbsolutePath().getParent());
            }
        } finally {
            alone.forEach(HostFile::close);
        }
    }
}
