package tidemark.image;

import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tidemark.api.checkpoint.CheckpointException;
import tidemark.api.checkpoint.ImageReader;
import tidemark.api.state.State;

/** What both layouts share: a chain of sections up to the end of the file, states and a manifest among them. */
abstract sealed class SectionReader implements ImageReader permits StreamReader, MappedReader {
    final Source source;
    final FileHeader header;
    final Chain chain;
    private final Map<String, String> manifest;
    private final List<State> states;
    private final Optional<Parent> parent;

    /**
     * @param offset of the first section
     * @param once the types of which there is one section each
     * @param often the types of which there may be any number
     */
    SectionReader(Source source, FileHeader header, long offset, Set<SectionType> once, Set<SectionType> often) throws CheckpointException {
        this.source = source;
        this.header = header;
        chain = Chain.read(source, header, offset);
        for (SectionType type : SectionType.values()) {
            int count = chain.count(type);
            boolean wrong = once.contains(type) ? count != 1 : type == SectionType.PARENT ? count > 1 : count != 0 && !often.contains(type);
            if (wrong) {
                throw source.damaged(type.label, offset, "the image has " + count + " of them, expected " + (once.contains(type) || type == SectionType.PARENT ? 1 : 0));
            }
        }
        parent = chain.count(SectionType.PARENT) == 0 ? Optional.empty() : Optional.of(decode(SectionType.PARENT, Payloads::parent));
        manifest = Collections.unmodifiableMap(decode(SectionType.MANIFEST, Payloads::manifest));
        states = Collections.unmodifiableList(decode(SectionType.STATES, Payloads::states));
    }

    private <T> T decode(SectionType type, Decoder<T> decoder) throws CheckpointException {
        SectionHeader section = chain.only(type);
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
    public final Optional<Parent> parent() {
        return parent;
    }

    @Override
    public final long pages() {
        return header.pages();
    }

    @Override
    public final void close() {
        source.close();
    }
}
