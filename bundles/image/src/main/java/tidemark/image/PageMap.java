package tidemark.image;

import java.nio.ByteBuffer;
import java.util.BitSet;
import tidemark.api.memory.PhysicalMemory;

/** Which pages of a mapped image have data, with their checksums. Different pages may be set concurrently. */
final class PageMap {
    static final int PAGE = PhysicalMemory.PAGE_SIZE;
    static final int MAX_BYTES = (int) (2 * FileHeader.MAX_PAGES / 8 + FileHeader.MAX_PAGES * Integer.BYTES);
    private static final byte HOLE = 0;
    private static final byte DATA = 1;
    /** Zeros that were written. */
    private static final byte CLEARED = 2;

    // An element per page, not a bit: threads that set neighbours must not meet in a word.
    private final byte[] content;
    private final int[] checksums;

    PageMap(int pages) {
        content = new byte[pages];
        checksums = new int[pages];
    }

    /** @return whether the page was a hole */
    boolean setData(int page, int checksum) {
        boolean hole = content[page] == HOLE;
        content[page] = DATA;
        checksums[page] = checksum;
        return hole;
    }

    boolean hasData(int page) {
        return content[page] == DATA;
    }

    void setCleared(int page) {
        content[page] = CLEARED;
    }

    /**
     * The bitmap of pages with data; then, of an image with a parent, that of all pages that were written; then the checksums of the pages with data, in
     * ascending order.
     */
    ByteBuffer encode(boolean withWritten) {
        BitSet data = new BitSet(content.length);
        BitSet written = new BitSet(content.length);
        for (int page = 0; page < content.length; page++) {
            data.set(page, content[page] == DATA);
            written.set(page, content[page] != HOLE);
        }
        int bitmap = bitmapBytes(content.length);
        ByteBuffer bytes = ByteBuffer.allocate((withWritten ? 2 * bitmap : bitmap) + data.cardinality() * Integer.BYTES);
        bytes.put(data.toByteArray()).position(bitmap);
        if (withWritten) {
            bytes.put(written.toByteArray()).position(2 * bitmap);
        }
        data.stream().forEach(page -> bytes.putInt(checksums[page]));
        return bytes.flip();
    }

    static int bitmapBytes(long pages) {
        return (int) (pages + 7 >>> 3);
    }
}
