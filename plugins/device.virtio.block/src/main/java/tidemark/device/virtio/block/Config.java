package tidemark.device.virtio.block;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import tidemark.api.device.Disk;

/** Features and configuration space (5.2.3, 5.2.4). */
final class Config {
    static final long SEG_MAX = 1L << 2;
    static final long RO = 1L << 5;
    static final long BLK_SIZE = 1L << 6;
    static final long FLUSH = 1L << 9;
    static final long DISCARD = 1L << 13;
    static final long WRITE_ZEROES = 1L << 14;

    static final int QUEUE_SIZE = 256;
    /** Beside the data a request has its header and its status. */
    static final int MAX_SEGMENTS = QUEUE_SIZE - 2;
    /** Of one range to discard or to write zeros to. */
    static final int MAX_RANGE_SECTORS = 1 << 17;
    static final int MAX_RANGES = 16;
    private static final int DISCARD_ALIGNMENT = 4096 / Disk.SECTOR;
    private static final int LENGTH = 60;

    private Config() {}

    static long features(Disk disk) {
        return SEG_MAX | BLK_SIZE | FLUSH | (disk.writable() ? DISCARD | WRITE_ZEROES : RO);
    }

    /** struct virtio_blk_config; fields of features that are not offered are 0. */
    static byte[] of(Disk disk) {
        ByteBuffer config = ByteBuffer.allocate(LENGTH).order(ByteOrder.LITTLE_ENDIAN);
        config.putLong(0, disk.size() / Disk.SECTOR);
        config.putInt(12, MAX_SEGMENTS);
        config.putInt(20, Disk.SECTOR);
        if (disk.writable()) {
            config.putInt(36, MAX_RANGE_SECTORS).putInt(40, MAX_RANGES).putInt(44, DISCARD_ALIGNMENT);
            config.putInt(48, MAX_RANGE_SECTORS).putInt(52, MAX_RANGES).put(56, (byte) 1);
        }
        return config.array();
    }
}
