package tidemark.memory.flat;

import org.osgi.service.component.annotations.Component;
import tidemark.api.memory.MemoryPart;
import tidemark.api.memory.PhysicalMemory;

/** RAM as one block of host memory, which the host commits as the guest writes it. Linux hosts. */
@Component(property = MemoryPart.NAME + "=flat")
public final class FlatMemoryPart implements MemoryPart {
    static final long MIN_SIZE = 1L << 20;
    static final long MAX_SIZE = 16L << 30;

    @Override
    public PhysicalMemory create(long base, long size) {
        if (size < MIN_SIZE || size > MAX_SIZE || size % PhysicalMemory.PAGE_SIZE != 0) {
            throw new IllegalArgumentException("RAM of " + size + " bytes: give " + MIN_SIZE + " (1 MiB) to " + MAX_SIZE
                    + " (16 GiB), a multiple of " + PhysicalMemory.PAGE_SIZE);
        }
        if (base < 0 || base > Long.MAX_VALUE - size || base % PhysicalMemory.PAGE_SIZE != 0) {
            throw new IllegalArgumentException("RAM at physical address 0x" + Long.toHexString(base) + ": give a multiple of 0x"
                    + Integer.toHexString(PhysicalMemory.PAGE_SIZE) + " that leaves room for " + size + " bytes");
        }
        return new FlatMemory(base, HostBlock.reserve(size));
    }
}
