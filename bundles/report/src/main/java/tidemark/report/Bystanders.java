package tidemark.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.stream.Stream;

/** How busy a host is with others' work while something is measured on it. */
public final class Bystanders {
    /** Of the first line of proc(5)'s stat: user, nice, system, then idle and iowait, then irq, softirq, steal; the rest is part of these. */
    private static final int[] BUSY = {1, 2, 3, 6, 7, 8};
    private final long begin = System.nanoTime();
    private final Duration before;

    private Bystanders(Duration before) {
        this.before = before;
    }

    /** Begins to watch them. */
    public static Bystanders watch() throws IOException {
        return new Bystanders(others());
    }

    /** How many CPUs they kept busy since, on average. */
    public double cpus() throws IOException {
        return Math.max(0, (double) others().minus(before).toNanos() / (System.nanoTime() - begin));
    }

    /** In a sentence. */
    public static String sentence(double cpus) {
        return String.format(Locale.ROOT, "Meanwhile others kept %.1f CPUs of the host busy.", cpus);
    }

    /** CPU time of everyone but this process and its children that have ended. */
    private static Duration others() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/stat"))) {
            Duration all = busy(lines.findFirst().orElseThrow());
            return all.minus(new CpuTimes(ProcessHandle.current().pid(), "").all()).minus(CpuTimes.ofEndedChildren());
        }
    }

    /** @param line {@code cpu} and numbers */
    static Duration busy(String line) {
        String[] fields = line.split("\\s+");
        long ticks = 0;
        for (int field : BUSY) {
            ticks += Long.parseLong(fields[field]);
        }
        return CpuTimes.TICK.multipliedBy(ticks);
    }
}
