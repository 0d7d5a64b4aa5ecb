package tidemark.machine;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.api.machine.MachineException;

/** Keeps one disk's chain of files short while its guest runs: merges frozen layers on a thread of its own. */
final class LayerMerging {
    private static final Logger LOG = LoggerFactory.getLogger(LayerMerging.class);
    private static final long TRY_MS = 10;

    private final LayeredDisk disk;
    private Thread thread;
    private volatile boolean cancelled;

    LayerMerging(LayeredDisk disk) {
        this.disk = disk;
    }

    /** If none is under way. Returns at once. */
    synchronized void begin() {
        if (thread == null || !thread.isAlive()) {
            cancelled = false;
            thread = Thread.ofPlatform().daemon().name("merge layers of " + disk.device()).start(this::run);
        }
    }

    /** Returns when none is under way any more. May be called with any lock of the disk. */
    synchronized void cancel() {
        cancelled = true;
        boolean interrupted = false;
        while (thread != null && thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    boolean isCancelled() {
        return cancelled;
    }

    /** Takes a lock unless this is cancelled: who cancels may have it. */
    boolean take(Lock lock) {
        try {
            while (!cancelled) {
                if (lock.tryLock(TRY_MS, TimeUnit.MILLISECONDS)) {
                    return true;
                }
            }
        } catch (InterruptedException e) {
            cancelled = true;
        }
        return false;
    }

    private void run() {
        try {
            Optional<DiskChain> chain = disk.flushedChain(this);
            while (chain.isPresent() && merge(chain.get())) {
                chain = disk.flushedChain(this);
            }
        } catch (IOException | MachineException e) {
            if (!cancelled) {
                LOG.warn("Layers of disk {} were not merged, its chain of files grows: {}", disk.device(), e.getMessage());
            }
        }
    }

    /** @return whether something was merged */
    private boolean merge(DiskChain chain) throws IOException {
        int count = LayerMerge.count(chain);
        if (count == 0) {
            return false;
        }
        try (LayerMerge merge = disk.merge(chain, count, this)) {
            Optional<DiskChain> current = Optional.of(chain);
            List<DiskChain.Layer> add = chain.layers().subList(1, 1 + count);
            while (current.isPresent()) {
                merge.add(add);
                DiskChain.Layer newest = add.getFirst();
                current = disk.install(merge, newest, this);
                add = current.map(now -> now.layers().subList(1, now.layers().indexOf(newest))).orElse(List.of());
            }
        }
        return true;
    }
}
