package tidemark.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import tidemark.api.device.Disk;
import tidemark.api.device.DiskPart;
import tidemark.api.device.DiskPart.Backing;
import tidemark.api.device.DiskPart.Opener;

/** What a disk file lies over: another disk, and zeros behind its end; or nothing but zeros. Only read. Any thread. */
public final class Below implements AutoCloseable {
    /** So few that opening them, each by the one above, does not overflow a thread's stack of 1 MiB. */
    public static final int MOST_LAYERS = 256;
    public static final Below NOTHING = new Below(null, 0, 0);

    /** The files that are being opened on this thread, each the layer above the next. */
    private static final ThreadLocal<List<Path>> OPENING = new ThreadLocal<>();

    private final Disk disk;
    private final long size;

    private final int layers;

    private Below(Disk disk, long size, int layers) {
        this.disk = disk;
        this.size = size;
        this.layers = layers;
    }

    /** A disk that lies over others. */
    public interface Layered {
        Below below();
    }

    /**
     * Opens what {@code file} lies over. To be the last step of opening it: nothing may fail that would leave the disk below without owner.
     *
     * @throws IOException also if the file lies over itself, or there are too many layers
     */
    public static Below open(Path file, Backing backing, Opener opener) throws IOException {
        List<Path> above = Objects.requireNonNullElse(OPENING.get(), List.of());
        Path real = file.toRealPath();
        if (above.contains(real)) {
            throw new IOException("Disk file " + file + " lies over itself: " + backing.file()
                    + " is below it and above it; give one of them another backing file");
        }
        checkHeight(above.isEmpty() ? file : above.getFirst(), above.size() + 1);
        Disk disk;
        try {
            OPENING.set(with(above, real));
            disk = opener.open(backing);
        } catch (IOException e) {
            throw above.isEmpty() ? new IOException("Cannot open disk file " + file + ", which lies over " + backing.file() + ": " + e.getMessage(), e) : e;
        } finally {
            restore(above);
        }
        int layers = 1 + (disk instanceof Layered layered ? layered.below().layers : 0);
        checkHeight(file, layers); // only of one that was put together from open disks: they stay with their owner
        return new Below(disk, disk.size(), layers);
    }

    /**
     * What a disk file says that it lies over. Opens nothing but the file.
     *
     * @param part of the file's format
     * @return empty if it lies over nothing
     * @throws IOException if the file cannot be opened
     */
    public static Optional<Backing> named(DiskPart part, Path file) throws IOException {
        List<Backing> found = new ArrayList<>();
        try {
            part.open(file, false, backing -> {
                found.add(backing);
                throw new IOException("only asked for its name");
            }).close();
        } catch (IOException e) {
            if (found.isEmpty()) {
                throw e;
            }
        }
        return found.stream().findFirst();
    }

    private static List<Path> with(List<Path> above, Path file) {
        List<Path> all = new ArrayList<>(above);
        all.add(file);
        return all;
    }

    private static void restore(List<Path> above) {
        if (above.isEmpty()) {
            OPENING.remove();
        } else {
            OPENING.set(above);
        }
    }

    private static void checkHeight(Path top, int layers) throws IOException {
        if (layers > MOST_LAYERS) {
            throw new IOException("Disk file " + top + " would lie over more than " + MOST_LAYERS + " layers; copy its content to a disk file without layers");
        }
    }

    /** Whether all that is read from there on is zeros. */
    public boolean endsBefore(long offset) {
        return offset >= size;
    }

    /** Fills the buffer's remaining bytes. */
    public void read(long offset, ByteBuffer into) throws IOException {
        int limit = into.limit();
        int there = (int) Math.clamp(size - offset, 0, (long) into.remaining());
        if (there > 0) {
            disk.read(offset, into.limit(into.position() + there));
        }
        zero(into.limit(limit));
    }

    private static void zero(ByteBuffer into) {
        while (into.remaining() >= Long.BYTES) {
            into.putLong(0);
        }
        while (into.hasRemaining()) {
            into.put((byte) 0);
        }
    }

    @Override
    public void close() throws IOException {
        if (disk != null) {
            disk.close();
        }
    }
}
