package tidemark.contract;

import tidemark.api.memory.DirtyTracker;
import tidemark.api.memory.MemoryPart;
import tidemark.memory.flat.FlatMemoryPart;
import tidemark.tracker.writefault.WriteFaultTracker;

class WriteFaultTrackerContractTest extends DirtyTrackerContract {
    @Override
    protected DirtyTracker tracker() {
        return new WriteFaultTracker();
    }

    @Override
    protected MemoryPart memoryPart() {
        return new FlatMemoryPart();
    }
}
