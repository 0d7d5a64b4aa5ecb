package tidemark.disk;

import java.io.IOException;
import java.util.BitSet;

/**
 * The space of a table that changes in memory first and gets into its file later. Its pieces are reserved before they change, so that a full host refuses
 * the change and not the flush. Any thread.
 */
public final class ReservedTable {
    private final Storage file;
    private final int pieceSize;
    private long start;
    /** The pieces that have space. */
    private final BitSet reserved = new BitSet();

    /**
     * @param start of the table in the file, in bytes
     * @param pieceSize in bytes, at least that of a change; pieces are the table's own to the end of the last one
     */
    public ReservedTable(Storage file, long start, int pieceSize) {
        this.file = file;
        this.start = start;
        this.pieceSize = pieceSize;
    }

    /** Before the bytes at {@code offset} of the file are changed in memory. @throws IOException if the host is full; nothing may be changed then */
    public synchronized void reserve(long offset) throws IOException {
        int piece = Math.toIntExact((offset - start) / pieceSize);
        if (!reserved.get(piece)) {
            file.reserve(start + (long) piece * pieceSize, pieceSize);
            reserved.set(piece);
        }
    }

    /** The table is elsewhere from now on, in {@code length} bytes that have been reserved. */
    public synchronized void moved(long newStart, long length) {
        start = newStart;
        reserved.set(0, Math.toIntExact((length + pieceSize - 1) / pieceSize));
    }
}
