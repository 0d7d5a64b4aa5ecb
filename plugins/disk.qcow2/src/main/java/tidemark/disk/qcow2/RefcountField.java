package tidemark.disk.qcow2;

import java.nio.ByteBuffer;

/** A reference count of 2^order bits: big-endian, and from the least significant bits of a byte if smaller than one. */
final class RefcountField {
    private RefcountField() {}

    static long get(ByteBuffer bytes, int at, int bit, int order) {
        return switch (order) {
            case 6 -> bytes.getLong(at);
            case 5 -> Integer.toUnsignedLong(bytes.getInt(at));
            case 4 -> Short.toUnsignedLong(bytes.getShort(at));
            default -> bytes.get(at) >>> bit & mask(order);
        };
    }

    static void put(ByteBuffer bytes, int at, int bit, int order, long count) {
        switch (order) {
            case 6 -> bytes.putLong(at, count);
            case 5 -> bytes.putInt(at, (int) count);
            case 4 -> bytes.putShort(at, (short) count);
            default -> bytes.put(at, (byte) (bytes.get(at) & ~(mask(order) << bit) | (int) count << bit));
        }
    }

    private static int mask(int order) {
        return (1 << (1 << order)) - 1;
    }
}
