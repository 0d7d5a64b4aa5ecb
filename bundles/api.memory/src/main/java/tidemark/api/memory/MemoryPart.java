package tidemark.api.memory;

import org.osgi.annotation.versioning.ConsumerType;

/** Service: makes guest RAM. Its name is the service property {@link #NAME}. */
@ConsumerType
public interface MemoryPart {
    String NAME = "tidemark.memory";

    /**
     * @param base physical address of the first byte, page-aligned
     * @param size in bytes, a multiple of the page size
     * @return RAM that is all zero
     * @throws IllegalArgumentException if the size is not possible, saying what is
     * @throws OutOfMemoryError if the host does not have that much
     */
    PhysicalMemory create(long base, long size);
}
