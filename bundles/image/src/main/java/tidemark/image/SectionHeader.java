package tidemark.image;

import java.nio.ByteBuffer;
import tidemark.api.checkpoint.CheckpointException;

/**
 * How a section begins. Its checksum covers that of the section before: that of the last section is the digest of the image.
 *
 * @param offset of the section in the file
 * @param payload in bytes
 * @param crc of this header without its runs
 */
record SectionHeader(SectionType type, long offset, Runs runs, long payload, int payloadCrc, int crc) {
    static final int BYTES = 32;
    private static final int PREVIOUS_AT = 24;
    private static final int CRC_AT = 28;

    /** A header and its runs, to be {@link #seal sealed}. */
    static ByteBuffer encode(SectionType type, Runs runs, ByteBuffer payload) {
        ByteBuffer bytes = ByteBuffer.allocate(BYTES + runs.size() * Long.BYTES);
        runs.encode(bytes.position(BYTES));
        int runsCrc = Checksum.of(bytes.slice(BYTES, bytes.capacity() - BYTES));
        bytes.clear();
        return bytes.putInt(type.code).putInt(runs.size()).putLong(payload.remaining()).putInt(runsCrc).putInt(Checksum.of(payload))
                .rewind();
    }

    /** Puts the header behind the section whose header has the checksum {@code previous}; its own checksum. */
    static int seal(ByteBuffer header, int previous) {
        header.putInt(PREVIOUS_AT, previous);
        int crc = Checksum.of(header.slice(0, CRC_AT));
        header.putInt(CRC_AT, crc);
        return crc;
    }

    /** Reads and checks a header and its runs. */
    static SectionHeader read(Source source, long offset, int number, int previous, long ramPages) throws CheckpointException {
        String place = "number " + number;
        ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(BYTES + Runs.MAX * Long.BYTES, source.size() - offset));
        source.read(bytes, offset, place);
        if (bytes.limit() < BYTES) {
            throw source.damaged(place, offset, "the file ends; it was cut short");
        }
        int crc = Checksum.of(bytes.slice(0, CRC_AT));
        if (crc != bytes.getInt(CRC_AT)) {
            throw source.damaged(place, offset, "wrong checksum of its header");
        }
        if (previous != bytes.getInt(PREVIOUS_AT)) {
            throw source.damaged(place, offset, "it does not belong behind the section before it");
        }
        SectionType type = type(source, bytes.getInt(0), place, offset);
        long payload = bytes.getLong(8);
        Runs runs = runs(source, bytes, type, place, offset);
        if (payload < 0 || payload > type.maxPayload || offset + BYTES + runs.size() * Long.BYTES + payload > source.size()) {
            throw source.damaged(place + " (" + type.label + ")", offset, "it claims " + Long.toUnsignedString(payload)
                    + " bytes; allowed are " + type.maxPayload + ", and the file has " + source.size());
        }
        String fault = type == SectionType.PAGES ? runs.fault(ramPages, payload) : null;
        if (fault != null) {
            throw source.damaged(place + " (pages)", offset, fault);
        }
        return new SectionHeader(type, offset, runs, payload, bytes.getInt(20), crc);
    }

    private static SectionType type(Source source, int code, String place, long offset) throws CheckpointException {
        for (SectionType type : SectionType.values()) {
            if (type.code == code) {
                return type;
            }
        }
        throw source.damaged(place, offset, "unknown type 0x" + Integer.toHexString(code));
    }

    private static Runs runs(Source source, ByteBuffer bytes, SectionType type, String place, long offset) throws CheckpointException {
        int count = bytes.getInt(4);
        int allowed = type == SectionType.PAGES ? Runs.MAX : 0;
        if (count < 0 || count > allowed || BYTES + count * Long.BYTES > bytes.limit()) {
            throw source.damaged(place + " (" + type.label + ")", offset, "it claims " + Integer.toUnsignedString(count)
                    + " runs; allowed are " + allowed + ", and the file has " + source.size() + " bytes");
        }
        ByteBuffer table = bytes.slice(BYTES, count * Long.BYTES);
        if (Checksum.of(table) != bytes.getInt(16)) {
            throw source.damaged(place + " (" + type.label + ")", offset, "wrong checksum of its runs");
        }
        return Runs.decode(table);
    }

    long payloadOffset() {
        return offset + BYTES + runs.size() * Long.BYTES;
    }

    long end() {
        return payloadOffset() + payload;
    }

    /** Fills {@code into} with the payload, flips it, and checks it. */
    ByteBuffer readPayload(Source source, ByteBuffer into) throws CheckpointException {
        source.read(into.clear().limit((int) payload), payloadOffset(), type.label);
        if (Checksum.of(into) != payloadCrc) {
            throw source.damaged(type.label, payloadOffset(), "wrong checksum of " + payload + " bytes from there");
        }
        return into;
    }

    ByteBuffer readPayload(Source source) throws CheckpointException {
        return readPayload(source, ByteBuffer.allocate((int) payload));
    }
}
