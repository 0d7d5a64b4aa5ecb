package tidemark.archetype.tracker;

import org.osgi.service.component.annotations.Component;
import tidemark.api.memory.DirtyLog;
import tidemark.api.memory.DirtyTracker;
import tidemark.api.memory.PhysicalMemory;

/** One bit per page, set when the page is first written in an epoch. */
@Component(property = DirtyTracker.NAME + "=sample")
public final class SampleTracker implements DirtyTracker {
    @Override
    public DirtyLog open(PhysicalMemory memory) {
        return new SampleTrackerLog(memory.pages());
    }
}
