package tidemark.virtio;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import tidemark.api.memory.BusFault;
import tidemark.api.memory.PhysicalMemory;

/**
 * Little-endian fields and blocks of guest RAM, at addresses that are a driver's word. An aligned field is read and written in one access, so that a hart sees
 * all of it or nothing. Under the device's lock.
 */
final class GuestRam {
    private final PhysicalMemory memory;
    private final ByteBuffer field = ByteBuffer.allocate(Descriptor.SIZE).order(ByteOrder.LITTLE_ENDIAN);

    GuestRam(PhysicalMemory memory) {
        this.memory = memory;
    }

    boolean contains(long address, long length) {
        return memory.contains(address, length);
    }

    int readShort(long address) throws MalformedQueue {
        read(address, field.array(), 0, Short.BYTES);
        return Short.toUnsignedInt(field.getShort(0));
    }

    Descriptor readDescriptor(long address) throws MalformedQueue {
        read(address, field.array(), 0, Descriptor.SIZE);
        return Descriptor.of(field);
    }

    void writeShort(long address, int value) throws MalformedQueue {
        field.putShort(0, (short) value);
        write(address, field.array(), 0, Short.BYTES);
    }

    /** Two 32-bit words. */
    void writeWords(long address, int first, int second) throws MalformedQueue {
        field.putInt(0, first).putInt(Integer.BYTES, second);
        write(address, field.array(), 0, 2 * Integer.BYTES);
    }

    void read(long address, byte[] into, int offset, int length) throws MalformedQueue {
        try {
            memory.read(address, into, offset, length);
        } catch (BusFault e) {
            throw outside(address, length);
        }
    }

    void write(long address, byte[] from, int offset, int length) throws MalformedQueue {
        try {
            memory.write(address, from, offset, length);
        } catch (BusFault e) {
            throw outside(address, length);
        }
    }

    static MalformedQueue outside(long address, long length) {
        return new MalformedQueue("0x%x bytes at physical address 0x%x are not in RAM".formatted(length, address));
    }
}
