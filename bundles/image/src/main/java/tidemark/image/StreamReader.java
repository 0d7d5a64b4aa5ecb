package tidemark.image;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import tidemark.api.checkpoint.CheckpointException;
import tidemark.api.memory.PageSet;

/** Reads layout stream from a file. Of a page that was written several times the last version is handed over, in the order of the file. */
public final class StreamReader extends SectionReader {
    private StreamReader(Source source) throws CheckpointException {
        super(source, FileHeader.read(source, Layout.STREAM), FileHeader.BYTES,
                EnumSet.of(SectionType.STATES, SectionType.MANIFEST, SectionType.END), EnumSet.of(SectionType.PAGES));
    }

    /** Checks everything but the bytes of pages. */
    public static StreamReader open(Path file) throws CheckpointException {
        Source source = Source.open(file);
        try {
            return new StreamReader(source);
        } catch (CheckpointException | RuntimeException e) {
            source.close();
            throw e;
        }
    }

    @Override
    public List<Section> sections() {
        List<Section> sections = new ArrayList<>();
        sections.add(new Section("header", 0, FileHeader.BYTES, 0, 0));
        chain.describe(sections);
        return sections;
    }

    @Override
    public PageSet own() throws CheckpointException {
        if (parent().isEmpty()) {
            return PageSet.all(pages());
        }
        PageSet own = PageSet.none(pages());
        for (int i = 0; i < chain.size(); i++) {
            if (chain.hasPages(i)) {
                lastVersions(chain.get(i).runs(), own);
            }
        }
        return own;
    }

    /** A page lies where it was copied last. */
    @Override
    public Optional<Places> places() {
        return Optional.empty();
    }

    @Override
    public void readPages(PageSet wanted, PageSink sink) throws CheckpointException {
        BitSet[] last = lastVersions(wanted);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment segment = arena.allocate(SectionType.PAGES.maxPayload, PageMap.PAGE);
            ByteBuffer buffer = segment.asByteBuffer();
            for (int i = 0; i < last.length; i++) {
                if (last[i] != null && !last[i].isEmpty()) {
                    SectionHeader section = chain.get(i);
                    section.readPayload(source, buffer);
                    handOver(section.runs(), last[i], segment.address(), sink);
                }
            }
        }
    }

    /** For every section with pages that are wanted the positions of those that no later one holds: from the end, the first version seen is the last one. */
    private BitSet[] lastVersions(PageSet wanted) throws CheckpointException {
        PageSet seen = PageSet.all(pages());
        seen.removeAll(wanted);
        BitSet[] last = new BitSet[chain.size()];
        for (int i = last.length - 1; i >= 0; i--) {
            if (chain.hasPages(i)) {
                last[i] = lastVersions(chain.get(i).runs(), seen);
            }
        }
        return last;
    }

    private static BitSet lastVersions(Runs runs, PageSet seen) {
        BitSet last = new BitSet(Runs.MAX);
        int position = runs.pages(true) + runs.pages(false);
        for (int run = runs.size() - 1; run >= 0; run--) {
            for (long page = runs.first(run) + runs.count(run) - 1; page >= runs.first(run); page--) {
                last.set(--position, !seen.contains(page));
                seen.add(page);
            }
        }
        return last;
    }

    private static void handOver(Runs runs, BitSet last, long data, PageSink sink) {
        long from = data;
        int position = 0;
        for (int run = 0; run < runs.size(); run++) {
            for (int i = 0; i < runs.count(run); i++, position++) {
                if (runs.isData(run)) {
                    if (last.get(position)) {
                        sink.page(runs.first(run) + i, from);
                    }
                    from += PageMap.PAGE;
                }
            }
        }
    }
}
