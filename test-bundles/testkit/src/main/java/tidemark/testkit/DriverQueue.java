package tidemark.testkit;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The driver's side of a split virtqueue (virtio 1.2, 2.7) in a test's RAM, and everything that a driver could do wrong. Descriptors are given out in turn: a test has
 * no more than {@link #size} of them in use.
 */
public final class DriverQueue {
    public static final int NEXT = 1;
    public static final int WRITE = 2;
    public static final int INDIRECT = 4;
    private static final int DESCRIPTOR = 16;

    /** A piece of a buffer. */
    public record Piece(long address, long length, int flags) {}

    /** An entry of the used ring. */
    public record Used(int head, int written) {}

    private final TestMemory ram;
    private final int size;
    private final long descriptors;
    private final long driver;
    private final long device;
    private int nextDescriptor;
    private int offered;
    private int seen;

    /** The queue lies at {@code address}, which is a multiple of 16, its areas one after the other. */
    DriverQueue(TestMemory ram, long address, int size) {
        this(ram, address, address + (long) DESCRIPTOR * size, address + (long) DESCRIPTOR * size + 6 + 2L * size + 3 & -4L, size);
    }

    /** Its areas lie at these addresses. */
    public DriverQueue(TestMemory ram, long descriptors, long driver, long device, int size) {
        this.ram = ram;
        this.size = size;
        this.descriptors = descriptors;
        this.driver = driver;
        this.device = device;
    }

    /** The same queue, as far as it has come, in a copy of its RAM. */
    DriverQueue in(TestMemory copy) {
        DriverQueue queue = new DriverQueue(copy, descriptors, driver, device, size);
        queue.nextDescriptor = nextDescriptor;
        queue.offered = offered;
        queue.seen = seen;
        return queue;
    }

    static int bytes(int size) {
        return DESCRIPTOR * size + 6 + 2 * size + 3 + 6 + 8 * size;
    }

    /** For the device to read. */
    public static Piece out(long address, long length) {
        return new Piece(address, length, 0);
    }

    /** For the device to write. */
    public static Piece in(long address, long length) {
        return new Piece(address, length, WRITE);
    }

    public int size() {
        return size;
    }

    public long descriptors() {
        return descriptors;
    }

    public long driver() {
        return driver;
    }

    public long device() {
        return device;
    }

    /** Fills an entry of the descriptor table. */
    public DriverQueue describe(int index, long address, long length, int flags, int next) {
        describe(descriptors, index, address, length, flags, next);
        return this;
    }

    /** Fills an entry of a table anywhere. */
    public void describe(long table, int index, long address, long length, int flags, int next) {
        ram.put(table + (long) DESCRIPTOR * index, ByteBuffer.allocate(DESCRIPTOR).order(ByteOrder.LITTLE_ENDIAN).putLong(address).putInt((int) length)
                .putShort((short) flags).putShort((short) next).array());
    }

    /** A chain of descriptors for the pieces. @return its head */
    public int chain(Piece... pieces) {
        int head = nextDescriptor;
        for (int i = 0; i < pieces.length; i++) {
            int index = nextDescriptor;
            nextDescriptor = (nextDescriptor + 1) % size;
            boolean last = i == pieces.length - 1;
            describe(index, pieces[i].address, pieces[i].length, pieces[i].flags | (last ? 0 : NEXT), last ? 0 : nextDescriptor);
        }
        return head;
    }

    /** A table of descriptors for the pieces at {@code address}, as a piece of its own. */
    public Piece indirect(long address, Piece... pieces) {
        for (int i = 0; i < pieces.length; i++) {
            boolean last = i == pieces.length - 1;
            describe(address, i, pieces[i].address, pieces[i].length, pieces[i].flags | (last ? 0 : NEXT), i + 1);
        }
        return new Piece(address, (long) DESCRIPTOR * pieces.length, INDIRECT);
    }

    /** Makes chains available, without telling the device. */
    public DriverQueue offer(int... heads) {
        for (int head : heads) {
            putShort(driver + 4 + 2L * (offered % size), head);
            offered = offered + 1 & 0xFFFF;
        }
        return availableIndex(offered);
    }

    /** The available ring's idx as the device sees it. */
    public DriverQueue availableIndex(int value) {
        putShort(driver + 2, value);
        return this;
    }

    /** Whether a driver that keeps to the rules notifies, after it made {@code count} chains available. */
    public boolean notificationDue(boolean eventIndex, int count) {
        if (!eventIndex) {
            return (getShort(device) & 1) == 0;
        }
        return (offered - availEvent() - 1 & 0xFFFF) < count;
    }

    public int availEvent() {
        return getShort(device + 4 + 8L * size);
    }

    /** The driver wants no interrupts; without event index. */
    public void noInterrupt(boolean on) {
        putShort(driver, on ? 1 : 0);
    }

    /** The driver wants an interrupt when this entry of the used ring is filled; with event index. */
    public void usedEvent(int index) {
        putShort(driver + 4 + 2L * size, index);
    }

    /** The used ring's idx. */
    public int usedIndex() {
        return getShort(device + 2);
    }

    /** The next chain that the device has used. */
    public Optional<Used> poll() {
        if (usedIndex() == seen) {
            return Optional.empty();
        }
        long entry = device + 4 + 8L * (seen % size);
        seen = seen + 1 & 0xFFFF;
        return Optional.of(new Used(ram.getInt(entry), ram.getInt(entry + 4)));
    }

    /** All chains that the device has used since they were last asked for. */
    public List<Used> used() {
        List<Used> all = new ArrayList<>();
        for (Optional<Used> next = poll(); next.isPresent(); next = poll()) {
            all.add(next.get());
        }
        return all;
    }

    private void putShort(long address, int value) {
        ram.put(address, new byte[] {(byte) value, (byte) (value >> 8)});
    }

    private int getShort(long address) {
        byte[] bytes = ram.get(address, 2);
        return bytes[0] & 0xFF | (bytes[1] & 0xFF) << 8;
    }
}
