package tidemark.disk.overlay;

/** What lies where in the file of a disk of {@code size} bytes. */
record Geometry(long size) {
    static final int BLOCK = 4096;
    static final long MAX_SIZE = 1L << 44;
    static final int HEADER_BYTES = 8192;

    long blocks() {
        return (size + BLOCK - 1) / BLOCK;
    }

    int bitmapSectors() {
        long words = (blocks() + Long.SIZE - 1) / Long.SIZE;
        return (int) ((words + BitmapSector.WORDS - 1) / BitmapSector.WORDS);
    }

    static long sectorOffset(int sector) {
        return HEADER_BYTES + (long) sector * BitmapSector.BYTES;
    }

    /** Where byte 0 of the disk is. */
    long dataOffset() {
        return sectorOffset(bitmapSectors()) + BLOCK - 1 & -BLOCK;
    }

    long fileLength() {
        return dataOffset() + blocks() * BLOCK;
    }
}
