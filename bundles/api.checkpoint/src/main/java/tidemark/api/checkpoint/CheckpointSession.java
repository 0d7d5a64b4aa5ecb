package tidemark.api.checkpoint;

import java.time.Duration;
import org.osgi.annotation.versioning.ProviderType;
import tidemark.api.memory.PageSet;

/**
 * The verbs of which a protocol is made. The session does the measuring, so that figures of different protocols mean the
 * same. Every verb throws {@link CheckpointException} if the checkpoint was cancelled or failed, and when it is used out
 * of order; a protocol lets that pass. Called on the thread of {@link CheckpointProtocol#take} unless a verb says otherwise.
 */
@ProviderType
public interface CheckpointSession {
    /** A new set of all pages of RAM. */
    PageSet allPages();

    /** A new set of the pages that the image lacks, or has older than the epochs that were collected. What {@link #sideMemory} keeps is not owed. */
    PageSet owed() throws CheckpointException;

    /** A handshake at which the dirty log begins its first epoch. */
    void startLog() throws CheckpointException, InterruptedException;

    /**
     * Makes the image an increment, after {@link #startLog}: it needs only a new set of these pages, those written since the machine's last such image. That
     * is its parent; if there is none in the image's folder these are all pages, and the image is a whole one. When the checkpoint is over the log goes on, so that
     * another increment can follow; one that fails loses nothing.
     */
    PageSet sinceParent() throws CheckpointException;

    /** Copies pages to the image by the chosen copy strategy, while the guest runs or while it is paused. Ends one round. */
    void copy(PageSet pages) throws CheckpointException, InterruptedException;

    /**
     * Copies pages on the calling thread, removing them from {@code pending}, until that is empty, {@code maxBytes} went to the image, or
     * {@code maxTime} is over. For {@link #everyTick}.
     */
    void copySlice(PageSet pending, long maxBytes, Duration maxTime) throws CheckpointException;

    /** Runs {@code slice} on hart 0's own thread, all harts standing, every {@code period}, until it returns false. */
    void everyTick(Duration period, Slice slice) throws CheckpointException, InterruptedException;

    /**
     * Copies pages as {@link #copy} does while the guest runs, and runs {@code slice} every {@code period} meanwhile as {@link #everyTick} does, until
     * the pages are copied or it returns false. In the slice an epoch may end, pages may be put into {@link #sideMemory}, and {@link #skip} may be called.
     */
    void copyBeside(PageSet pages, Duration period, Slice slice) throws CheckpointException, InterruptedException;

    /** In a slice of {@link #copyBeside}: these pages need not be copied any more. They are owed, unless they are kept in side memory. */
    void skip(PageSet pages) throws CheckpointException;

    /** The memory beside RAM of this checkpoint; empty at first. */
    SideMemory sideMemory() throws CheckpointException;

    /** A handshake that ends the epoch (nothing more than a flip if the guest is paused or in a slice); the pages written in it. */
    PageSet nextEpoch() throws CheckpointException, InterruptedException;

    /**
     * Whether to stop copying in rounds: the chosen stop condition says so, or the bounds that hold for every protocol
     * (options {@code maxRounds}, {@code timeLimitMs}) are reached.
     *
     * @param pending what would remain to be copied while the guest stands
     */
    boolean converged(PageSet pending) throws CheckpointException;

    /** Stops the guest until {@link #resume}. */
    void pause() throws CheckpointException, InterruptedException;

    /** Saves harts, clock and devices; while paused. This instant is the image's: the oracle, if asked for, looks at RAM here. */
    void saveDevices() throws CheckpointException, InterruptedException;

    /**
     * Protects the owed pages, after {@link #saveDevices} and before {@link #resume}: from then on whoever is about to write one of them saves its
     * bytes first (copy before write), and {@link #copy} works while the guest runs. Every page is saved once, as it is at the instant.
     */
    void protect() throws CheckpointException;

    /** Lets the guest go on. After {@link #saveDevices}: no page may be owed that is not protected. */
    void resume() throws CheckpointException;

    /** Makes the image durable, then visible under its name. The log ends. After {@link #saveDevices}; paused or running. */
    void commit() throws CheckpointException, InterruptedException;

    /** The end that live protocols share: pause; copy {@code pending} and what was written since; save devices; resume; commit. */
    default void stopAndCopy(PageSet pending) throws CheckpointException, InterruptedException {
        pause();
        PageSet last = nextEpoch();
        last.addAll(pending);
        copy(last);
        saveDevices();
        resume();
        commit();
    }

    /** The value of an option that the protocol declared, as given in the request or its default. */
    long option(String name);

    /** The word of an option that the protocol declared with {@link Option#oneOf}. */
    String word(String name);

    Progress progress();

    /** A slice of work on a hart's thread. */
    @FunctionalInterface
    interface Slice {
        /** @return whether there is more to do */
        boolean run() throws CheckpointException, InterruptedException;
    }
}
