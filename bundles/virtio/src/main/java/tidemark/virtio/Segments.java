package tidemark.virtio;

import java.util.Arrays;
import java.util.Objects;

/** Pieces of guest RAM, all within it, that together are one array of bytes. */
final class Segments {
    private final GuestRam ram;
    private long[] addresses = new long[4];
    /** Where each piece ends in the whole. */
    private long[] ends = new long[4];
    private int count;

    Segments(GuestRam ram) {
        this.ram = ram;
    }

    void add(long address, long size) {
        if (count == ends.length) {
            addresses = Arrays.copyOf(addresses, 2 * count);
            ends = Arrays.copyOf(ends, 2 * count);
        }
        ends[count] = length() + size;
        addresses[count++] = address;
    }

    long length() {
        return count == 0 ? 0 : ends[count - 1];
    }

    void read(long position, byte[] into, int offset, int length) throws MalformedQueue {
        transfer(position, into, offset, length, ram::read);
    }

    void write(long position, byte[] from, int offset, int length) throws MalformedQueue {
        transfer(position, from, offset, length, ram::write);
    }

    private interface Access {
        void at(long address, byte[] bytes, int offset, int length) throws MalformedQueue;
    }

    private void transfer(long position, byte[] bytes, int offset, int length, Access access) throws MalformedQueue {
        Objects.checkFromIndexSize(position, length, length());
        long at = position;
        int done = 0;
        for (int i = indexOf(position); done < length; i++) {
            int size = (int) Math.min(length - done, ends[i] - at);
            access.at(addresses[i] + (at - start(i)), bytes, offset + done, size);
            at += size;
            done += size;
        }
    }

    private int indexOf(long position) {
        int found = Arrays.binarySearch(ends, 0, count, position);
        return found >= 0 ? found + 1 : ~found;
    }

    private long start(int index) {
        return index == 0 ? 0 : ends[index - 1];
    }
}
