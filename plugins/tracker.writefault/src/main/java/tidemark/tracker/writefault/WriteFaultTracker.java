package tidemark.tracker.writefault;

import org.osgi.service.component.annotations.Component;
import tidemark.api.memory.DirtyLog;
import tidemark.api.memory.DirtyTracker;
import tidemark.api.memory.PhysicalMemory;

/**
 * One bit per page, set when a hart first writes the page in an epoch: what a hypervisor does with write-protected pages and a fault for
 * each. The fault is here the slow path of the engine's write TLB.
 */
@Component(property = DirtyTracker.NAME + "=writefault")
public final class WriteFaultTracker implements DirtyTracker {
    @Override
    public DirtyLog open(PhysicalMemory memory) {
        return new WriteFaultLog(memory.pages());
    }
}
