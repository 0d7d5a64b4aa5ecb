package tidemark.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.GatheringByteChannel;
import java.util.List;
import java.util.Map;
import tidemark.api.checkpoint.ImageReader;
import tidemark.api.checkpoint.PageBatch;
import tidemark.api.state.State;

/**
 * Layout stream: only appends, so that it works into a file, a pipe or a socket. Checksums are made by the callers' threads side by side;
 * only the writes are one after the other.
 */
public final class StreamEncoder implements ImageEncoder {
    private static final Runs NO_RUNS = new Runs(new long[0]);
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final GatheringByteChannel channel;
    private final long pages;
    private int previous;
    private int sections;
    private volatile long bytes;
    private boolean states;
    private IOException failure;

    /**
     * Writes the header.
     *
     * @param channel blocking; stays the caller's
     * @param pages the number of pages of RAM
     */
    public StreamEncoder(GatheringByteChannel channel, long pages) throws IOException {
        this.channel = channel;
        this.pages = pages;
        ByteBuffer header = FileHeader.encode(Layout.STREAM, pages);
        previous = header.getInt(FileHeader.BYTES - Integer.BYTES);
        append(header, NOTHING);
    }

    @Override
    public void writePages(PageBatch batch) throws IOException {
        for (int i = 0; i < batch.count(); i++) {
            java.util.Objects.checkIndex(batch.page(i), pages);
        }
        if (batch.count() > 0) {
            write(SectionType.PAGES, Runs.of(batch), batch.data());
        }
    }

    @Override
    public void writeStates(List<State> list) throws IOException {
        synchronized (this) {
            if (states) {
                throw new IllegalStateException("States are written once");
            }
            states = true;
        }
        write(SectionType.STATES, NO_RUNS, Payloads.ofStates(list));
    }

    @Override
    public void writeParent(ImageReader.Parent parent) throws IOException {
        write(SectionType.PARENT, NO_RUNS, Payloads.ofParent(parent));
    }

    @Override
    public void finish(Map<String, String> manifest) throws IOException {
        synchronized (this) {
            if (!states) {
                throw new IllegalStateException("An image needs states");
            }
        }
        write(SectionType.MANIFEST, NO_RUNS, Payloads.ofManifest(manifest));
        write(SectionType.END, NO_RUNS, NOTHING);
    }

    @Override
    public long bytes() {
        return bytes;
    }

    private void write(SectionType type, Runs runs, ByteBuffer payload) throws IOException {
        ByteBuffer header = SectionHeader.encode(type, runs, payload);
        synchronized (this) {
            refuseTooMany(type);
            previous = SectionHeader.seal(header, previous);
            append(header, payload.duplicate());
        }
    }

    /** Parent, states, manifest and end always find room. */
    private void refuseTooMany(SectionType type) throws IOException {
        if (type == SectionType.PAGES && sections == Chain.MAX - 4) {
            throw new IOException("The image has " + Chain.MAX + " sections, as many as layout stream allows; take layout mapped, or fewer rounds");
        }
        sections++;
    }

    private synchronized void append(ByteBuffer header, ByteBuffer payload) throws IOException {
        if (failure != null) {
            throw new IOException("An earlier write failed: " + failure.getMessage(), failure);
        }
        ByteBuffer[] both = {header, payload};
        try {
            while (header.hasRemaining() || payload.hasRemaining()) {
                bytes = bytes + channel.write(both);
            }
        } catch (IOException e) {
            failure = e;
            throw e;
        }
    }
}
