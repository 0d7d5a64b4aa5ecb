package tidemark.machine;

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
import tidemark.api.machine.MachineException;
import tidemark.disk.layers.LayerFiles;

/**
 * A disk file and those below it, opened; the topmost first. Only the topmost may be written. Immutable.
 *
 * @param disk the content; closing it closes all
 */
record DiskChain(Disk disk, List<Layer> layers) {
    static final String OVERLAY = "overlay";

    /** One file of it, with its own part of the content. */
    record Layer(Path file, String format, Disk disk) {
        Backing asBacking() {
            return new Backing(file, format);
        }
    }

    /** Finds the part that knows a format. */
    interface Formats {
        /** @throws MachineException if it is not deployed */
        DiskPart part(String format);

        List<String> names();

        /**
         * The format of a file by its first bytes, {@code raw} if none knows them. A guest can write a header onto its raw disk that makes it an overlay of any file
         * of the host's: so the file's name must agree.
         */
        default String of(Path file) throws IOException {
            for (String name : names()) {
                if (part(name).recognizes(file)) {
                    String called = file.getFileName().toString();
                    if (!called.endsWith("." + name) && !LayerFiles.isLayer(file)) {
                        throw new IOException("disk file " + file + " looks like " + name + ", but is not called so, and a guest could have written that; say format="
                                + name + " or format=raw");
                    }
                    return name;
                }
            }
            return "raw";
        }
    }

    static DiskChain open(Formats formats, Backing file, boolean writable) throws IOException {
        return open(formats, file, writable, List.of());
    }

    /** @param granted files of the chain that it may have wherever they are, the topmost first: one that was moved is found by its name */
    static DiskChain open(Formats formats, Backing file, boolean writable, List<Path> granted) throws IOException {
        List<Layer> layers = new ArrayList<>();
        Below below = new Below(Grants.ofPlatform(), granted);
        Disk disk = open(formats, below, file, writable, layers, new ArrayList<>());
        return new DiskChain(disk, List.copyOf(layers));
    }

    private static Disk open(Formats formats, Below granted, Backing file, boolean writable, List<Layer> layers, List<Path> above)
            throws IOException {
        Path real = file.file().toRealPath();
        if (above.contains(real)) {
            throw new IOException("Disk file " + file.file() + " is below itself: " + above + "; give one of them another backing file");
        }
        above.add(real);
        Disk disk = formats.part(file.format()).open(file.file(), writable, below -> open(formats, granted, granted.of(file.file(), below), false, layers, above));
        layers.addFirst(new Layer(file.file(), file.format(), disk));
        return disk;
    }

    Layer top() {
        return layers.getFirst();
    }

    List<Path> files() {
        return layers.stream().map(Layer::file).toList();
    }

    /** A new, empty layer over this, which is written no more. This chain is still whole if that fails. */
    DiskChain grow(Formats formats, Path file) throws IOException {
        DiskPart overlay = formats.part(OVERLAY);
        overlay.create(file, disk.size(), Optional.of(top().asBacking()));
        try {
            Disk grown = overlay.open(file, true, below -> disk);
            disk.seal();
            List<Layer> all = new ArrayList<>(layers);
            all.addFirst(new Layer(file, OVERLAY, grown));
            return new DiskChain(grown, List.copyOf(all));
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(file);
            throw e;
        }
    }
}
