package tidemark.machine;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.api.device.Disk;
import tidemark.api.device.DiskPart;
import tidemark.api.device.DiskPart.Backing;
import tidemark.api.machine.DiskLayer;
import tidemark.api.machine.MachineException;
import tidemark.disk.layers.LayerFiles;

/**
 * The content of one disk of a machine. Stays the same object for its device while it is frozen, goes on in new layers, or the parts of its formats go and
 * come back; requests wait meanwhile.
 */
final class LayeredDisk implements Disk {
    private static final Logger LOG = LoggerFactory.getLogger(LayeredDisk.class);

    private final String device;
    private final DiskAccess access;
    private final DiskChain.Formats formats;
    private LayerFiles layerFiles;
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private final Condition opened = lock.writeLock().newCondition();
    /** Of a disk that is away or closed: the files that it had. */
    private DiskChain chain;
    private final long size;
    private boolean open = true;
    private boolean closed;
    private boolean ended;
    /** The top layer was made by this machine; because of a restore; and has been written to. */
    private boolean ownTop;
    private boolean fromRestore;
    private volatile boolean written;
    private ScratchLayers scratchLayers = new ScratchLayers();
    /** Disks below the top one that were frozen and may not be on stable storage yet, oldest first. */
    private final List<Disk> sealed = new CopyOnWriteArrayList<>();

    private final Stamps stamps = new Stamps();
    private final LayerMerging merging = new LayerMerging(this);
    /** What was below the topmost file before layers were merged: a checkpoint may be about to name it, so it stays open, and in use, until the next merge. */
    private Optional<Disk> former = Optional.empty();

    private LayeredDisk(String device, DiskAccess access, DiskChain.Formats formats, LayerFiles layerFiles, DiskChain chain) {
        this.device = device;
        this.access = access;
        this.formats = formats;
        this.layerFiles = layerFiles;
        this.chain = chain;
        this.size = chain.disk().size();
    }

    /**
     * From a disk file.
     *
     * @param scratch where layers of a disk are that is only scratched on
     */
    static LayeredDisk ofFile(String device, DiskAccess access, DiskChain.Formats formats, Path file, String format, LayerFiles scratch) throws IOException {
        Backing backing = new Backing(file, format.isEmpty() ? formats.of(file) : format);
        ScratchLayers.removeLeft(scratch);
        if (access == DiskAccess.RW) {
            LeftLayers.remove(formats, LayerFiles.of(file));
            FrozenFiles.refuse(formats, file);
        }
        DiskChain chain = DiskChain.open(formats, backing, access == DiskAccess.RW);
        LayeredDisk disk = new LayeredDisk(device, access, formats, access == DiskAccess.SCRATCH ? scratch : LayerFiles.of(file), chain);
        if (access == DiskAccess.SCRATCH) {
            disk.growOrClose();
        }
        return disk;
    }

    /** From what {@link #freeze} gave, in a new layer. */
    static LayeredDisk ofLayer(DiskAccess access, DiskChain.Formats formats, DiskLayer layer, LayerFiles scratch) throws IOException {
        Stamps.refuseChanged(layer);
        DiskChain chain = DiskChain.open(formats, new Backing(layer.file(), layer.format()), false,
                layer.files().stream().map(DiskLayer.Stamp::file).toList());
        LayeredDisk disk = new LayeredDisk(layer.device(), access, formats, access == DiskAccess.SCRATCH ? scratch : LayerFiles.of(layer.file()), chain);
        if (access != DiskAccess.RO) {
            disk.fromRestore = true;
            disk.growOrClose();
        }
        return disk;
    }

    /** Another object for the same device, from what {@link #freeze} gave; for {@link #become}. */
    LayeredDisk from(DiskLayer layer) throws IOException {
        LayeredDisk other = ofLayer(access, formats, layer, layerFiles);
        if (other.size != size) {
            other.close();
            throw new IOException("Disk " + device + " has " + size + " bytes, file " + layer.file() + " has " + other.size
                    + "; take a machine of the same shape");
        }
        return other;
    }

    private void growOrClose() throws IOException {
        try {
            grow();
        } catch (IOException | RuntimeException e) {
            chain.disk().close();
            throw e;
        }
    }

    private void grow() throws IOException {
        Path next = layerFiles.next();
        if (access == DiskAccess.SCRATCH || fromRestore) {
            scratchLayers.add(next);
        }
        chain = chain.grow(formats, next);
        ownTop = true;
        written = false;
    }

    // Freezing

    /** A file that nobody writes any more, not durable yet. */
    final class Frozen {
        private final List<DiskChain.Layer> layers;

        /** @param layers the topmost first */
        Frozen(List<DiskChain.Layer> layers) {
            this.layers = layers;
        }

        DiskLayer force() throws IOException {
            request(disk -> flushSealed());
            scratchLayers.keep(layers.stream().map(DiskChain.Layer::file).toList());
            shorten(LayerMerge.CHAIN);
            List<DiskLayer.Stamp> files = new ArrayList<>();
            for (DiskChain.Layer layer : layers) {
                files.add(stamps.of(layer.file()));
            }
            return new DiskLayer(device, layers.getFirst().format(), files);
        }
    }

    private void flushSealed() throws IOException {
        for (Disk below : sealed) {
            below.flush();
            sealed.remove(below);
        }
    }

    /** Its content now; it goes on in a new layer, unless nothing was written since the last one. */
    Frozen freeze() throws IOException {
        lock.writeLock().lock();
        try {
            requireOpen();
            if (access == DiskAccess.RO) {
                return new Frozen(chain.layers());
            }
            if (!ownTop || written) {
                Disk frozen = chain.disk();
                fromRestore = false;
                grow();
                sealed.add(frozen);
                shorten(2 * LayerMerge.CHAIN);
            }
            return new Frozen(chain.layers().subList(1, chain.layers().size()));
        } finally {
            lock.writeLock().unlock();
        }
    }

    // Merging

    /** Begins to merge layers, beside the guest, if there are so many files. */
    void shorten(int files) {
        if (writable() && files().size() >= files) {
            merging.begin();
        }
    }

    /** Whose frozen files are on stable storage; empty if the disk is away, or the merging is cancelled. */
    Optional<DiskChain> flushedChain(LayerMerging by) throws IOException {
        if (!by.take(lock.readLock())) {
            return Optional.empty();
        }
        try {
            if (!open) {
                return Optional.empty();
            }
            flushSealed();
            return Optional.of(chain);
        } finally {
            lock.readLock().unlock();
        }
    }

    LayerMerge merge(DiskChain of, int count, LayerMerging by) throws IOException {
        return new LayerMerge(formats, layerFiles, of, count, by::isCancelled);
    }

    /**
     * Goes on over the merged file if {@code newest} is still the newest frozen one.
     *
     * @return empty if it does; else the chain, which has newer ones
     */
    Optional<DiskChain> install(LayerMerge merge, DiskChain.Layer newest, LayerMerging by) throws IOException {
        if (!by.take(lock.writeLock())) {
            throw new IOException("Disk " + device + " is about to be closed");
        }
        try {
            requireOpen();
            if (chain.layers().get(1) != newest) {
                return Optional.of(chain);
            }
            DiskChain next = merge.install(chain.top());
            closeFormer();
            former = Optional.of(newest.disk());
            chain = next;
            // within the lock: who closes the disk has it when it waits for the end of the merging
            LOG.info("Disk {}: layers were merged into {}, below it are now {} files", device, merge.backing().file(), next.layers().size() - 1);
            return Optional.empty();
        } finally {
            lock.writeLock().unlock();
        }
    }

    private void closeFormer() throws IOException {
        if (former.isPresent()) {
            flushSealed();
            Disk disk = former.get();
            former = Optional.empty();
            disk.close();
        }
    }

    /** Goes on as {@code other} does, which is used up. */
    void become(LayeredDisk other) throws IOException {
        lock.writeLock().lock();
        try {
            merging.cancel();
            end();
            chain = other.chain;
            layerFiles = other.layerFiles;
            scratchLayers = other.scratchLayers;
            fromRestore = other.fromRestore;
            sealed.clear();
            ownTop = other.ownTop;
            written = other.written;
        } finally {
            lock.writeLock().unlock();
        }
        shorten(LayerMerge.CHAIN);
    }

    // Parts that go and come back

    /** A part of one of its formats goes. */
    void leave() throws IOException {
        lock.writeLock().lock();
        try {
            if (open) {
                merging.cancel();
                open = false;
                flushSealed();
                chain.disk().flush();
                closeFormer();
                chain.disk().close();
            }
        } finally {
            lock.writeLock().unlock();
        }
    }

    /** @throws MachineException while one is missing */
    void comeBack() throws IOException {
        lock.writeLock().lock();
        try {
            comeBackAs(format());
        } finally {
            lock.writeLock().unlock();
        }
    }

    private void comeBackAs(String format) throws IOException {
        if (!open && !closed) {
            DiskChain next = DiskChain.open(formats, new Backing(chain.top().file(), format), access == DiskAccess.RW || ownTop, chain.files());
            if (next.disk().size() != size) {
                next.disk().close();
                throw new IOException("as " + format + " the file " + chain.top().file() + " has " + next.disk().size() + " bytes, the disk " + size);
            }
            chain = next;
            open = true;
            opened.signalAll();
        }
    }

    /**
     * Closes its files and opens them anew, the topmost as another format, or as the same by a part that was deployed since.
     *
     * @param renew has formats forget which parts they use
     * @throws IOException if that cannot be; the disk goes on as it was, or is away if that cannot be either
     */
    void reopen(String format, DiskPart part, Runnable renew) throws IOException {
        lock.writeLock().lock();
        try {
            requireNotClosed();
            String former = format();
            if (!format.equals(former)) {
                refuseOtherContent(formats.part(former), part, format);
            }
            leave();
            renew.run();
            try {
                comeBackAs(format);
            } catch (IOException | RuntimeException e) {
                comeBackAfter(e, former);
                throw e;
            }
        } finally {
            lock.writeLock().unlock();
        }
    }

    /** A guest can write any header onto a raw disk: a file does not become one of a format with a signature, nor stops being one. */
    private void refuseOtherContent(DiskPart former, DiskPart next, String format) throws IOException {
        Path file = chain.top().file();
        if (former.recognizes(file) != next.recognizes(file)) {
            throw new IOException("the file " + file + " is " + format() + ", not " + format + "; convert a copy of it");
        }
    }

    private void comeBackAfter(Exception failure, String format) {
        try {
            comeBackAs(format);
        } catch (IOException | RuntimeException e) {
            failure.addSuppressed(e);
        }
    }

    /** Of the topmost file. */
    String format() {
        lock.readLock().lock();
        try {
            return chain.top().format();
        } finally {
            lock.readLock().unlock();
        }
    }

    boolean isOpen() {
        lock.readLock().lock();
        try {
            return open;
        } finally {
            lock.readLock().unlock();
        }
    }

    // What it is

    /** The topmost first. */
    List<Path> files() {
        lock.readLock().lock();
        try {
            return chain.files();
        } finally {
            lock.readLock().unlock();
        }
    }

    String device() {
        return device;
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public boolean writable() {
        return access != DiskAccess.RO;
    }

    // Requests

    private interface Request {
        void on(Disk disk) throws IOException;
    }

    private void request(Request request) throws IOException {
        awaitOpen();
        try {
            request.on(chain.disk());
        } finally {
            lock.readLock().unlock();
        }
    }

    /** Returns with the read lock held. */
    private void awaitOpen() throws IOException {
        lock.readLock().lock();
        if (open) {
            return;
        }
        lock.readLock().unlock();
        lock.writeLock().lock();
        try {
            while (!open) {
                requireNotClosed();
                opened.awaitUninterruptibly();
            }
            lock.readLock().lock();
        } finally {
            lock.writeLock().unlock();
        }
    }

    private void requireOpen() throws IOException {
        requireNotClosed();
        if (!open) {
            throw new IOException("Disk " + device + " cannot be frozen while the part of its format is gone; deploy it again");
        }
    }

    private void requireNotClosed() throws IOException {
        if (closed) {
            throw new IOException("Disk " + device + " was closed with its machine");
        }
    }

    @Override
    public void read(long offset, ByteBuffer into) throws IOException {
        request(disk -> disk.read(offset, into));
    }

    @Override
    public void write(long offset, ByteBuffer from) throws IOException {
        request(disk -> {
            beginWriting();
            disk.write(offset, from);
        });
    }

    /** What is written for good must not be disposable any more, whoever is killed. */
    private void beginWriting() throws IOException {
        if (!written) {
            synchronized (this) {
                if (access != DiskAccess.SCRATCH) {
                    scratchLayers.keep(List.of(chain.top().file()));
                }
                written = true;
            }
        }
    }

    @Override
    public void zero(long offset, long length) throws IOException {
        request(disk -> {
            beginWriting();
            disk.zero(offset, length);
        });
    }

    @Override
    public void flush() throws IOException {
        request(disk -> {
            flushSealed();
            disk.flush();
        });
    }

    /** Has its files hold all that was written. Does nothing while it is away: its files do then. */
    void settle() throws IOException {
        lock.readLock().lock();
        try {
            if (open && writable()) {
                flushSealed();
                chain.disk().flush();
            }
        } finally {
            lock.readLock().unlock();
        }
    }

    @Override
    public void seal() {
        throw new UnsupportedOperationException("A machine's disk is frozen by its machine");
    }

    @Override
    public void close() throws IOException {
        lock.writeLock().lock();
        try {
            if (!ended) {
                ended = true;
                closed = true;
                merging.cancel();
                end();
                open = false;
                opened.signalAll();
            }
        } finally {
            lock.writeLock().unlock();
        }
    }

    /** Requests that wait for a part fail from now on. */
    void giveUp() {
        lock.writeLock().lock();
        try {
            if (!open) {
                closed = true;
                opened.signalAll();
            }
        } finally {
            lock.writeLock().unlock();
        }
    }

    /** A layer of our own that nobody needs goes; not one over what a checkpoint of this machine froze, which it keeps from being written. */
    private void end() throws IOException {
        if (open) {
            flushSealed();
            if (writable()) {
                chain.disk().flush();
            }
            closeFormer();
            chain.disk().close();
        }
        if (ownTop && (access == DiskAccess.SCRATCH || fromRestore && !written)) {
            scratchLayers.remove(chain.top().file());
            Files.deleteIfExists(chain.top().file());
        }
    }
}
