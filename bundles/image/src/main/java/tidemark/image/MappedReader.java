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
import java.util.Set;
import tidemark.api.checkpoint.CheckpointException;
import tidemark.api.checkpoint.PageBatch;
import tidemark.api.memory.PageSet;

/** Reads layout mapped from a file. Pages are handed over in ascending order. */
public final class MappedReader extends SectionReader {
    private static final int PAGE = PageMap.PAGE;

    private final BitSet data;
    /** Pages with data, and of an image with a parent also those that were written as zeros. */
    private final BitSet written;
    /** Of each page with data. */
    private final int[] checksums;

    private MappedReader(Source source, FileHeader header) throws CheckpointException {
        super(source, header, MappedEncoder.offset(header.pages()),
                EnumSet.of(SectionType.PAGE_MAP, SectionType.STATES, SectionType.MANIFEST, SectionType.END), Set.of());
        SectionHeader section = chain.only(SectionType.PAGE_MAP);
        ByteBuffer payload = section.readPayload(source);
        int bitmap = PageMap.bitmapBytes(header.pages());
        int bitmaps = parent().isPresent() ? 2 * bitmap : bitmap;
        data = bits(payload, 0, bitmap);
        written = bits(payload, bitmaps - bitmap, bitmap);
        BitSet dataOnly = (BitSet) data.clone();
        dataOnly.andNot(written);
        if (!dataOnly.isEmpty() || written.length() > header.pages() || payload.limit() != bitmaps + (long) data.cardinality() * Integer.BYTES) {
            throw source.damaged(section.type().label, section.payloadOffset(), payload.limit() + " bytes for " + data.cardinality()
                    + " pages with data, the last of them " + (data.length() - 1) + ", of " + header.pages());
        }
        checksums = new int[data.length()];
        payload.position(bitmaps);
        data.stream().forEach(page -> checksums[page] = payload.getInt());
    }

    /** Checks everything but the bytes of pages. */
    public static MappedReader open(Path file) throws CheckpointException {
        Source source = Source.open(file);
        try {
            FileHeader header = FileHeader.read(source, Layout.MAPPED);
            checkLength(source, header);
            return new MappedReader(source, header);
        } catch (CheckpointException | RuntimeException e) {
            source.close();
            throw e;
        }
    }

    private static void checkLength(Source source, FileHeader header) throws CheckpointException {
        if (source.size() < MappedEncoder.offset(header.pages())) {
            throw source.damaged("ram", source.size(), "the file ends; it was cut short");
        }
        ByteBuffer padding = ByteBuffer.allocate(MappedEncoder.RAM - FileHeader.BYTES);
        source.read(padding, FileHeader.BYTES, "header");
        if (padding.mismatch(ByteBuffer.allocate(padding.limit())) >= 0) {
            throw source.damaged("header", FileHeader.BYTES, "bytes between header and page 0 are not zero");
        }
    }

    @Override
    public List<Section> sections() {
        List<Section> sections = new ArrayList<>();
        sections.add(new Section("header", 0, MappedEncoder.RAM, 0, 0));
        sections.add(new Section("ram", MappedEncoder.RAM, pages() * PAGE, data.cardinality(), pages() - data.cardinality()));
        chain.describe(sections);
        return sections;
    }

    private static BitSet bits(ByteBuffer payload, int offset, int length) {
        int begin = Math.min(offset, payload.limit());
        return BitSet.valueOf(payload.slice(begin, Math.min(length, payload.limit() - begin)));
    }

    @Override
    public Optional<Places> places() {
        return parent().isPresent() ? Optional.empty() : Optional.of(new Places(MappedEncoder.RAM, set(data)));
    }

    @Override
    public PageSet own() {
        return parent().isPresent() ? set(written) : PageSet.all(pages());
    }

    private PageSet set(BitSet bits) {
        PageSet pages = PageSet.none(pages());
        long[] words = bits.toLongArray();
        for (int i = 0; i < words.length; i++) {
            pages.addWord(i, words[i]);
        }
        return pages;
    }

    @Override
    public void readPages(PageSet wanted, PageSink sink) throws CheckpointException {
        PageSet unwanted = set(data);
        unwanted.removeAll(wanted);
        PageSet selected = set(data);
        selected.removeAll(unwanted);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment segment = arena.allocate((long) PageBatch.MAX_PAGES * PAGE, PAGE);
            ByteBuffer buffer = segment.asByteBuffer();
            for (long page = selected.next(0); page >= 0;) {
                long end = Math.min(selected.nextAbsent(page), page + PageBatch.MAX_PAGES);
                source.read(buffer.clear().limit((int) (end - page) * PAGE), MappedEncoder.offset(page), "ram");
                handOver((int) page, buffer, segment.address(), sink);
                page = selected.next(end);
            }
        }
    }

    private void handOver(int first, ByteBuffer run, long address, PageSink sink) throws CheckpointException {
        for (int at = 0, i = 0; at < run.limit(); at += PAGE, i++) {
            if (Checksum.of(run.slice(at, PAGE)) != checksums[first + i]) {
                throw source.damaged("ram", MappedEncoder.offset(first + i), "wrong checksum of page " + (first + i));
            }
            sink.page(first + i, address + at);
        }
    }
}
