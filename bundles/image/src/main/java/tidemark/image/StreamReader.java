package tidemark.image;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.List;
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
        describeChain(sections);
        return sections;
    }

    @Override
    public void readPages(PageSink sink) throws CheckpointException {
        List<SectionHeader> sections = chain.stream().filter(section -> section.type() == SectionType.PAGES).toList();
        BitSet[] last = lastVersions(sections);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment segment = arena.allocate(SectionType.PAGES.maxPayload, PageMap.PAGE);
            ByteBuffer buffer = segment.asByteBuffer();
            for (int i = 0; i < last.length; i++) {
                sections.get(i).readPayload(source, buffer);
                handOver(sections.get(i).runs(), last[i], segment.address(), sink);
            }
        }
    }

    /** For every section the positions of pages that no later one holds: from the end, the first version seen is the last one. */
    private BitSet[] lastVersions(List<SectionHeader> sections) {
        PageSet seen = PageSet.none(pages());
        BitSet[] last = new BitSet[sections.size()];
        for (int i = last.length - 1; i >= 0; i--) {
            Runs runs = sections.get(i).runs();
            last[i] = new BitSet(Runs.MAX);
            int position = runs.pages(true) + runs.pages(false);
            for (int run = runs.size() - 1; run >= 0; run--) {
                for (long page = runs.first(run) + runs.count(run) - 1; page >= runs.first(run); page--) {
                    last[i].set(--position, !seen.contains(page));
                    seen.add(page);
                }
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
