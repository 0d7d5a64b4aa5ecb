package tidemark.virtio;

import java.nio.ByteBuffer;

/** An entry of a descriptor table (2.7.5). */
record Descriptor(long address, long length, int flags, int next) {
    static final int SIZE = 16;
    static final int NEXT = 1;
    static final int WRITE = 2;
    static final int INDIRECT = 4;

    /** From the first bytes of a little-endian buffer. */
    static Descriptor of(ByteBuffer from) {
        return new Descriptor(from.getLong(0), Integer.toUnsignedLong(from.getInt(8)), Short.toUnsignedInt(from.getShort(12)),
                Short.toUnsignedInt(from.getShort(14)));
    }

    boolean has(int flag) {
        return (flags & flag) != 0;
    }
}
