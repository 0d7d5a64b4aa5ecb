package tidemark.image;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tidemark.api.checkpoint.CheckpointException;
import tidemark.api.checkpoint.ImageReader;
import tidemark.api.state.State;

/** What both layouts share: a chain of sections up to the end of the file, states and a manifest among them. */
abstract sealed class SectionReader implements ImageReader permits StreamReader, MappedReader {
    final Source source;
    final FileHeader header;
    /** In the order of the file. */
    final List<SectionHeader> chain = new ArrayList<>();
    private final Map<String, String> manifest;
    private final List<State> states;

    /**
     * @param offset of the first section
     * @param once the types of which there is one section each
     * @param often the types of which there may be any number
     */
    SectionReader(Source source, FileHeader header, long offset, Set<SectionType> once, Set<SectionType> often) throws CheckpointException {
        this.source = source;
        this.header = header;
        readChain(offset);
        for (SectionType type : SectionType.values()) {
            long count = chain.stream().filter(section -> section.type() == type).count();
            if (once.contains(type) ? count != 1 : count != 0 && !often.contains(type)) {
                throw source.damaged(type.label, offset, "the image has " + count + " of them, expected " + (once.contains(type) ? 1 : 0));
            }
        }
        manifest = Collections.unmodifiableMap(decode(SectionType.MANIFEST, Payloads::manifest));
        states = Collections.unmodifiableList(decode(SectionType.STATES, Payloads::states));
    }

    private void readChain(long offset) throws CheckpointException {
        long at = offset;
        int previous = header.crc();
        SectionHeader section;
        do {
            section = SectionHeader.read(source, at, chain.size() + 1, previous, header.pages());
            chain.add(section);
            at = section.end();
            previous = section.crc();
        } while (section.type() != SectionType.END);
        if (at != source.size()) {
            throw source.damaged("end", at, "the file goes on");
        }
    }

    final SectionHeader only(SectionType type) {
        return chain.stream().filter(section -> section.type() == type).findFirst().orElseThrow();
    }

    private <T> T decode(SectionType type, Decoder<T> decoder) throws CheckpointException {
        SectionHeader section = only(type);
        try {
            return decoder.decode(section.readPayload(source));
        } catch (IOException e) {
            throw source.damaged(type.label, section.payloadOffset(), e.getMessage(), e);
        }
    }

    @FunctionalInterface
    private interface Decoder<T> {
        T decode(java.nio.ByteBuffer bytes) throws IOException;
    }

    @Override
    public final Map<String, String> manifest() {
        return manifest;
    }

    @Override
    public final List<State> states() {
        return states;
    }

    @Override
    public final long pages() {
        return header.pages();
    }

    final void describeChain(List<Section> into) {
        for (SectionHeader section : chain) {
            into.add(new Section(section.type().label, section.offset(), section.end() - section.offset(), section.runs().pages(true),
                    section.runs().pages(false)));
        }
    }

    @Override
    public final void close() {
        source.close();
    }
}
