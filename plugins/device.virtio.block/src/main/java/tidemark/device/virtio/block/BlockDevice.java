package tidemark.device.virtio.block;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import tidemark.api.device.DeviceContext;
import tidemark.api.device.Disk;
import tidemark.api.device.Power;
import tidemark.api.state.State;
import tidemark.virtio.Chain;
import tidemark.virtio.MalformedQueue;
import tidemark.virtio.Transport;
import tidemark.virtio.VirtioDevice;

/** Block device (5.2) with one queue. What is under way is in the queue's state; every request may be done once more. */
final class BlockDevice implements VirtioDevice {
    /** Host memory for data of requests under way, in bytes; further requests wait in their queue. */
    static final int MAX_HELD = 8 * Transfer.MAX_PIECE;
    static final int ID_LENGTH = 20;
    private static final int DEVICE_ID = 2;
    private static final Logger LOG = LoggerFactory.getLogger(BlockDevice.class);

    private final String name;
    private final Disk disk;
    private final WriteErrors writeErrors;
    private final Power power;
    private final Transport transport;
    private final byte[] config;
    private long held;
    /** Requests wait for memory. */
    private boolean full;
    private final AtomicLong failures = new AtomicLong();

    BlockDevice(DeviceContext context, Transport transport) {
        this.name = context.name();
        this.writeErrors = WriteErrors.of(name, context.options().getOrDefault("werror", "enospc"));
        this.disk = context.disk();
        this.power = context.power();
        this.transport = transport;
        config = Config.of(disk);
    }

    @Override
    public int id() {
        return DEVICE_ID;
    }

    @Override
    public long features() {
        return Config.features(disk);
    }

    @Override
    public int[] queueSizes() {
        return new int[] {Config.QUEUE_SIZE};
    }

    @Override
    public byte[] config() {
        return config;
    }

    /** Takes no more than a queue's worth at once: other harts may add requests as fast as they are taken. */
    @Override
    public boolean notified(int queue) throws MalformedQueue {
        for (int i = 0; i < Config.QUEUE_SIZE; i++) {
            full = held >= MAX_HELD;
            if (full) {
                transport.queue(0).quiet();
                return false;
            }
            Optional<Chain> chain = transport.queue(0).next();
            if (chain.isEmpty()) {
                return false;
            }
            begin(new Request(chain.get()));
        }
        return true;
    }

    private void takeMore() throws MalformedQueue {
        if (notified(0)) {
            transport.post(this::takeMore);
        }
    }

    // Requests

    private void begin(Request request) throws MalformedQueue {
        held += memory(request);
        switch (request.type()) {
            case Request.T_IN -> transfer(request, request.lengthIn(), true);
            case Request.T_OUT -> transfer(request, request.lengthOut(), disk.writable());
            case Request.T_FLUSH -> access(request, Disk::flush, false, () -> finish(request, Request.S_OK));
            case Request.T_GET_ID -> identify(request);
            case Request.T_DISCARD, Request.T_WRITE_ZEROES -> zero(request);
            default -> finish(request, Request.S_UNSUPP);
        }
    }

    private void transfer(Request request, long length, boolean allowed) throws MalformedQueue {
        if (allowed && length % Disk.SECTOR == 0 && holds(request.sector(), length / Disk.SECTOR)) {
            new Transfer(this, request).next();
        } else {
            finish(request, Request.S_IOERR);
        }
    }

    private void zero(Request request) throws MalformedQueue {
        if (disk.writable()) {
            ZeroRanges.begin(this, request);
        } else {
            finish(request, Request.S_IOERR);
        }
    }

    private void identify(Request request) throws MalformedQueue {
        byte[] id = Arrays.copyOf(name.getBytes(StandardCharsets.US_ASCII), ID_LENGTH);
        request.write(id, (int) Math.min(ID_LENGTH, request.lengthIn()));
        finish(request, Request.S_OK);
    }

    /** Whether the sectors are all on the disk; the first is any 64-bit number. */
    boolean holds(long first, long count) {
        long capacity = disk.size() / Disk.SECTOR;
        return first >= 0 && first <= capacity && count <= capacity - first;
    }

    /** What {@link Transfer} allocates. */
    private static long memory(Request request) {
        return Math.min(Transfer.MAX_PIECE, Math.max(request.lengthIn(), request.lengthOut()));
    }

    // The disk

    /** Something slow. */
    @FunctionalInterface
    interface Access {
        void to(Disk disk) throws IOException;
    }

    /**
     * Accesses the disk beside the guest, then does {@code done}; or finishes the request if that failed. What fails and is to wait pauses the machine, and is
     * done once more as soon as the machine goes on: an action is not run before.
     *
     * @param completes a write: a driver that has no flush is told of it only when it is on stable storage
     */
    void access(Request request, Access access, boolean completes, Transport.Action done) {
        Exception[] failure = new Exception[1];
        Access all = completes && !transport.negotiated(Config.FLUSH) ? content -> {
            access.to(content);
            content.flush();
        } : access;
        transport.background(() -> failure[0] = failure(request, all), () -> {
            if (failure[0] == null) {
                done.run();
            } else if (waits(request, failure[0])) {
                access(request, access, completes, done);
            } else {
                finish(request, Request.S_IOERR);
            }
        });
    }

    /** Null if it succeeds. */
    private Exception failure(Request request, Access access) {
        try {
            access.to(disk);
            return null;
        } catch (IOException | RuntimeException e) {
            if (waits(request, e)) {
                power.pause("a write to " + name + " waits: " + e.getMessage() + "; then vm:resume");
            } else {
                report(e);
            }
            return e;
        }
    }

    private boolean waits(Request request, Exception failure) {
        return request.type() != Request.T_IN && writeErrors.wait(failure);
    }

    /** A guest must not be able to fill the log: of its failures the first, second, fourth, eighth ... are warnings. */
    private void report(Exception failure) {
        long count = failures.incrementAndGet();
        LOG.atLevel(Long.bitCount(count) == 1 ? Level.WARN : Level.DEBUG)
                .log("Disk of device {}: request failed, the guest is told of an I/O error ({} so far): {}", name, count, failure.toString());
    }

    void finish(Request request, int status) throws MalformedQueue {
        transport.queue(0).use(request.chain(), request.status(status));
        held -= memory(request);
        if (full) {
            takeMore();
        }
    }

    // Life

    @Override
    public void reset() {
        held = 0;
        full = false;
    }

    @Override
    public int stateVersion() {
        return 1;
    }

    @Override
    public void save(State state) {
        // All is in the queue.
    }

    @Override
    public void load(State state) {
        reset();
    }

    /** The disk is the machine's. */
    @Override
    public void close() {
        reset();
    }
}
