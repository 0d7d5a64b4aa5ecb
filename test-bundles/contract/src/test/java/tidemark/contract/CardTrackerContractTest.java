package tidemark.contract;

import tidemark.api.memory.DirtyTracker;
import tidemark.api.memory.MemoryPart;
import tidemark.memory.flat.FlatMemoryPart;
import tidemark.tracker.card.CardTracker;

class CardTrackerContractTest extends DirtyTrackerContract {
    @Override
    protected DirtyTracker tracker() {
        return new CardTracker();
    }

    @Override
    protected MemoryPart memoryPart() {
        return new FlatMemoryPart();
    }
}
