package tidemark.api.memory;

import java.io.IOException;
import java.nio.file.Path;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Guest RAM: one range of guest physical addresses, page-granular, off-heap. A <em>page number</em> is the index of a
 * page in this RAM, from 0. A <em>physical address</em> is the guest's.
 *
 * <p>Harts reach RAM through host addresses that {@link #readable} and {@link #writable} hand out and that an engine
 * caches in its soft TLB; these two are the hooks for dirty tracking and for pages that arrive late. Everyone else
 * (devices, loaders, checkpoints) uses the block transfers.
 */
@ConsumerType
public interface PhysicalMemory extends AutoCloseable {
    int PAGE_SHIFT = 12;
    int PAGE_SIZE = 1 << PAGE_SHIFT;

    /** The physical address of the first byte, page-aligned. */
    long base();

    /** In bytes, a multiple of {@link #PAGE_SIZE}. */
    long size();

    /** The host address of the first byte, page-aligned. RAM is contiguous in the host: byte i is at hostAddress() + i. */
    long hostAddress();

    /** The number of pages. */
    default long pages() {
        return size() >>> PAGE_SHIFT;
    }

    /** Whether {@code length} bytes from {@code physical} all lie in this RAM. */
    default boolean contains(long physical, long length) {
        long offset = physical - base();
        return offset >= 0 && length >= 0 && offset <= size() - length;
    }

    /** The page number of a physical address of this RAM. */
    default long pageOf(long physical) {
        return (physical - base()) >>> PAGE_SHIFT;
    }

    /**
     * The host address of the byte at {@code physical}, for reading (and fetching) any byte of its page. May be cached until the engine is told
     * to flush. Called on hart threads. The address must lie in this RAM.
     */
    long readable(long physical);

    /**
     * The host address of the byte at {@code physical}, for writing any byte of its page. <em>Asks the write guard and marks the page in the
     * dirty log first.</em> May be cached until the engine is told to flush writes. Called on hart threads, by page-table walkers too.
     */
    long writable(long physical);

    /**
     * Copies from RAM, for devices and tools, from any thread.
     *
     * @throws BusFault if the range leaves this RAM
     */
    void read(long physical, byte[] into, int offset, int length) throws BusFault;

    /**
     * Copies into RAM for devices, from any thread, while harts run: asks the write guard for every page, stores, then marks the pages dirty
     * with release semantics.
     *
     * @throws BusFault if the range leaves this RAM; nothing is written then
     */
    void write(long physical, byte[] from, int offset, int length) throws BusFault;

    /** The log that is told of writes now; {@link DirtyLog#NONE} while nothing is tracked. */
    DirtyLog dirtyLog();

    /**
     * Exchanges the log; while no hart runs. The caller closes the former log and has every engine flush its writes.
     */
    void dirtyLog(DirtyLog log);

    /** Who is asked before a page is written; {@link WriteGuard#NONE} while no page is protected. */
    WriteGuard writeGuard();

    /**
     * Exchanges the guard. One that protects pages: while no hart runs, and the caller has every engine flush its writes. One that protects
     * none any more may be taken away at any time.
     */
    void writeGuard(WriteGuard guard);

    /**
     * Has pages come from a file when they are first touched, the page with number p from byte {@code offset} + p * {@link #PAGE_SIZE}. All other pages
     * stay. Writes do not reach the file; nobody may shorten it while this RAM lives. Before any hart has run.
     *
     * @param offset a multiple of {@link #PAGE_SIZE}
     * @return false if this RAM cannot do that; nothing has changed then
     * @throws IOException if the file cannot be mapped; the pages are zero then
     */
    default boolean map(Path file, long offset, PageSet pages) throws IOException {
        return false;
    }

    /** Makes every byte zero; while no hart runs. Asks the write guard for every page first. */
    void clear();

    /** Gives the memory back to the host. All host addresses become invalid. */
    @Override
    void close();
}
