package tidemark.tracker.hash;

import org.osgi.service.component.annotations.Component;
import tidemark.api.memory.DirtyLog;
import tidemark.api.memory.DirtyTracker;
import tidemark.api.memory.PhysicalMemory;

/**
 * No barrier at all: pages that changed are found by comparing what they hold with what was last copied of them. Stores cost nothing, each
 * round reads all RAM.
 */
@Component(property = DirtyTracker.NAME + "=hash")
public final class HashTracker implements DirtyTracker {
    @Override
    public DirtyLog open(PhysicalMemory memory) {
        return new HashLog(memory);
    }
}
