package tidemark.tracker.card;

import org.osgi.service.component.annotations.Component;
import tidemark.api.memory.DirtyLog;
import tidemark.api.memory.DirtyTracker;
import tidemark.api.memory.PhysicalMemory;

/** One byte per page, written after every store, as garbage collectors do: each store costs a little, no store costs a fault. */
@Component(property = DirtyTracker.NAME + "=card")
public final class CardTracker implements DirtyTracker {
    @Override
    public DirtyLog open(PhysicalMemory memory) {
        return new CardLog(memory.pages());
    }
}
