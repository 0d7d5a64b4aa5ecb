package tidemark.api.checkpoint;

import java.io.IOException;
import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/** Service: how the pages of a round get into the image: on which threads, in which order. Its name is the service property {@link #NAME}. */
@ConsumerType
public interface CopyStrategy {
    String NAME = "tidemark.copier";

    /** One line for people. */
    String description();

    default List<Option> options() {
        return List.of();
    }

    /** Makes the copier of one checkpoint. */
    Copier open(CopyContext context);

    /** Copies rounds of one checkpoint. */
    @ConsumerType
    interface Copier extends AutoCloseable {
        /** Copies every chunk once; returns when all is handed to the image. An exception of a chunk ends the round and is passed on. */
        void copy(List<Chunk> chunks) throws IOException, InterruptedException;

        /** Ends threads that it made. */
        @Override
        void close();
    }

    /** Up to {@link PageBatch#MAX_PAGES} pages in ascending order. */
    @FunctionalInterface
    interface Chunk {
        /** Takes the bytes of the pages and hands them to the image. Any thread; different chunks concurrently. */
        void copy() throws IOException;
    }

    /** What a copier may know. */
    interface CopyContext {
        /** The value of a declared option, as given in the request or its default. */
        long option(String name);

        /** Bytes of pages with data that went to the image so far, of all rounds. Any thread. */
        long bytesCopied();

        /** Whether the guest is paused now, and so waits for every page. Any thread. */
        boolean guestStands();

        /** Names a thread of this checkpoint; its CPU time is then counted. Daemon. */
        Thread newThread(String name, Runnable task);
    }
}
