package tidemark.checkpoint;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tidemark.api.checkpoint.CheckpointException;
import tidemark.api.checkpoint.ImageReader;
import tidemark.api.memory.PageSet;
import tidemark.api.state.State;

/**
 * An image that has only what was written since its parent, read with its ancestors. They are opened one after the other, when pages are read: a
 * line of a thousand needs one open file.
 *
 * @param image alone; closed with this
 */
record Increment(Ancestor image, Images images) implements ImageReader {
    @Override
    public void readPages(PageSet wanted, PageSink sink) throws CheckpointException {
        PageSet left = take(image, wanted.copy(), sink);
        Set<Path> seen = new HashSet<>();
        Optional<Ancestor> next = image.parent(images, seen);
        while (next.isPresent()) {
            try (Ancestor ancestor = next.get()) {
                take(ancestor, left, sink);
                next = left.isEmpty() ? Optional.empty() : ancestor.parent(images, seen);
            }
        }
    }

    /** Hands over the pages that an image has of those that are left; returns what is left then. */
    static PageSet take(Ancestor from, PageSet left, PageSink sink) throws CheckpointException {
        from.image().readPages(left, sink);
        left.removeAll(from.image().own());
        return left;
    }

    @Override
    public Map<String, String> manifest() {
        return image.image().manifest();
    }

    @Override
    public List<State> states() {
        return image.image().states();
    }

    @Override
    public long pages() {
        return image.image().pages();
    }

    @Override
    public List<Section> sections() {
        return image.image().sections();
    }

    @Override
    public Optional<Parent> parent() {
        return image.image().parent();
    }

    @Override
    public PageSet own() throws CheckpointException {
        return image.image().own();
    }

    @Override
    public Optional<Places> places() {
        return Optional.empty();
    }

    @Override
    public void close() {
        image.close();
    }
}
