package tidemark.device.uart;

import java.util.Arrays;

/** The receiver's characters, oldest first. */
final class ReceiverFifo {
    private final byte[] bytes = new byte[Uart16550.FIFO_SIZE];
    private int first;
    private int size;
    private int last;

    int size() {
        return size;
    }

    void add(byte value) {
        bytes[(first + size++) % bytes.length] = value;
    }

    /** The oldest character; if there is none, the one that was taken last. */
    int take() {
        if (size > 0) {
            last = bytes[first] & 0xFF;
            first = (first + 1) % bytes.length;
            size--;
        }
        return last;
    }

    int last() {
        return last;
    }

    void clear() {
        size = 0;
    }

    byte[] bytes() {
        byte[] copy = new byte[size];
        for (int i = 0; i < size; i++) {
            copy[i] = bytes[(first + i) % bytes.length];
        }
        return copy;
    }

    void set(byte[] values, int lastTaken) {
        Arrays.fill(bytes, (byte) 0);
        System.arraycopy(values, 0, bytes, 0, values.length);
        first = 0;
        size = values.length;
        last = lastTaken & 0xFF;
    }
}
