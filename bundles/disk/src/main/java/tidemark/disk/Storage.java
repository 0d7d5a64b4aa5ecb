package tidemark.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Where a disk format keeps its bytes: a {@link HostFile}, or what a test puts in its place. Any thread, several at once. Offsets and lengths are at
 * least 0. All throw {@link IOException} with what is wrong, where, and the way out.
 */
@ConsumerType
public interface Storage extends AutoCloseable {
    /** In bytes. */
    long length() throws IOException;

    /** Fills the buffer's remaining bytes. @throws IOException also if the file ends first */
    void read(long offset, ByteBuffer into) throws IOException;

    /** Writes the buffer's remaining bytes; the file grows if they go beyond its end. Durable after {@link #sync}. */
    void write(long offset, ByteBuffer from) throws IOException;

    /** The bytes read as zeros from now on and take no space where the host can do that. The length stays. */
    void zero(long offset, long length) throws IOException;

    /** Cuts the file, or lets it grow by zeros that take no space. */
    void resize(long length) throws IOException;

    /**
     * Sets space aside on the host, so that a later write there does not fail for want of it. The bytes stay as they are; the file grows if they go beyond its
     * end. Nobody else may write there meanwhile.
     */
    void reserve(long offset, long length) throws IOException;

    /** Where the first byte from {@code offset} on is that may be other than zero; {@link #length} if there is none. */
    long nextData(long offset) throws IOException;

    /** All that was written is on stable storage when this returns. Once it failed it fails for good: what the host still holds is then unknown. */
    void sync() throws IOException;

    /** Lets others open it to read: it is not written any more. */
    void share() throws IOException;

    /** Waits for requests that are under way; those that come later fail. */
    @Override
    void close() throws IOException;
}
