package tidemark.contract.run;

import java.util.List;
import java.util.Locale;
import tidemark.api.checkpoint.CheckpointProtocol;
import tidemark.api.checkpoint.CopyStrategy;
import tidemark.api.checkpoint.ImageLayout;
import tidemark.api.checkpoint.StopCondition;
import tidemark.api.cpu.CpuPart;
import tidemark.api.device.DevicePart;
import tidemark.api.device.DiskPart;
import tidemark.api.memory.DirtyTracker;
import tidemark.api.memory.MemoryPart;

/** What can be judged, and by which suites. */
enum Kind {
    PROTOCOL(CheckpointProtocol.class, Judged.Protocol.class),
    TRACKER(DirtyTracker.class, Judged.Tracker.class, Judged.Checkpoints.class),
    COPIER(CopyStrategy.class, Judged.Copier.class, Judged.Checkpoints.class),
    LAYOUT(ImageLayout.class, Judged.Checkpoints.class),
    STOP(StopCondition.class, Judged.Checkpoints.class),
    CPU(CpuPart.class, Judged.Execution.class, Judged.SelfModifying.class, Judged.Privilege.class,
            Judged.SeveralHarts.class, Judged.Checkpoints.class),
    MEMORY(MemoryPart.class, Judged.Memory.class, Judged.Checkpoints.class),
    DEVICE(DevicePart.class, Judged.Device.class, Judged.Checkpoints.class),
    DISK(DiskPart.class, JudgedDisk.Layered.class);

    private final Class<?> type;
    private final List<Class<?>> suites;

    Kind(Class<?> type, Class<?>... suites) {
        this.type = type;
        this.suites = List.of(suites);
    }

    /** Of the service. */
    Class<?> type() {
        return type;
    }

    List<Class<?>> suites() {
        return suites;
    }

    /** As parts call it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
