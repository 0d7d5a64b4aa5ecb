package tidemark.tracker.log;

import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import tidemark.api.memory.DirtyLog;
import tidemark.api.memory.DirtyTracker;
import tidemark.api.memory.PhysicalMemory;

/**
 * A bounded log of page numbers, as Intel's (SDM volume 3, "Page-Modification Logging"): collecting a quiet epoch costs as much as it has
 * dirty pages, however large RAM is. A log that is full is drained into a bitmap, as a hypervisor does at the PML-full exit.
 */
@Component(property = DirtyTracker.NAME + "=log")
@Designate(ocd = LogTracker.Config.class)
public final class LogTracker implements DirtyTracker {
    /** What a processor with PML has: one page of 64-bit entries. */
    public static final int PML_ENTRIES = 512;
    private static final int MAX_ENTRIES = 1 << 20;

    private final int entries;

    @Activate
    public LogTracker(Config config) {
        this(config.entries());
    }

    /** @param entries how many first writes an epoch may have before the log is drained */
    public LogTracker(int entries) {
        if (entries < 1 || entries > MAX_ENTRIES) {
            throw new IllegalArgumentException("tracker.log: entries=" + entries + ", give 1 to " + MAX_ENTRIES);
        }
        this.entries = entries;
    }

    @Override
    public DirtyLog open(PhysicalMemory memory) {
        return new PageLog(memory.pages(), entries);
    }

    /** Settings, PID {@code tidemark.tracker.log.LogTracker}. */
    @ObjectClassDefinition(name = "Tidemark dirty tracker: log")
    public @interface Config {
        @AttributeDefinition(description = "Page numbers that the log holds before it is drained into a bitmap")
        int entries() default PML_ENTRIES;
    }
}
