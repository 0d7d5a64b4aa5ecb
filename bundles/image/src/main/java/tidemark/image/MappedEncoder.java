package tidemark.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import tidemark.api.checkpoint.ImageReader;
import tidemark.api.checkpoint.PageBatch;
import tidemark.api.state.State;

/** Layout mapped: page n at a fixed offset of a file. Positional writes only; threads share no lock. */
public final class MappedEncoder implements ImageEncoder {
    /** Offset of page 0 in the file. */
    static final int RAM = 4096;
    private static final Runs NO_RUNS = new Runs(new long[0]);
    private static final int PAGE = PageMap.PAGE;

    private final FileChannel channel;
    private final long pages;
    private final PageMap map;
    private final AtomicLong bytes = new AtomicLong(RAM);
    private ByteBuffer states;
    /** Null if the image has none. */
    private ByteBuffer parent;
    private volatile IOException failure;

    /**
     * @param channel an empty file; stays the caller's
     * @param pages the number of pages of RAM
     */
    public MappedEncoder(FileChannel channel, long pages) throws IOException {
        this.channel = channel;
        this.pages = pages;
        write(FileHeader.encode(Layout.MAPPED, pages), 0);
        map = new PageMap((int) pages);
    }

    @Override
    public void writePages(PageBatch batch) throws IOException {
        checkWhole();
        ByteBuffer data = batch.data();
        long allocated = 0;
        for (int i = 0; i < batch.count();) {
            int page = (int) java.util.Objects.checkIndex(batch.page(i), pages);
            if (batch.isZero(i)) {
                clear(page);
                i++;
            } else {
                int run = run(batch, i);
                java.util.Objects.checkFromIndexSize(page, run, pages);
                ByteBuffer part = data.slice(data.position(), run * PAGE);
                allocated += checksums(page, part);
                write(part, offset(page));
                data.position(data.position() + run * PAGE);
                i += run;
            }
        }
        // Also what makes the page map visible to finish().
        bytes.addAndGet(allocated);
    }

    /** The number of consecutive pages with data from {@code start}. */
    private static int run(PageBatch batch, int start) {
        int end = start + 1;
        while (end < batch.count() && !batch.isZero(end) && batch.page(end) == batch.page(end - 1) + 1) {
            end++;
        }
        return end - start;
    }

    /** @return bytes of pages that were holes */
    private long checksums(int page, ByteBuffer data) {
        long allocated = 0;
        for (int at = 0; at < data.limit(); at += PAGE) {
            allocated += map.setData(page++, Checksum.of(data.slice(at, PAGE))) ? PAGE : 0;
        }
        return allocated;
    }

    private void clear(int page) throws IOException {
        if (map.hasData(page)) {
            write(ByteBuffer.allocate(PAGE), offset(page));
        }
        map.setCleared(page);
    }

    @Override
    public synchronized void writeStates(List<State> list) throws IOException {
        if (states != null) {
            throw new IllegalStateException("States are written once");
        }
        states = Payloads.ofStates(list);
    }

    @Override
    public synchronized void writeParent(ImageReader.Parent of) throws IOException {
        parent = Payloads.ofParent(of);
    }

    @Override
    public synchronized void finish(Map<String, String> manifest) throws IOException {
        if (states == null) {
            throw new IllegalStateException("An image needs states");
        }
        checkWhole();
        long written = bytes.get();
        int previous = FileHeader.encode(Layout.MAPPED, pages).getInt(FileHeader.BYTES - Integer.BYTES);
        long start = offset(pages);
        long end = start;
        List<Section> sections = new ArrayList<>(List.of(new Section(SectionType.PAGE_MAP, map.encode(parent != null)), new Section(SectionType.STATES, states),
                new Section(SectionType.MANIFEST, Payloads.ofManifest(manifest)), new Section(SectionType.END, ByteBuffer.allocate(0))));
        if (parent != null) {
            sections.addFirst(new Section(SectionType.PARENT, parent));
        }
        for (Section section : sections) {
            ByteBuffer header = SectionHeader.encode(section.type, NO_RUNS, section.payload);
            previous = SectionHeader.seal(header, previous);
            end = write(section.payload, write(header, end));
        }
        bytes.set(written + end - start);
    }

    @Override
    public long bytes() {
        return bytes.get();
    }

    static long offset(long page) {
        return RAM + page * PAGE;
    }

    /** @return the offset behind what was written */
    private long write(ByteBuffer from, long offset) throws IOException {
        long at = offset;
        try {
            while (from.hasRemaining()) {
                at += channel.write(from, at);
            }
            return at;
        } catch (IOException e) {
            failure = e;
            throw e;
        }
    }

    private void checkWhole() throws IOException {
        if (failure != null) {
            throw new IOException("An earlier write failed: " + failure.getMessage(), failure);
        }
    }

    private record Section(SectionType type, ByteBuffer payload) {}
}
