package tidemark.cpu.nativecode.cache;

/** Memory for machine code. Filled from its begin; emptied as a whole. One thread's. */
public final class CodeMemory implements AutoCloseable {
    private static final int ALIGNMENT = 16;

    private final long size;
    private final CodePages pages;
    private int used;

    /**
     * @param bytes a multiple of the host's pages; taken from the host only as they are written
     * @throws IllegalStateException if the host does not give it
     */
    public CodeMemory(int bytes) {
        size = bytes;
        pages = CodePages.of(bytes);
    }

    /** Where the next code will lie. */
    public int next() {
        return used;
    }

    /** Whether so many more bytes fit. */
    public boolean hasRoom(int bytes) {
        return used + bytes <= size;
    }

    /** Adds code at {@link #next}, for which there is room. @return where it lies */
    public int add(byte[] code, int length) {
        if (!hasRoom(length)) {
            throw new IllegalArgumentException("No room for " + length + " bytes of code");
        }
        int at = used;
        pages.write(at, code, length);
        used = (int) Math.min(size, used + length + ALIGNMENT - 1 & -ALIGNMENT);
        return at;
    }

    /** Forgets all code. */
    public void clear() {
        used = 0;
    }

    /** Writes 32 bits over code. */
    public void patch(int at, int value) {
        pages.write(at, value);
    }

    /** Where code at a place is executed. */
    public long address(int at) {
        return pages.address() + at;
    }

    @Override
    public void close() {
        pages.close();
    }
}
