package tidemark.device.virtio.block;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import tidemark.api.device.Disk;
import tidemark.virtio.MalformedQueue;

/** Discards or zeroes ranges (5.2.6, struct virtio_blk_discard_write_zeroes) one after the other: what is discarded reads as zeros, too. */
final class ZeroRanges {
    private static final int RANGE = 16;
    private static final int UNMAP = 1;

    private final BlockDevice device;
    private final Request request;
    private final ByteBuffer ranges;

    private ZeroRanges(BlockDevice device, Request request, ByteBuffer ranges) {
        this.device = device;
        this.request = request;
        this.ranges = ranges;
    }

    static void begin(BlockDevice device, Request request) throws MalformedQueue {
        long length = request.lengthOut();
        if (length == 0 || length % RANGE != 0 || length > (long) RANGE * Config.MAX_RANGES) {
            device.finish(request, Request.S_IOERR);
            return;
        }
        ByteBuffer ranges = ByteBuffer.allocate((int) length).order(ByteOrder.LITTLE_ENDIAN);
        request.read(0, ranges.array(), ranges.capacity());
        int refusal = refusal(device, ranges, request.type() == Request.T_WRITE_ZEROES ? UNMAP : 0);
        if (refusal != Request.S_OK) {
            device.finish(request, refusal);
        } else {
            new ZeroRanges(device, request, ranges).next();
        }
    }

    private static int refusal(BlockDevice device, ByteBuffer ranges, int knownFlags) {
        int refusal = Request.S_OK;
        for (int at = 0; at < ranges.capacity(); at += RANGE) {
            if ((ranges.getInt(at + 12) & ~knownFlags) != 0) {
                return Request.S_UNSUPP;
            }
            if (sectors(ranges, at) > Config.MAX_RANGE_SECTORS || !device.holds(ranges.getLong(at), sectors(ranges, at))) {
                refusal = Request.S_IOERR;
            }
        }
        return refusal;
    }

    private static long sectors(ByteBuffer ranges, int at) {
        return Integer.toUnsignedLong(ranges.getInt(at + 8));
    }

    private void next() throws MalformedQueue {
        if (!ranges.hasRemaining()) {
            device.finish(request, Request.S_OK);
            return;
        }
        long offset = ranges.getLong(ranges.position()) * Disk.SECTOR;
        long length = sectors(ranges, ranges.position()) * Disk.SECTOR;
        ranges.position(ranges.position() + RANGE);
        device.access(request, disk -> disk.zero(offset, length), !ranges.hasRemaining(), this::next);
    }
}
