package tidemark.store.file;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import tidemark.api.checkpoint.ImageLayout;
import tidemark.api.checkpoint.ImageReader;
import tidemark.api.checkpoint.ImageWriter;
import tidemark.api.checkpoint.PageBatch;
import tidemark.api.memory.HostMemory;
import tidemark.api.memory.PhysicalMemory;
import tidemark.api.state.State;

/**
 * Times images of 512 MiB of RAM with 86 MB of data in it, in runs of 1 to 64 pages. Not a test; its arguments: FOLDER [RUNS].
 * Medians and the best of all runs but the first three.
 */
final class ImageBenchmark {
    private static final int PAGE = PhysicalMemory.PAGE_SIZE;
    private static final long RAM = 512L << 20;
    private static final int DATA_PAGES = 21_000;

    private final Path folder;
    private final int runs;
    private final MemorySegment ram;
    private final MemorySegment copy;

    private ImageBenchmark(Path folder, int runs, Arena arena) {
        this.folder = folder;
        this.runs = runs;
        ram = arena.allocate(RAM, 2 << 20);
        copy = arena.allocate(RAM, 2 << 20);
        fill();
    }

    public static void main(String[] args) throws Exception {
        try (Arena arena = Arena.ofShared()) {
            ImageBenchmark benchmark = new ImageBenchmark(Path.of(args[0]), args.length > 1 ? Integer.parseInt(args[1]) : 15, arena);
            for (ImageLayout layout : List.of(new StreamLayout(), new MappedLayout())) {
                for (int threads : new int[] {1, 2}) {
                    benchmark.measure(layout, threads);
                }
            }
        }
    }

    private void fill() {
        Random random = new Random(1);
        byte[] bytes = new byte[PAGE];
        long page = 0;
        for (int data = 0; data < DATA_PAGES;) {
            page += random.nextInt(300);
            for (int run = 1 + random.nextInt(64); run > 0; run--, data++, page++) {
                random.nextBytes(bytes);
                HostMemory.copy(bytes, 0, ram.address() + page % (RAM / PAGE) * PAGE, PAGE);
            }
        }
    }

    private void measure(ImageLayout layout, int threads) throws Exception {
        List<long[]> times = new ArrayList<>();
        long bytes = 0;
        for (int run = 0; run < runs + 3; run++) {
            Path file = folder.resolve("benchmark.image");
            Files.deleteIfExists(file);
            long start = System.nanoTime();
            long written;
            long published;
            try (ImageWriter image = layout.create(file, RAM / PAGE)) {
                write(image, threads);
                image.writeStates(List.of(new State("hart0", 1).put("pc", 0)));
                written = System.nanoTime();
                image.publish(Map.of("machine", "benchmark"));
                published = System.nanoTime();
                bytes = image.bytes();
            }
            long opened = System.nanoTime();
            try (ImageReader image = layout.open(file)) {
                image.readPages((page, host) -> HostMemory.copy(host, copy.address() + page * PAGE, PAGE));
            }
            times.add(new long[] {written - start, published - written, System.nanoTime() - opened});
        }
        checkCopy();
        print(layout, threads, bytes, times.subList(3, times.size()));
    }

    private void write(ImageWriter image, int threads) throws InterruptedException {
        List<Thread> started = new ArrayList<>();
        for (int thread = 0; thread < threads; thread++) {
            int own = thread;
            started.add(Thread.ofPlatform().start(() -> writeShare(image, own, threads)));
        }
        for (Thread thread : started) {
            thread.join();
        }
    }

    private void writeShare(ImageWriter image, int own, int threads) {
        PageBatch batch = new PageBatch();
        try {
            for (long first = (long) own * PageBatch.MAX_PAGES; first < RAM / PAGE; first += (long) threads * PageBatch.MAX_PAGES) {
                batch.clear();
                for (long page = first; page < first + PageBatch.MAX_PAGES; page++) {
                    batch.add(page, ram.address() + page * PAGE);
                }
                image.writePages(batch);
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private void checkCopy() {
        if (ram.mismatch(copy) >= 0) {
            throw new AssertionError("What was read is not what was written, from byte " + ram.mismatch(copy));
        }
    }

    private static void print(ImageLayout layout, int threads, long bytes, List<long[]> times) {
        System.out.printf(Locale.ROOT, "%s, %d thread(s), %.1f MB:", layout.getClass().getSimpleName(), threads, bytes / 1e6);
        String[] names = {"copy and write", "publish", "restore"};
        for (int i = 0; i < names.length; i++) {
            int column = i;
            long[] sorted = times.stream().mapToLong(run -> run[column]).sorted().toArray();
            System.out.printf(Locale.ROOT, "  %s %.1f ms (best %.1f)", names[i], sorted[sorted.length / 2] / 1e6, sorted[0] / 1e6);
        }
        System.out.println();
    }
}
