package tidemark.lab.cell;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** How busy others keep the host while something is measured; NaN where the host does not tell. */
final class Others {
    /** Of the first line of proc(5)'s stat: user, nice, system, irq, softirq, steal; in hundredths of a second. */
    private static final int[] BUSY = {1, 2, 3, 6, 7, 8};
    private static final double TICK = 0.01;
    private final double before = busySeconds();
    private final long begin = System.nanoTime();

    /** CPUs that others kept busy since this was made, on average. */
    double cpus() {
        return Math.max(0, (busySeconds() - before) / ((System.nanoTime() - begin) / 1e9));
    }

    private static double busySeconds() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/stat"))) {
            String[] fields = lines.findFirst().orElseThrow().split("\\s+");
            double all = 0;
            for (int field : BUSY) {
                all += TICK * Long.parseLong(fields[field]);
            }
            return all - ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime() / 1e9;
        } catch (IOException | RuntimeException e) {
            return Double.NaN;
        }
    }
}
