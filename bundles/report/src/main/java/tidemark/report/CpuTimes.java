package tidemark.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** CPU times of a process, as Linux tells them: proc(5). */
public final class CpuTimes {
    /** Of USER_HZ, which is 100 for programs on every Linux. */
    static final Duration TICK = Duration.ofMillis(10);
    private static final int UTIME = 14;
    private static final int STIME = 15;
    private static final int CUTIME = 16;
    private static final int CSTIME = 17;

    private final Path process;
    private final String threadName;
    private Path thread;
    private Duration lastOfThread = Duration.ZERO;
    private Duration lastOfAll = Duration.ZERO;

    /** @param threadName how the name of the thread that counts begins; empty for the main thread */
    public CpuTimes(long pid, String threadName) {
        this.process = Path.of("/proc", Long.toString(pid));
        this.threadName = threadName;
        this.thread = threadName.isEmpty() ? process : null;
    }

    /** Of the thread; zero before it is there, what was last seen when the process has ended. */
    public Duration thread() {
        try {
            thread = thread == null ? find() : thread;
            if (thread != null) {
                lastOfThread = Duration.ofNanos(Long.parseLong(Files.readString(thread.resolve("schedstat")).split(" ")[0]));
            }
            return lastOfThread;
        } catch (IOException e) {
            return lastOfThread;
        }
    }

    /** Of all threads; what was last seen when the process has ended. */
    public Duration all() {
        try {
            lastOfAll = sum(process, UTIME, STIME);
            return lastOfAll;
        } catch (IOException e) {
            return lastOfAll;
        }
    }

    /** Of all children of this process that have ended so far. */
    public static Duration ofEndedChildren() throws IOException {
        return sum(Path.of("/proc/self"), CUTIME, CSTIME);
    }

    private static Duration sum(Path process, int... fields) throws IOException {
        String stat = Files.readString(process.resolve("stat"));
        // the second field is a name in parentheses, which may contain anything
        List<String> words = List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" "));
        long ticks = 0;
        for (int field : fields) {
            ticks += Long.parseLong(words.get(field - 3));
        }
        return TICK.multipliedBy(ticks);
    }

    private Path find() throws IOException {
        try (Stream<Path> tasks = Files.list(process.resolve("task"))) {
            return tasks.filter(this::isNamed).findFirst().orElse(null);
        }
    }

    private boolean isNamed(Path task) {
        try {
            return Files.readString(task.resolve("comm")).startsWith(threadName);
        } catch (IOException e) {
            // it has ended meanwhile
            return false;
        }
    }
}
