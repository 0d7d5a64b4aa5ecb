package tidemark.image;

import java.nio.ByteBuffer;
import tidemark.api.checkpoint.CheckpointException;
import tidemark.api.memory.PhysicalMemory;

/**
 * How an image begins.
 *
 * @param crc of the header; the chain of sections begins with it
 */
record FileHeader(Layout layout, long pages, int crc) {
    /** The last byte is newline, the one before end-of-file on DOS: a transfer as text destroys it, as it does PNG's. */
    static final long MAGIC = 0x89544D490D0A1A0AL;
    static final int VERSION = 1;
    static final int BYTES = 32;
    /** 16 GiB of RAM, the most that a machine has. */
    static final long MAX_PAGES = 1L << 22;
    private static final int CRC_AT = 28;

    static ByteBuffer encode(Layout layout, long pages) {
        if (pages < 1 || pages > MAX_PAGES) {
            throw new IllegalArgumentException("RAM of " + pages + " pages; an image holds 1 to " + MAX_PAGES);
        }
        ByteBuffer bytes = ByteBuffer.allocate(BYTES).putLong(MAGIC).putInt(layout.code).putInt(VERSION).putLong(pages)
                .putInt(PhysicalMemory.PAGE_SIZE);
        return bytes.putInt(Checksum.of(bytes.duplicate().flip())).flip();
    }

    static FileHeader read(Source source, Layout expected) throws CheckpointException {
        if (source.size() < BYTES) {
            throw source.refused("is no image: it has " + source.size() + " bytes; checkpoint:list shows the images of a folder");
        }
        ByteBuffer bytes = ByteBuffer.allocate(BYTES);
        source.read(bytes, 0, "header");
        if (bytes.getLong(0) != MAGIC) {
            throw source.refused("is no image: it does not begin as one; checkpoint:list shows the images of a folder");
        }
        int code = bytes.getInt(8);
        if (code != expected.code) {
            throw source.refused("is no image of layout " + expected.label + ": its layout is " + name(code));
        }
        int version = bytes.getInt(12);
        if (version != VERSION) {
            throw source.refused("has format version " + Integer.toUnsignedString(version) + ", this Tidemark reads version " + VERSION
                    + "; restore it with a Tidemark that writes that version");
        }
        int crc = Checksum.of(bytes.slice(0, CRC_AT));
        if (crc != bytes.getInt(CRC_AT)) {
            throw source.damaged("header", 0, "wrong checksum");
        }
        return new FileHeader(expected, checkedPages(source, bytes), crc);
    }

    private static long checkedPages(Source source, ByteBuffer bytes) throws CheckpointException {
        long pages = bytes.getLong(16);
        if (pages < 1 || pages > MAX_PAGES) {
            throw source.damaged("header", 16, "RAM of " + Long.toUnsignedString(pages) + " pages, allowed are 1 to " + MAX_PAGES);
        }
        if (bytes.getInt(24) != PhysicalMemory.PAGE_SIZE) {
            throw source.damaged("header", 24, "pages of " + Integer.toUnsignedString(bytes.getInt(24)) + " bytes, not "
                    + PhysicalMemory.PAGE_SIZE);
        }
        return pages;
    }

    private static String name(int code) {
        for (Layout layout : Layout.values()) {
            if (layout.code == code) {
                return layout.label + "; deploy or choose that layout";
            }
        }
        return "unknown (0x" + Integer.toHexString(code) + "); use another checkpoint";
    }
}
