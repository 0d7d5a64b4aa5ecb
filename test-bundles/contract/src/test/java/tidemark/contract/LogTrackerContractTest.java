package tidemark.contract;

import tidemark.api.memory.DirtyTracker;
import tidemark.api.memory.MemoryPart;
import tidemark.memory.flat.FlatMemoryPart;
import tidemark.tracker.log.LogTracker;

class LogTrackerContractTest extends DirtyTrackerContract {
    @Override
    protected DirtyTracker tracker() {
        return new LogTracker(LogTracker.PML_ENTRIES);
    }

    @Override
    protected MemoryPart memoryPart() {
        return new FlatMemoryPart();
    }
}
