package tidemark.contract;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import tidemark.api.memory.DirtyLog;
import tidemark.api.memory.HostMemory;
import tidemark.api.memory.PageSet;
import tidemark.api.memory.PhysicalMemory;

/** A copy of RAM, put together page by page while RAM is written. */
final class RamImage {
    private static final int PAGE = PhysicalMemory.PAGE_SIZE;

    private final PhysicalMemory memory;
    private final MemorySegment bytes;

    RamImage(PhysicalMemory memory) {
        this.memory = memory;
        this.bytes = Arena.ofAuto().allocate(memory.size(), PAGE);
    }

    /** Copies pages as a checkpoint does, and tells the log. */
    void copy(PageSet pages, DirtyLog log) {
        pages.forEach(page -> log.copied(page, copy(page)));
    }

    /** @return host address of the copy */
    long copy(long page) {
        long copy = bytes.address() + page * PAGE;
        HostMemory.copy(memory.readable(memory.base() + page * PAGE), copy, PAGE);
        return copy;
    }

    /** The pages on which this image and RAM differ. */
    PageSet differences() {
        PageSet differing = PageSet.none(memory.pages());
        for (long at = 0; at < memory.size(); at += Long.BYTES) {
            if (HostMemory.getLong(memory.readable(memory.base() + at)) != HostMemory.getLong(bytes.address() + at)) {
                differing.add(at / PAGE);
            }
        }
        return differing;
    }
}
