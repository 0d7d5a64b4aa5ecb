package tidemark.contract;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import tidemark.api.device.Disk;
import tidemark.api.device.DiskPart;
import tidemark.api.device.DiskPart.Backing;
import tidemark.disk.overlay.OverlayPart;
import tidemark.disk.qcow2.Qcow2Part;
import tidemark.disk.raw.RawPart;

/**
 * Times each disk format, in CPU time of the calling thread, files in the page cache. Not a test; its argument: FOLDER. Medians of the rounds after the
 * first ten.
 */
final class DiskBenchmark {
    private static final long SIZE = 1L << 30;
    private static final int BLOCK = 4096;
    private static final int REQUESTS = 20_000;
    private static final int ROUNDS = 40;
    private static final int WARM_UP = 10;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final Path folder;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BLOCK);
    private final Map<String, long[]> times = new LinkedHashMap<>();

    private DiskBenchmark(Path folder) {
        this.folder = folder;
    }

    public static void main(String[] args) throws Exception {
        DiskBenchmark benchmark = new DiskBenchmark(Path.of(args[0]));
        for (int round = 0; round < ROUNDS + WARM_UP; round++) {
            benchmark.round(round);
        }
        benchmark.times.forEach(DiskBenchmark::print);
    }

    private void round(int round) throws Exception {
        DiskPart.Opener none = below -> {
            throw new IOException("nothing below");
        };
        Path base = folder.resolve("base.raw");
        DiskPart raw = new RawPart();
        create(round, "raw", raw, base, Optional.empty());
        try (Disk below = raw.open(base, true, none)) {
            requests(round, "raw", below);
        }
        try (Disk below = raw.open(base, false, none)) {
            for (DiskPart part : layered()) {
                String name = part.getClass().getSimpleName();
                Path file = folder.resolve(name);
                create(round, name, part, file, Optional.of(new Backing(base, "raw")));
                long start = now();
                try (Disk disk = part.open(file, true, asked -> below)) {
                    record(round, name + " open", start, 1);
                    time(round, name + " 4 KiB reads from below", disk::read, disk);
                    requests(round, name, disk);
                }
                Files.delete(file);
            }
        } finally {
            Files.delete(base);
        }
    }

    private static DiskPart[] layered() {
        return new DiskPart[] {new OverlayPart(), new Qcow2Part()};
    }

    private void create(int round, String name, DiskPart part, Path file, Optional<Backing> backing) throws IOException {
        long start = now();
        part.create(file, SIZE, backing);
        record(round, name + " create", start, 1);
    }

    private void requests(int round, String name, Disk disk) throws IOException {
        time(round, name + " 4 KiB first writes", disk::write, disk);
        time(round, name + " 4 KiB writes again", disk::write, disk);
        time(round, name + " 4 KiB reads", disk::read, disk);
    }

    private interface Request {
        void at(long offset, ByteBuffer bytes) throws IOException;
    }

    /** The same random blocks each time. */
    private void time(int round, String name, Request request, Disk disk) throws IOException {
        Random random = new Random(round);
        long start = now();
        for (int n = 0; n < REQUESTS; n++) {
            request.at(random.nextInt((int) (disk.size() / BLOCK)) * (long) BLOCK, buffer.clear());
        }
        record(round, name, start, REQUESTS);
    }

    private static long now() {
        return THREADS.getCurrentThreadCpuTime();
    }

    private void record(int round, String name, long start, int requests) {
        long time = (now() - start) / requests;
        if (round >= WARM_UP) {
            times.computeIfAbsent(name, key -> new long[ROUNDS])[round - WARM_UP] = time;
        }
    }

    private static void print(String name, long[] times) {
        Arrays.sort(times);
        System.out.printf(Locale.ROOT, "%-40s %8.2f us (90 %%: %.2f)%n", name, times[ROUNDS / 2] / 1e3, times[ROUNDS * 9 / 10] / 1e3);
    }
}
