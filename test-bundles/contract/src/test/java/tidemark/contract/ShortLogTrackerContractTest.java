package tidemark.contract;

import tidemark.api.memory.DirtyTracker;
import tidemark.api.memory.MemoryPart;
import tidemark.memory.flat.FlatMemoryPart;
import tidemark.tracker.log.LogTracker;

class ShortLogTrackerContractTest extends DirtyTrackerContract {
    @Override
    protected DirtyTracker tracker() {
        return new LogTracker(3);
    }

    @Override
    protected MemoryPart memoryPart() {
        return new FlatMemoryPart();
    }
}
