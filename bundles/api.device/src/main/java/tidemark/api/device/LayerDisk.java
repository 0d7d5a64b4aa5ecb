package tidemark.api.device;

import java.io.IOException;
import org.osgi.annotation.versioning.ConsumerType;
import tidemark.api.device.DiskPart.Backing;

/** A disk whose file holds only a part of the content: what was written since the file was laid over another. Any thread. */
@ConsumerType
public interface LayerDisk extends Disk {
    /** Where the first byte from {@code offset} on is that this file holds itself; {@link #size} if there is none. */
    long nextOwn(long offset);

    /** Where the first byte from {@code offset} on is that this file does not hold itself; {@link #size} if there is none. */
    long ownEnd(long offset);

    /**
     * Lays the file over another of the same content. A crash leaves it over the former or the new one; the former is needed until the next {@link #flush}.
     * No request may be under way.
     *
     * @param backing in the same folder as this disk's file
     * @param below its open content, which is closed with this disk; the former disk below stays open and is the caller's
     * @throws IOException if that cannot be; the disk is as before
     */
    void rebase(Backing backing, Disk below) throws IOException;
}
