package tidemark.api.memory;

import java.lang.reflect.Field;
import sun.misc.Unsafe;

/**
 * Raw access to host memory: the only class of Tidemark that does it. Addresses are host addresses, unchecked: a wrong
 * one crashes the process. All values are little-endian. Plain accesses unless the name says otherwise.
 */
@SuppressWarnings("removal")
public final class HostMemory {
    private static final Unsafe UNSAFE = unsafe();

    private HostMemory() {}

    private static Unsafe unsafe() {
        if (java.nio.ByteOrder.nativeOrder() != java.nio.ByteOrder.LITTLE_ENDIAN) {
            throw new IllegalStateException("Tidemark needs a little-endian host");
        }
        try {
            Field field = Unsafe.class.getDeclaredField("theUnsafe");
            field.setAccessible(true);
            return (Unsafe) field.get(null);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("This JVM has no sun.misc.Unsafe; Tidemark needs JDK 25", e);
        }
    }

    public static byte getByte(long address) {
        return UNSAFE.getByte(address);
    }

    public static short getShort(long address) {
        return UNSAFE.getShort(address);
    }

    public static int getInt(long address) {
        return UNSAFE.getInt(address);
    }

    public static long getLong(long address) {
        return UNSAFE.getLong(address);
    }

    /** Of an array, which is not null. @param offset bytes from its first element, within it: that is not checked either */
    public static long getLong(long[] array, long offset) {
        return UNSAFE.getLong(array, Unsafe.ARRAY_LONG_BASE_OFFSET + offset);
    }

    public static double getDouble(long address) {
        return UNSAFE.getDouble(address);
    }

    public static void putByte(long address, byte value) {
        UNSAFE.putByte(address, value);
    }

    public static void putShort(long address, short value) {
        UNSAFE.putShort(address, value);
    }

    public static void putInt(long address, int value) {
        UNSAFE.putInt(address, value);
    }

    public static void putLong(long address, long value) {
        UNSAFE.putLong(address, value);
    }

    public static void putDouble(long address, double value) {
        UNSAFE.putDouble(address, value);
    }

    /** Volatile; {@code address} is aligned to 4. */
    public static int getIntVolatile(long address) {
        return UNSAFE.getIntVolatile(null, address);
    }

    /** Volatile; {@code address} is aligned to 8. */
    public static long getLongVolatile(long address) {
        return UNSAFE.getLongVolatile(null, address);
    }

    /** Volatile; {@code address} is aligned to 4. */
    public static void putIntVolatile(long address, int value) {
        UNSAFE.putIntVolatile(null, address, value);
    }

    /** Volatile; {@code address} is aligned to 8. */
    public static void putLongVolatile(long address, long value) {
        UNSAFE.putLongVolatile(null, address, value);
    }

    /** Atomic; {@code address} is aligned to 4. */
    public static boolean compareAndSetInt(long address, int expected, int value) {
        return UNSAFE.compareAndSwapInt(null, address, expected, value);
    }

    /** Atomic; {@code address} is aligned to 8. */
    public static boolean compareAndSetLong(long address, long expected, long value) {
        return UNSAFE.compareAndSwapLong(null, address, expected, value);
    }

    /** Copies {@code length} bytes between host addresses that do not overlap. */
    public static void copy(long from, long to, long length) {
        UNSAFE.copyMemory(from, to, length);
    }

    public static void copy(byte[] from, int offset, long to, int length) {
        java.util.Objects.checkFromIndexSize(offset, length, from.length);
        UNSAFE.copyMemory(from, Unsafe.ARRAY_BYTE_BASE_OFFSET + offset, null, to, length);
    }

    public static void copy(long from, byte[] to, int offset, int length) {
        java.util.Objects.checkFromIndexSize(offset, length, to.length);
        UNSAFE.copyMemory(null, from, to, Unsafe.ARRAY_BYTE_BASE_OFFSET + offset, length);
    }

    public static void fill(long address, long length, byte value) {
        UNSAFE.setMemory(address, length, value);
    }
}
