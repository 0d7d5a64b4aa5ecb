package tidemark.image;

import java.nio.ByteBuffer;
import java.util.BitSet;
import tidemark.api.memory.PhysicalMemory;

/** Which pages of a mapped image have data, with their checksums. Different pages may be set concurrently. */
final class PageMap {
    static final int PAGE = PhysicalMemory.PAGE_SIZE;
    static final int MAX_BYTES = (int) (FileHeader.MAX_PAGES / 8 + FileHeader.MAX_PAGES * Integer.BYTES);
    private static final byte HOLE = 0;
    private static final byte DATA = 1;
    /** Zeros that were written over data. */
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

    /** The bitmap, then the checksums of the pages with data, in ascending order. */
    ByteBuffer encode() {
        BitSet data = new BitSet(content.length);
        for (int page = 0; page < content.length; page++) {
            data.set(page, content[page] == DATA);
        }
        ByteBuffer bytes = ByteBuffer.allocate(bitmapBytes(content.length) + data.cardinality() * Integer.BYTES);
        bytes.put(data.toByteArray()).position(bitmapBytes(content.length));
        data.stream().forEach(page -> bytes.putInt(checksums[page]));
        return bytes.flip();
    }

    static int bitmapBytes(long pages) {
        return (int) (pages + 7 >>> 3);
    }
}
