package tidemark.api.memory;

/** What a dirty log needs engines to do at a store. */
public enum Barrier {
    /** Nothing. */
    NONE,
    /** {@link PhysicalMemory#writable} before the first store to a page after each flush of writes: costs nothing on the fast path. */
    FIRST_WRITE,
    /** In addition, after every store, a byte 1 to {@code cardTable() + ((host address of the store's first byte - RAM's host address) >>> cardShift())}, and to the last byte's card if that is another. */
    EVERY_STORE
}
