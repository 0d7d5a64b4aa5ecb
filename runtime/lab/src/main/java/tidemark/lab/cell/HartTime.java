package tidemark.lab.cell;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;

/** The CPU time of a machine's hart threads, looked at often, since it is gone with the thread. Closing ends the looking. */
final class HartTime implements AutoCloseable {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final long PERIOD_MS = 10;
    private final String prefix;
    private final Thread watcher;
    private volatile long nanos;

    HartTime(String machine) {
        prefix = machine + "-hart";
        watcher = Thread.ofPlatform().daemon().name("lab-hart-time").start(this::watch);
    }

    /** As it was when last looked at, in seconds. */
    double seconds() {
        return nanos / 1e9;
    }

    private void watch() {
        long[] harts = {};
        try {
            while (true) {
                long[] now = Arrays.stream(harts).map(THREADS::getThreadCpuTime).toArray();
                if (now.length == 0 || Arrays.stream(now).anyMatch(time -> time < 0)) {
                    harts = find();
                } else {
                    nanos = Math.max(nanos, Arrays.stream(now).sum());
                }
                Thread.sleep(PERIOD_MS);
            }
        } catch (InterruptedException e) {
            // closed
        }
    }

    private long[] find() {
        return Arrays.stream(THREADS.getThreadInfo(THREADS.getAllThreadIds())).filter(info -> info != null && info.getThreadName().startsWith(prefix))
                .mapToLong(ThreadInfo::getThreadId).toArray();
    }

    @Override
    public void close() {
        watcher.interrupt();
    }
}
