package tidemark.device.virtio.block;

import java.nio.ByteBuffer;
import tidemark.api.device.Disk;
import tidemark.virtio.MalformedQueue;

/** Moves the data of a read or write piece by piece, so that no request holds up the guest for long or fills the host's memory. */
final class Transfer {
    /** In bytes. */
    static final int MAX_PIECE = 256 << 10;

    private final BlockDevice device;
    private final Request request;
    private final boolean toDisk;
    private final long offset;
    private final long length;
    private final byte[] piece;
    private long done;

    Transfer(BlockDevice device, Request request) {
        this.device = device;
        this.request = request;
        toDisk = request.type() == Request.T_OUT;
        offset = request.sector() * Disk.SECTOR;
        length = toDisk ? request.lengthOut() : request.lengthIn();
        piece = new byte[(int) Math.min(length, MAX_PIECE)];
    }

    void next() throws MalformedQueue {
        int size = (int) Math.min(length - done, piece.length);
        if (size == 0) {
            device.finish(request, Request.S_OK);
        } else if (toDisk) {
            request.read(done, piece, size);
            device.access(request, disk -> disk.write(offset + done, ByteBuffer.wrap(piece, 0, size)), done + size == length, () -> advance(size));
        } else {
            device.access(request, disk -> disk.read(offset + done, ByteBuffer.wrap(piece, 0, size)), false, () -> {
                request.write(piece, size);
                advance(size);
            });
        }
    }

    private void advance(int size) throws MalformedQueue {
        done += size;
        next();
    }
}
