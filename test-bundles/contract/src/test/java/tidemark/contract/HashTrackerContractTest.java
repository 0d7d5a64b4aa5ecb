package tidemark.contract;

import tidemark.api.memory.DirtyTracker;
import tidemark.api.memory.MemoryPart;
import tidemark.memory.flat.FlatMemoryPart;
import tidemark.tracker.hash.HashTracker;

class HashTrackerContractTest extends DirtyTrackerContract {
    @Override
    protected DirtyTracker tracker() {
        return new HashTracker();
    }

    @Override
    protected MemoryPart memoryPart() {
        return new FlatMemoryPart();
    }
}
