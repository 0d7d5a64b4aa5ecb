package tidemark.image;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import tidemark.api.checkpoint.CheckpointException;
import tidemark.api.checkpoint.ImageReader.Section;

/**
 * The sections of an image, in the order of the file. Of a section with pages only its place and its checksum are kept, 17 bytes: its runs are read
 * again when they are needed, and checked again.
 */
final class Chain {
    /** The most sections of an image: of full ones, 256 GiB. */
    static final int MAX = 1 << 18;
    private static final SectionType[] TYPES = SectionType.values();
    private static final int FIRST_ROOM = 64;

    private final Source source;
    private final FileHeader header;
    private final Map<SectionType, SectionHeader> single = new EnumMap<>(SectionType.class);
    private final int[] counts = new int[TYPES.length];
    private byte[] types = new byte[FIRST_ROOM];
    private long[] offsets = new long[FIRST_ROOM];
    private int[] crcs = new int[FIRST_ROOM];
    /** Pages with data in the upper half, pages of zeros in the lower. */
    private int[] pages = new int[FIRST_ROOM];
    private int size;

    private Chain(Source source, FileHeader header) {
        this.source = source;
        this.header = header;
    }

    /** Reads all sections from {@code offset} to the end of the file; checks their headers and runs. */
    static Chain read(Source source, FileHeader header, long offset) throws CheckpointException {
        Chain chain = new Chain(source, header);
        long at = offset;
        SectionHeader section;
        do {
            if (chain.size == MAX) {
                throw source.damaged("number " + (MAX + 1), at, "an image has " + MAX + " sections at most");
            }
            section = chain.section(chain.size, at);
            chain.add(section);
            at = section.end();
        } while (section.type() != SectionType.END);
        if (at != source.size()) {
            throw source.damaged("end", at, "the file goes on");
        }
        return chain;
    }

    private SectionHeader section(int index, long offset) throws CheckpointException {
        return SectionHeader.read(source, offset, index + 1, index == 0 ? header.crc() : crcs[index - 1], header.pages());
    }

    private void add(SectionHeader section) {
        if (size == offsets.length) {
            int room = Math.min(MAX, size * 2);
            types = Arrays.copyOf(types, room);
            offsets = Arrays.copyOf(offsets, room);
            crcs = Arrays.copyOf(crcs, room);
            pages = Arrays.copyOf(pages, room);
        }
        types[size] = (byte) section.type().ordinal();
        offsets[size] = section.offset();
        crcs[size] = section.crc();
        pages[size] = section.runs().pages(true) << 16 | section.runs().pages(false);
        size++;
        counts[section.type().ordinal()]++;
        if (section.type() != SectionType.PAGES) {
            single.put(section.type(), section);
        }
    }

    int size() {
        return size;
    }

    int count(SectionType type) {
        return counts[type.ordinal()];
    }

    /** The section of a type of which there is one. */
    SectionHeader only(SectionType type) {
        return single.get(type);
    }

    boolean hasPages(int index) {
        return TYPES[types[index]] == SectionType.PAGES;
    }

    /** Reads a section's header and runs once more. @throws CheckpointException also if the file was changed meanwhile */
    SectionHeader get(int index) throws CheckpointException {
        SectionHeader section = section(index, offsets[index]);
        if (section.crc() != crcs[index]) {
            throw source.damaged("number " + (index + 1), offsets[index], "the file was changed while it was read");
        }
        return section;
    }

    void describe(List<Section> into) {
        for (int i = 0; i < size; i++) {
            long end = i + 1 < size ? offsets[i + 1] : source.size();
            into.add(new Section(TYPES[types[i]].label, offsets[i], end - offsets[i], pages[i] >>> 16, pages[i] & 0xFFFF));
        }
    }
}
