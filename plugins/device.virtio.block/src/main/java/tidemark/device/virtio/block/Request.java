package tidemark.device.virtio.block;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import tidemark.virtio.Chain;
import tidemark.virtio.MalformedQueue;

/** struct virtio_blk_req (5.2.6): a header, data in either direction, and a status at the very end; wherever the pieces of its chain lie. */
final class Request {
    static final int T_IN = 0;
    static final int T_OUT = 1;
    static final int T_FLUSH = 4;
    static final int T_GET_ID = 8;
    static final int T_DISCARD = 11;
    static final int T_WRITE_ZEROES = 13;

    static final int S_OK = 0;
    static final int S_IOERR = 1;
    static final int S_UNSUPP = 2;

    private static final int HEADER = 16;

    private final Chain chain;
    private final int type;
    private final long sector;
    /** Bytes of the data that the driver gets, from the first on without a gap. */
    private long written;

    Request(Chain chain) throws MalformedQueue {
        if (chain.readableLength() < HEADER || chain.writableLength() < 1) {
            throw new MalformedQueue("A request of " + chain.readableLength() + " + " + chain.writableLength() + " bytes has no header or no status");
        }
        this.chain = chain;
        ByteBuffer header = ByteBuffer.allocate(HEADER).order(ByteOrder.LITTLE_ENDIAN);
        chain.read(0, header.array(), 0, HEADER);
        type = header.getInt(0);
        sector = header.getLong(8);
    }

    Chain chain() {
        return chain;
    }

    int type() {
        return type;
    }

    long sector() {
        return sector;
    }

    /** Bytes of data from the driver. */
    long lengthOut() {
        return chain.readableLength() - HEADER;
    }

    /** Bytes of data for the driver. */
    long lengthIn() {
        return chain.writableLength() - 1;
    }

    void read(long position, byte[] into, int length) throws MalformedQueue {
        chain.read(HEADER + position, into, 0, length);
    }

    /** Appends to what was written. */
    void write(byte[] from, int length) throws MalformedQueue {
        chain.write(written, from, 0, length);
        written += length;
    }

    /** @return the number of bytes from the first writable one on that were written: the status counts if there is no gap before it */
    long status(int status) throws MalformedQueue {
        chain.write(lengthIn(), new byte[] {(byte) status}, 0, 1);
        return written == lengthIn() ? written + 1 : written;
    }
}
