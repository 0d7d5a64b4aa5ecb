package tidemark.checkpoint;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
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
 */
final class Increment implements ImageReader {
    private final ImageReader reader;
    private final Path file;
    private final Images images;

    /**
     * @param reader of the image alone; closed with this
     * @param file of the image
     */
    Increment(ImageReader reader, Path file, Images images) {
        this.reader = reader;
        this.file = file;
        this.images = images;
    }

    @Override
    public void readPages(PageSink sink) throws CheckpointException {
        reader.readPages(sink);
        PageSet known = reader.own();
        Set<Path> line = new HashSet<>(Set.of(file.toAbsolutePath().normalize()));
        Path child = file;
        Optional<Parent> next = reader.parent();
        while (next.isPresent()) {
            Path ancestor = find(child, next.get());
            if (!line.add(ancestor)) {
                throw new CheckpointException(file + " cannot be read: " + ancestor + " is its own ancestor");
            }
            try (ImageReader opened = open(child, ancestor, next.get())) {
                opened.readPages((page, bytes) -> {
                    if (!known.contains(page)) {
                        sink.page(page, bytes);
                    }
                });
                known.addAll(opened.own());
                child = ancestor;
                next = opened.parent();
            }
        }
    }

    /** An image from elsewhere must not choose which files are opened: only those beside it. */
    private static Path find(Path child, Parent parent) throws CheckpointException {
        try {
            Path name = Path.of(parent.file());
            Path beside = child.toAbsolutePath().resolveSibling(name).normalize();
            if (name.getNameCount() == 1 && beside.equals(child.toAbsolutePath().normalize().resolveSibling(name)) && Files.isRegularFile(beside)) {
                return beside;
            }
        } catch (InvalidPathException e) {
            throw new CheckpointException(child + " names a parent that is no file name", e);
        }
        throw new CheckpointException(child + " is an increment of " + parent.file() + ", which is not beside it; put it there, under that name");
    }

    private ImageReader open(Path child, Path ancestor, Parent parent) throws CheckpointException {
        ImageReader opened = images.openAlone(ancestor);
        if (parent.id().equals(opened.manifest().get(Manifest.ID)) && opened.pages() == pages()) {
            return opened;
        }
        opened.close();
        throw new CheckpointException(child + " is an increment of another image than the " + parent.file() + " beside it; put the one with id " + parent.id() + " there");
    }

    @Override
    public Map<String, String> manifest() {
        return reader.manifest();
    }

    @Override
    public List<State> states() {
        return reader.states();
    }

    @Override
    public long pages() {
        return reader.pages();
    }

    @Override
    public List<Section> sections() {
        return reader.sections();
    }

    @Override
    public Optional<Parent> parent() {
        return reader.parent();
    }

    @Override
    public PageSet own() throws CheckpointException {
        return reader.own();
    }

    @Override
    public Optional<Places> places() {
        return Optional.empty();
    }

    @Override
    public void close() {
        reader.close();
    }
}
