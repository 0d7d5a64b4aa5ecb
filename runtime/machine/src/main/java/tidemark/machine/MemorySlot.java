package tidemark.machine;

import java.util.List;
import java.util.function.Supplier;
import tidemark.api.machine.MachineException;
import tidemark.api.machine.MachineSpec;
import tidemark.api.memory.DirtyLog;
import tidemark.api.memory.HostMemory;
import tidemark.api.memory.MemoryPart;
import tidemark.api.memory.PhysicalMemory;
import tidemark.api.memory.WriteGuard;

/**
 * The place of a machine's RAM. RAM stays when its part goes: the object is whole without its bundle, holds no thread and no file, and nothing else could take over its
 * addresses. So the machine need not stand for it.
 */
final class MemorySlot extends Slot<MemoryPart> {
    private final MachineSpec spec;
    private final Supplier<List<Slot<?>>> holders;
    private PhysicalMemory memory;

    /** @param holders the slots of parts that hold RAM */
    MemorySlot(MachineSpec spec, Supplier<List<Slot<?>>> holders) {
        super(MemoryPart.class, "memory", spec.memory());
        this.spec = spec;
        this.holders = holders;
    }

    @Override
    String name() {
        return "memory";
    }

    PhysicalMemory memory() {
        return memory;
    }

    /** Copies what was in RAM so far. */
    @Override
    void enter(MemoryPart newPart) {
        PhysicalMemory next = create(newPart);
        if (memory != null) {
            copyPages(memory, next);
            memory.close();
        }
        memory = next;
    }

    private PhysicalMemory create(MemoryPart newPart) {
        try {
            return newPart.create(MachineSpec.RAM_BASE, spec.ramBytes());
        } catch (IllegalArgumentException | OutOfMemoryError e) {
            throw new MachineException("Machine " + spec.name() + ": memory '" + part() + "' has no " + spec.ramMiB() + " MiB of RAM: " + e.getMessage(), e);
        }
    }

    /** Into RAM that is all zero, so that pages without data take no memory there either. */
    private static void copyPages(PhysicalMemory from, PhysicalMemory to) {
        for (long at = 0; at < from.size(); at += PhysicalMemory.PAGE_SIZE) {
            if (!isZero(from.hostAddress() + at)) {
                HostMemory.copy(from.hostAddress() + at, to.hostAddress() + at, PhysicalMemory.PAGE_SIZE);
            }
        }
    }

    private static boolean isZero(long page) {
        for (long at = page; at < page + PhysicalMemory.PAGE_SIZE; at += Long.BYTES) {
            if (HostMemory.getLong(at) != 0) {
                return false;
            }
        }
        return true;
    }

    /** Everything that holds RAM lets go of it meanwhile. */
    @Override
    List<Slot<?>> dependents() {
        return holders.get();
    }

    @Override
    boolean outlivesItsPart() {
        return true;
    }

    @Override
    void refuse() {
        if (memory.dirtyLog() != DirtyLog.NONE || memory.writeGuard() != WriteGuard.NONE) {
            throw new MachineException("RAM of machine " + spec.name() + " is tracked: a checkpoint is being taken (wait for its end, or cancel it), or increments follow its last one (checkpoint:end "
                    + spec.name() + ")");
        }
    }

    @Override
    void leave() {}

    void close() {
        if (memory != null) {
            memory.close();
        }
    }
}
