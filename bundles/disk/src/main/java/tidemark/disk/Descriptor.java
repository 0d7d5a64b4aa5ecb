package tidemark.disk;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.locks.StampedLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An open file descriptor. Closing it waits for requests that are under way: its number may be another file's a moment later. */
final class Descriptor {
    private static final Logger LOG = LoggerFactory.getLogger(Descriptor.class);

    private final Path path;
    private final int fd;
    private final StampedLock use = new StampedLock();
    private boolean closed;

    Descriptor(Path path, int fd) {
        this.path = path;
        this.fd = fd;
    }

    /** Makes a system call, again if a signal comes in between. */
    long request(String what, long offset, SystemCall call) throws IOException {
        long stamp = use.readLock();
        try {
            if (closed) {
                throw new IOException("Cannot " + what + " disk file " + path + ": it is closed; open it again");
            }
            long result;
            do {
                result = call.on(fd);
            } while (result == -Libc.EINTR);
            return Errno.checked(result, what, path, offset);
        } finally {
            use.unlockRead(stamp);
        }
    }

    void close() {
        long stamp = use.writeLock();
        try {
            if (!closed) {
                closed = true;
                int result = Libc.close(fd);
                if (result < 0) {
                    LOG.warn("Closing disk file {}: {}", path, Libc.strerror(-result));
                }
            }
        } finally {
            use.unlockWrite(stamp);
        }
    }

    @FunctionalInterface
    interface SystemCall {
        /** @return {@code -errno} if it fails */
        long on(int fd) throws IOException;
    }
}
