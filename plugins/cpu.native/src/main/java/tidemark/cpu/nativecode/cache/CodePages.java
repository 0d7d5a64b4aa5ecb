package tidemark.cpu.nativecode.cache;

/** Pages for machine code, none of which is ever writable and executable. Taken from the host only as they are written. One thread's. */
interface CodePages extends AutoCloseable {
    /** Where the first byte is executed. */
    long address();

    /** @param at from the first byte */
    void write(int at, byte[] code, int length);

    /** 32 bits, in the host's order. */
    void write(int at, int value);

    @Override
    void close();

    /**
     * The best that this host gives.
     *
     * @param bytes a multiple of the host's pages
     * @throws IllegalStateException if it gives none
     */
    static CodePages of(int bytes) {
        CodePages huge = HugeCodePages.of(bytes);
        return huge != null ? huge : new SharedCodePages(bytes);
    }
}
