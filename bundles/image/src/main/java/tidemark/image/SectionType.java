package tidemark.image;

import tidemark.api.checkpoint.PageBatch;
import tidemark.api.memory.PhysicalMemory;
import tidemark.api.state.State;

/** What a section holds. */
enum SectionType {
    PAGES("pages", 0x50414745, PageBatch.MAX_PAGES * PhysicalMemory.PAGE_SIZE),
    STATES("states", 0x53544154, State.MAX_LIST_BYTES),
    MANIFEST("manifest", 0x4D414E49, 16 << 20),
    /** In an image that has only what was written since another one. */
    PARENT("parent", 0x50415245, 2 * (Integer.BYTES + Payloads.MAX_KEY)),
    PAGE_MAP("page map", 0x504D4150, PageMap.MAX_BYTES),
    END("end", 0x454E4420, 0);

    final String label;
    /** Four ASCII characters. */
    final int code;
    /** The longest payload, in bytes. */
    final int maxPayload;

    SectionType(String label, int code, int maxPayload) {
        this.label = label;
        this.code = code;
        this.maxPayload = maxPayload;
    }
}
