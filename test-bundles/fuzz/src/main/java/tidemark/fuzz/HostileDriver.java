package tidemark.fuzz;

import static tidemark.testkit.VirtioDriver.*;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import tidemark.api.memory.BusFault;
import tidemark.testkit.TestMemory;

/** A driver of one virtio device that knows the rules, mostly keeps to them, and breaks any of them now and then. */
final class HostileDriver {
    private static final int DESCRIPTOR = 16;
    private static final int NEXT = 1;
    private static final int WRITE = 2;
    private static final int INDIRECT = 4;
    private static final int SECTOR = 512;
    private static final int DISCARD = 11;
    private static final int WRITE_ZEROES = 13;
    /** Those of a disk (5.2.6). */
    private static final int[] REQUESTS = {0, 1, 4, 8, DISCARD, WRITE_ZEROES};
    /** Each rule is broken once in so many times. */
    private static final int RARELY = 60;

    private final Place place;
    private final TestMemory ram;
    private final Draw draw;
    private final List<Queue> queues = new ArrayList<>();

    /** Where it has put a queue, as far as it is in RAM. */
    private final class Queue {
        private final int index;
        private final int size;
        private final long descriptors;
        private final long driver;
        private final long device;
        private int available;

        Queue(int index, int size) {
            this.index = index;
            this.size = size;
            int room = DESCRIPTOR * size + 6 + 2 * size + 6 + 8 * size + 16;
            long at = draw.inRam(room) & -DESCRIPTOR;
            descriptors = draw.oneIn(RARELY) ? draw.address() : at;
            driver = draw.oneIn(RARELY) ? draw.address() : at + (long) DESCRIPTOR * size;
            device = draw.oneIn(RARELY) ? draw.address() : at + (long) DESCRIPTOR * size + 6 + 2L * size + 3 & -4L;
        }
    }

    HostileDriver(Place place, TestMemory ram, Draw draw) {
        this.place = place;
        this.ram = ram;
        this.draw = draw;
    }

    private long load(int register) {
        try {
            return place.device().load(register, Integer.BYTES);
        } catch (BusFault e) {
            throw new AssertionError("Register 0x" + Integer.toHexString(register), e);
        }
    }

    private void store(int register, long value) {
        try {
            place.device().store(register, Integer.BYTES, value);
        } catch (BusFault e) {
            throw new AssertionError("Register 0x" + Integer.toHexString(register), e);
        }
    }

    // Initialization

    void start() {
        queues.clear();
        store(STATUS, 0);
        store(STATUS, ACKNOWLEDGE);
        store(STATUS, ACKNOWLEDGE | DRIVER);
        negotiate();
        for (int i = 0; i < 4; i++) {
            setUp(i);
        }
        if (!draw.oneIn(RARELY)) {
            store(STATUS, load(STATUS) | DRIVER_OK);
        }
    }

    private void negotiate() {
        store(DEVICE_FEATURES_SEL, 0);
        long low = load(DEVICE_FEATURES);
        store(DRIVER_FEATURES_SEL, 0);
        store(DRIVER_FEATURES, draw.oneIn(RARELY) ? draw.number() : low & (draw.oneIn(3) ? draw.any() : -1));
        store(DRIVER_FEATURES_SEL, draw.oneIn(RARELY) ? draw.number() : 1);
        store(DRIVER_FEATURES, draw.oneIn(RARELY) ? draw.number() : 1);
        store(STATUS, load(STATUS) | FEATURES_OK);
    }

    private void setUp(int index) {
        store(QUEUE_SEL, index);
        int most = (int) load(QUEUE_NUM_MAX);
        if (most == 0) {
            return;
        }
        Queue queue = new Queue(index, Integer.highestOneBit(1 + draw.below(most)));
        store(QUEUE_NUM, draw.oneIn(RARELY) ? draw.number() : queue.size);
        address(QUEUE_DESC, queue.descriptors);
        address(QUEUE_DRIVER, queue.driver);
        address(QUEUE_DEVICE, queue.device);
        if (ram.contains(queue.driver, 4)) {
            ram.put(queue.driver, new byte[4]);
        }
        store(QUEUE_READY, 1);
        queues.add(queue);
    }

    private void address(int register, long value) {
        store(register, value);
        store(register + 4, value >>> 32);
    }

    // Operation

    /** Makes some chains available. */
    void offer() {
        if (queues.isEmpty()) {
            return;
        }
        Queue queue = queues.get(draw.below(queues.size()));
        int chains = 1 + draw.below(draw.oneIn(4) ? queue.size : 3);
        for (int i = 0; i < chains; i++) {
            putShort(queue.driver + 4 + 2L * (queue.available % queue.size), draw.oneIn(RARELY) ? (int) draw.number() : chain(queue));
            queue.available = queue.available + 1 & 0xFFFF;
        }
        putShort(queue.driver + 2, draw.oneIn(RARELY) ? (int) draw.number() : queue.available);
        putShort(queue.driver, draw.below(2));
        putShort(queue.driver + 4 + 2L * queue.size, draw.oneIn(2) ? (int) draw.number() : queue.available);
        notifyOf(queue.index);
    }

    void notifyOf(int queue) {
        store(QUEUE_NOTIFY, draw.oneIn(RARELY) ? draw.number() : queue);
    }

    /** Overwrites a piece of a queue, whatever the device is doing with it. */
    void scribble() {
        if (queues.isEmpty()) {
            return;
        }
        Queue queue = queues.get(draw.below(queues.size()));
        long area = switch (draw.below(3)) {
            case 0 -> queue.descriptors + (long) DESCRIPTOR * draw.below(queue.size);
            case 1 -> queue.driver + draw.below(4 + 2 * queue.size);
            default -> queue.device + draw.below(4 + 8 * queue.size);
        };
        put(area, draw.oneIn(2) ? new byte[8] : draw.bytes(1 + draw.below(16)));
    }

    void stopQueue() {
        if (!queues.isEmpty()) {
            Queue queue = queues.get(draw.below(queues.size()));
            store(QUEUE_SEL, queue.index);
            store(QUEUE_READY, 0);
            queue.available = 0;
            if (draw.oneIn(2)) {
                store(QUEUE_READY, 1);
            }
        }
    }

    /** @return the head of a new chain */
    private int chain(Queue queue) {
        List<Piece> pieces = new ArrayList<>(draw.oneIn(2) ? request() : anyPieces());
        while (pieces.size() > queue.size) {
            pieces.removeLast();
        }
        int head = draw.below(queue.size);
        if (draw.oneIn(4)) {
            long table = draw.inRam(pieces.size() * DESCRIPTOR);
            describeAll(table, pieces.size(), 0, pieces);
            describe(queue.descriptors, head, table, draw.oneIn(RARELY) ? draw.number() : (long) pieces.size() * DESCRIPTOR, INDIRECT, 0);
        } else {
            describeAll(queue.descriptors, queue.size, head, pieces);
        }
        return head;
    }

    private record Piece(long address, long length, int flags) {}

    /** What disks understand, and all others can do something with: a header, data in one direction, and a byte for the status. */
    private List<Piece> request() {
        int type = REQUESTS[draw.below(REQUESTS.length)];
        List<Piece> pieces = new ArrayList<>();
        pieces.add(filled(16, header -> header.putInt(type).putInt(0).putLong(sector())));
        if (type == DISCARD || type == WRITE_ZEROES) {
            pieces.add(filled(16 * (1 + draw.below(3)), this::fillRanges));
        } else {
            int direction = draw.below(2) * WRITE;
            for (int i = draw.below(4); i > 0; i--) {
                pieces.add(piece(SECTOR << draw.below(10), direction));
            }
        }
        pieces.add(piece(1, WRITE));
        return pieces;
    }

    private void fillRanges(ByteBuffer ranges) {
        while (ranges.hasRemaining()) {
            ranges.putLong(sector()).putInt(draw.oneIn(4) ? (int) draw.number() : draw.below(100)).putInt(draw.oneIn(4) ? (int) draw.number() : 0);
        }
    }

    private long sector() {
        return draw.oneIn(4) ? draw.number() : draw.below(600);
    }

    private Piece filled(int length, Consumer<ByteBuffer> content) {
        Piece piece = piece(length, 0);
        ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        content.accept(bytes);
        put(piece.address, bytes.array());
        return piece;
    }

    private List<Piece> anyPieces() {
        List<Piece> pieces = new ArrayList<>();
        int count = 1 + draw.below(draw.oneIn(8) ? 64 : 6);
        int readable = draw.below(count + 1);
        for (int i = 0; i < count; i++) {
            int length = draw.oneIn(8) ? 1 + draw.below((int) ram.size()) : 1 + draw.below(1600);
            pieces.add(piece(length, i < readable ? 0 : WRITE));
        }
        return pieces;
    }

    private Piece piece(int length, int flags) {
        return new Piece(draw.oneIn(RARELY) ? draw.address() : draw.inRam(length), draw.oneIn(RARELY) ? draw.number() : length, flags);
    }

    private void describeAll(long table, int entries, int first, List<Piece> pieces) {
        for (int i = 0; i < pieces.size(); i++) {
            int index = (first + i) % entries;
            int flags = pieces.get(i).flags | (i == pieces.size() - 1 ? 0 : NEXT);
            describe(table, index, pieces.get(i).address, pieces.get(i).length, draw.oneIn(RARELY) ? (int) draw.number() : flags,
                    draw.oneIn(RARELY) ? (int) draw.number() : (index + 1) % entries);
        }
    }

    private void describe(long table, int index, long address, long length, int flags, int next) {
        put(table + (long) DESCRIPTOR * index, ByteBuffer.allocate(DESCRIPTOR).order(ByteOrder.LITTLE_ENDIAN).putLong(address).putInt((int) length)
                .putShort((short) flags).putShort((short) next).array());
    }

    private void putShort(long address, int value) {
        put(address, new byte[] {(byte) value, (byte) (value >> 8)});
    }

    private void put(long address, byte[] bytes) {
        if (ram.contains(address, bytes.length)) {
            ram.put(address, bytes);
        }
    }
}
