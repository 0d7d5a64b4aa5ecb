package tidemark.api.device;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.osgi.annotation.versioning.ConsumerType;

/** The content of a disk: an array of bytes. Any thread, several at once; what overlapping requests leave is the guest's own affair. May block. */
@ConsumerType
public interface Disk extends AutoCloseable {
    /** The unit of {@link #size}, in bytes. */
    int SECTOR = 512;

    /** In bytes, a multiple of {@link #SECTOR}. */
    long size();

    boolean writable();

    /**
     * Fills the buffer's remaining bytes.
     *
     * @throws IOException also if {@code offset} to {@code offset + remaining} is not within the disk
     */
    void read(long offset, ByteBuffer into) throws IOException;

    /**
     * Writes the buffer's remaining bytes; durable after {@link #flush}. Once this returns, a flush needs no more space on the host.
     *
     * @throws NoSpaceException if the host is full; the same write can be tried again
     */
    void write(long offset, ByteBuffer from) throws IOException;

    /** The bytes read as zeros from now on; gives storage back where the format can. */
    void zero(long offset, long length) throws IOException;

    /** All that was written is on stable storage when this returns. */
    void flush() throws IOException;

    /**
     * Ends writing, for good; reading and {@link #flush} go on. Once it is flushed after this, others may open its file to read it. Takes no time; does nothing
     * to a disk that is not writable.
     */
    void seal();

    @Override
    void close() throws IOException;
}
