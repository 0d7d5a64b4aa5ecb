package tidemark.image;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.zip.CRC32;
import tidemark.api.checkpoint.CheckpointException;
import tidemark.api.checkpoint.ImageReader;
import tidemark.api.checkpoint.PageBatch;
import tidemark.api.memory.HostMemory;
import tidemark.api.memory.PhysicalMemory;
import tidemark.api.state.State;

/** Writes and reads small images. */
final class Images {
    static final int PAGE = PhysicalMemory.PAGE_SIZE;
    static final List<State> STATES = List.of(new State("hart0", 1).put("pc", 0x80000000L).put("x", new long[] {1, 2, 3}),
            new State("uart0", 3).put("LCR", 3).put("rx", new byte[0]));
    static final Map<String, String> MANIFEST = Map.of("machine", "vm1", "bootargs", "console=ttyS0\nµ", "empty", "");

    static final ImageReader.Parent PARENT = new ImageReader.Parent("4711-µ", "before.tdm");

    private Images() {}

    @FunctionalInterface
    interface Content {
        void write(ImageEncoder image) throws IOException;
    }

    static ImageEncoder begin(Layout layout, FileChannel channel, long pages) throws IOException {
        return switch (layout) {
            case STREAM -> new StreamEncoder(channel, pages);
            case MAPPED -> new MappedEncoder(channel, pages);
        };
    }

    static ImageReader open(Layout layout, Path file) throws CheckpointException {
        return switch (layout) {
            case STREAM -> StreamReader.open(file);
            case MAPPED -> MappedReader.open(file);
        };
    }

    /** An image with {@link #STATES} behind its pages and {@link #MANIFEST}. */
    static Path write(Layout layout, Path file, long pages, Content content) throws IOException {
        try (FileChannel channel = FileChannel.open(file, READ, WRITE, CREATE, TRUNCATE_EXISTING)) {
            ImageEncoder image = begin(layout, channel, pages);
            content.write(image);
            image.writeStates(STATES);
            image.finish(MANIFEST);
        }
        return file;
    }

    /** Four pages: data, rewritten data, zero, data that became zero. */
    static Path small(Layout layout, Path file) throws IOException {
        return write(layout, file, 4, Images::writeSmall);
    }

    /** The same with a parent, of which it takes the last of its five pages. */
    static Path increment(Layout layout, Path file) throws IOException {
        return write(layout, file, 5, image -> {
            writeSmall(image);
            image.writeParent(PARENT);
        });
    }

    private static void writeSmall(ImageEncoder image) throws IOException {
        RandomGenerator random = new Random(1);
        image.writePages(batch(Map.of(0L, data(random), 1L, data(random), 2L, new byte[PAGE], 3L, data(random))));
        image.writePages(batch(Map.of(1L, filled(7), 3L, new byte[PAGE])));
    }

    static byte[] data(RandomGenerator random) {
        byte[] bytes = new byte[PAGE];
        random.nextBytes(bytes);
        return bytes;
    }

    static byte[] filled(int value) {
        byte[] bytes = new byte[PAGE];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    /** In ascending order. */
    static PageBatch batch(Map<Long, byte[]> pages) {
        PageBatch batch = new PageBatch();
        new TreeMap<>(pages).forEach((page, bytes) -> add(batch, page, bytes));
        return batch;
    }

    static PageBatch add(PageBatch batch, long page, byte[] bytes) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment host = arena.allocate(PAGE, PAGE);
            HostMemory.copy(bytes, 0, host.address(), PAGE);
            batch.add(page, host.address());
        }
        return batch;
    }

    /** The pages that an image hands over; fails if it hands over one twice. */
    static Map<Long, byte[]> read(ImageReader image) throws CheckpointException {
        Map<Long, byte[]> pages = new TreeMap<>();
        image.readPages((page, host) -> {
            byte[] bytes = new byte[PAGE];
            HostMemory.copy(host, bytes, 0, PAGE);
            if (pages.put(page, bytes) != null) {
                throw new AssertionError("Page " + page + " was handed over twice");
            }
        });
        return pages;
    }

    static Map<Long, byte[]> read(Layout layout, Path file) throws CheckpointException {
        try (ImageReader image = open(layout, file)) {
            return read(image);
        }
    }

    /** As text, so that maps of pages can be compared. */
    static Map<Long, String> digests(Map<Long, byte[]> pages) {
        Map<Long, String> digests = new TreeMap<>();
        pages.forEach((page, bytes) -> {
            if (!Arrays.equals(bytes, new byte[PAGE])) {
                digests.put(page, Arrays.hashCode(bytes) + "/" + Long.toHexString(crc(bytes)));
            }
        });
        return digests;
    }

    private static long crc(byte[] bytes) {
        CRC32 crc = new CRC32();
        crc.update(bytes);
        return crc.getValue();
    }
}
