package tidemark.api.checkpoint;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.osgi.annotation.versioning.ProviderType;
import tidemark.api.machine.Machine;

/** Service: takes, restores and proves checkpoints. Any thread. */
@ProviderType
public interface Checkpoints {
    /**
     * Starts a checkpoint; at most one at a time per machine.
     *
     * @throws CheckpointException at once, before anything is touched, for unknown parts (with the nearest deployed names) or options, an unwritable place, a machine that is off
     */
    CheckpointTask start(CheckpointRequest request) throws CheckpointException;

    /** The checkpoint that is being taken of a machine. */
    Optional<CheckpointTask> running(String machine);

    /**
     * The parts that checkpoints of a machine are taken with unless a request is made otherwise: those of {@link CheckpointRequest#DEFAULTS}, or what was chosen
     * since the machine was made. Kinds and names.
     *
     * @throws CheckpointException if there is no such machine
     */
    Map<String, String> chosen(String machine) throws CheckpointException;

    /**
     * Chooses such a part; a checkpoint that is being taken goes on with its own.
     *
     * @throws CheckpointException if none of that kind and name is deployed; what was chosen stays
     */
    void choose(String machine, String kind, String name) throws CheckpointException;

    /** Options that hold for every checkpoint, with their defaults. */
    List<Option> options();

    /**
     * Makes a new machine from an image; it is paused.
     *
     * @param name of the new machine
     * @throws CheckpointException for a damaged or foreign image; no machine is left then
     */
    default RestoreReport restore(Path image, String name) throws CheckpointException {
        return restore(image, name, RestoreGrants.NONE);
    }

    /**
     * As {@link #restore(Path, String)}.
     *
     * @throws CheckpointException also if the image asks for something of the host that was not granted: what, and the option that grants it
     */
    RestoreReport restore(Path image, String name, RestoreGrants grants) throws CheckpointException;

    /**
     * As {@link #restore(Path, String, RestoreGrants)}, but RAM is mapped to the image: pages come when the guest touches them, and machines of one image
     * share those that they do not write. Pages are checked meanwhile; if one is damaged the machine stands, and says so. The file must not be
     * shortened while the machine lives; it may be deleted.
     *
     * @throws CheckpointException also if the image's layout has no places for pages, or the machine's memory cannot be mapped
     */
    RestoreReport restoreLazily(Path image, String name, RestoreGrants grants) throws CheckpointException;

    /**
     * Restores into a machine that exists and is paused or off; it is paused afterwards.
     *
     * @throws CheckpointException if the machine has another shape or the image is damaged; the machine is unchanged then
     */
    default RestoreReport restoreInto(Path image, Machine machine) throws CheckpointException {
        return restoreInto(image, machine, RestoreGrants.NONE);
    }

    /** As {@link #restoreInto(Path, Machine)}; networks are those of the machine. */
    RestoreReport restoreInto(Path image, Machine machine, RestoreGrants grants) throws CheckpointException;

    /**
     * Proves an image: restores it into a machine of its own and compares every page and every state with what the oracle saw when it was taken.
     *
     * @throws CheckpointException if the image is damaged or was taken without the oracle
     */
    default Verdict verify(Path image) throws CheckpointException {
        return verify(image, RestoreGrants.NONE);
    }

    /** As {@link #verify(Path)}; the machine has no network. */
    Verdict verify(Path image, RestoreGrants grants) throws CheckpointException;

    /**
     * What an image asks of this host, beside RAM and parts; whether it has been granted.
     *
     * @throws CheckpointException if it is damaged, or of a machine that this platform does not know
     */
    List<ImageAsk> asks(Path image) throws CheckpointException;

    /** Opens an image of any deployed layout. */
    ImageReader open(Path image) throws CheckpointException;

    /** The images in a folder: files that a deployed layout recognizes. Sorted by name. */
    List<Path> list(Path folder) throws CheckpointException;

    /**
     * Watches which pages a guest writes; no checkpoint of the machine can be taken meanwhile. Comes back when it is over, when the machine is off, or when the thread is interrupted.
     *
     * @param epoch from one look to the next
     * @param listener gets each epoch as it ends, on the calling thread
     * @throws CheckpointException if there is no such machine or tracker, the machine is off, or a checkpoint of it is being taken
     */
    DirtyTrace traceDirtyPages(String machine, String tracker, Duration epoch, Duration length, Consumer<DirtyTrace.Epoch> listener) throws CheckpointException;

    /**
     * Ends the increments of a machine ({@link CheckpointSession#sinceParent}): nothing is tracked between checkpoints any more, its next increment is a whole image.
     *
     * @return its newest image, if it had increments
     * @throws CheckpointException if there is no such machine, or a checkpoint of it is being taken
     */
    Optional<Path> endIncrements(String machine) throws CheckpointException;

    /**
     * Takes a machine that runs or is paused back to the newest of its increments, or to one before it: only pages that were written since are copied. It goes on
     * from there, and its next increment is a child of that image.
     *
     * @param image one of the line; empty for the newest
     * @param back so many images further
     * @throws CheckpointException if the machine has no increments that go on, is off, or the image is none of them; the machine is unchanged then
     */
    Rollback rollback(String machine, Optional<Path> image, int back) throws CheckpointException;

    /**
     * Makes an increment a whole image, in its place: it has all that its ancestors hold for it, and needs them no more. Its children and its proof stay as they are.
     * No effect if it is whole.
     *
     * @param onto an ancestor that becomes its parent: it stays an increment, and needs those between the two no more. Empty for a whole image
     * @throws CheckpointException if it or an ancestor is damaged, missing or another image; it is unchanged then
     */
    void merge(Path image, Optional<Path> onto) throws CheckpointException;

    /**
     * Deletes images and what lies beside them.
     *
     * @throws CheckpointException if one is no image, or an image in its folder that is to stay has it as its parent; nothing was deleted then
     */
    void deleteAll(List<Path> images) throws CheckpointException;

    /** As {@link #deleteAll}, of one. */
    void delete(Path image) throws CheckpointException;

    /**
     * @param equal whether nothing differs
     * @param pagesCompared all pages of RAM
     * @param differingPages page numbers, the first hundred at most
     * @param differingStates {@code part: field, field}
     */
    record Verdict(Path image, boolean equal, long pagesCompared, long pagesDiffering, List<Long> differingPages, List<String> differingStates) {}

    /**
     * What a rollback did.
     *
     * @param pages that were copied
     * @param stood how long the guest stood, from its last instruction to the first one after
     * @param total from the request
     */
    record Rollback(Path image, long pages, Duration stood, Duration total) {}

    /**
     * @param restoreNanos from the request to the machine standing ready for its next instruction
     * @param pages that came from the image
     * @param firstInstructionNanos from the request to the first instruction that the machine retired; 0 if it was not started with it
     * @param notices what the user should know before the machine is started, a sentence each
     */
    record RestoreReport(Path image, Machine machine, long restoreNanos, long pages, long firstInstructionNanos, List<String> notices) {
        public RestoreReport {
            notices = List.copyOf(notices);
        }

        /** Of a machine that was not started. */
        public RestoreReport(Path image, Machine machine, long restoreNanos, long pages, List<String> notices) {
            this(image, machine, restoreNanos, pages, 0, notices);
        }

        /** Without notices. */
        public RestoreReport(Path image, Machine machine, long restoreNanos, long pages) {
            this(image, machine, restoreNanos, pages, List.of());
        }

        /** The same, of a machine that has run. */
        public RestoreReport withFirstInstruction(long nanos) {
            return new RestoreReport(image, machine, restoreNanos, pages, nanos, notices);
        }
    }
}
