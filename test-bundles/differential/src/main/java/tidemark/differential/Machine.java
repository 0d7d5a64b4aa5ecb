package tidemark.differential;

import java.io.IOException;

/** Something that runs a guest until it writes to the test finisher. */
interface Machine {
    /**
     * @param image RAM from its start at {@link Region#RAM}, which is also the entry
     * @return as much of RAM as {@code image} has, after the run
     */
    Result run(byte[] image) throws IOException, InterruptedException;

    /** @param instructions that were retired, or -1 if the machine does not count */
    record Result(byte[] ram, long instructions) {}
}
