package tidemark.shell.script;

import java.io.IOException;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.felix.service.command.Job;
import org.apache.felix.service.command.Process;

/** The commands of one pipeline. Gogo forgets what became of all but the last; here the last fails with the first failure before it. */
final class Stages {
    private static final Map<Job, Stages> RUNNING = new WeakHashMap<>();

    private final CountDownLatch before;
    private final AtomicReference<Exception> failure = new AtomicReference<>();

    private Stages(int stages) {
        before = new CountDownLatch(stages - 1);
    }

    static Stages of(Process process, Header header) {
        if (header.stages() == 1) {
            return new Stages(1);
        }
        synchronized (RUNNING) {
            return RUNNING.computeIfAbsent(process.job(), job -> new Stages(header.stages()));
        }
    }

    /** Of one before the last. */
    void failed(Exception e) {
        failure.compareAndSet(null, e);
    }

    /** One before the last has ended. */
    void ended() {
        before.countDown();
    }

    /** By the last one, which reads nothing more. */
    void awaitOthers(Process process, Header header) throws Exception {
        if (header.stages() > 1) {
            closeInput(process);
            before.await();
            if (failure.get() != null) {
                throw failure.get();
            }
        }
    }

    /** A command before it must not wait until somebody reads what it writes. */
    private static void closeInput(Process process) throws IOException {
        process.in().close();
    }
}
