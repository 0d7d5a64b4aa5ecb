package tidemark.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.api.checkpoint.CheckpointException;
import tidemark.api.checkpoint.ImageLayout;
import tidemark.api.checkpoint.ImageReader;
import tidemark.api.checkpoint.ImageWriter;
import tidemark.api.machine.DiskLayer;
import tidemark.api.machine.MachineException;
import tidemark.api.machine.Parts;
import tidemark.api.memory.PageSet;
import tidemark.api.state.State;
import tidemark.files.Fault;

/** Images on disk, of whatever layout is deployed. */
final class Images {
    private static final Logger LOG = LoggerFactory.getLogger(Images.class);
    private static final long GONE_SECONDS = 20;

    private final Parts parts;

    Images(Parts parts) {
        this.parts = parts;
    }

    /** An increment is read with its ancestors. */
    ImageReader open(Path image) throws CheckpointException {
        Opened alone = openAlone(image);
        return alone.parent().isEmpty() ? alone : new Increment(new Ancestor(image, alone), this);
    }

    /** Whether the file is the image of that id. */
    boolean isImage(Path image, String id) {
        try (ImageReader reader = openAlone(image)) {
            return id.equals(reader.manifest().get(Manifest.ID));
        } catch (CheckpointException e) {
            LOG.info("{}", e.getMessage());
            return false;
        }
    }

    /** The image itself: of an increment its own pages. */
    Opened openAlone(Path image) throws CheckpointException {
        if (!Files.isRegularFile(image)) {
            throw new CheckpointException("There is no image " + image);
        }
        for (String name : parts.names("layout")) {
            LayoutUse use = layout(name);
            boolean opened = false;
            try {
                if (use.layout().recognizes(image)) {
                    ImageReader reader = use.layout().open(image);
                    opened = true;
                    return new Opened(reader, use);
                }
            } finally {
                if (!opened) {
                    use.close();
                }
            }
        }
        throw new CheckpointException(image + " is no image of a deployed layout; deployed are "
                + String.join(", ", parts.names("layout")));
    }

    List<Path> list(Path folder) throws CheckpointException {
        if (!Files.isDirectory(folder)) {
            throw new CheckpointException("There is no folder " + folder + (Files.exists(folder) ? ", it is a file" : ""));
        }
        List<Path> files;
        try (Stream<Path> all = Files.list(folder)) {
            files = all.filter(Files::isRegularFile).sorted().toList();
        } catch (IOException e) {
            throw new CheckpointException("Cannot list " + folder + ": " + Fault.reason(e), e);
        }
        List<Path> images = new ArrayList<>();
        for (Path file : files) {
            if (recognized(file)) {
                images.add(file);
            }
        }
        return images;
    }

    /** Those that need others first: whenever this process is killed, no image is left that lacks its parent. */
    void delete(List<Path> images) throws CheckpointException {
        for (Path image : images) {
            if (!Files.isRegularFile(image) || !recognized(image)) {
                throw new CheckpointException(image + " is no image; nothing was deleted");
            }
        }
        Set<Path> all = images.stream().map(image -> image.toAbsolutePath().normalize()).collect(Collectors.toCollection(LinkedHashSet::new));
        Map<Path, Links> links = links(all);
        Map<String, Path> parents = new HashMap<>();
        all.forEach(image -> parents.putIfAbsent(links.get(image).id, image));
        parents.remove("");
        for (Map.Entry<Path, Links> other : links.entrySet()) {
            Path parent = parents.get(other.getValue().parent);
            if (parent != null && !all.contains(other.getKey())) {
                throw new CheckpointException(parent + " is needed by " + other.getKey().getFileName() + ", an increment of it; delete that first, or make it whole with"
                        + " checkpoint:merge");
            }
        }
        for (Path image : all.stream().sorted(Comparator.comparingInt((Path image) -> depth(image, parents, links)).reversed()).toList()) {
            delete(image);
        }
    }

    /** How many ancestors an image has among these, by their ids; as many as there are if it is its own. */
    private static int depth(Path image, Map<String, Path> parents, Map<Path, Links> links) {
        int depth = 0;
        for (Path next = parents.get(links.get(image).parent); next != null && depth < parents.size(); next = parents.get(links.get(next).parent)) {
            depth++;
        }
        return depth;
    }

    /** @param id of an image, empty if it is damaged; @param parent of its parent, empty if it is whole or damaged */
    private record Links(String id, String parent) {}

    /** Of all images in the folders of these. */
    private Map<Path, Links> links(Set<Path> images) throws CheckpointException {
        Map<Path, Links> links = new LinkedHashMap<>();
        for (Path folder : images.stream().map(Path::getParent).distinct().toList()) {
            for (Path image : list(folder)) {
                try (ImageReader reader = openAlone(image)) {
                    links.put(image, new Links(reader.manifest().getOrDefault(Manifest.ID, ""), reader.parent().map(ImageReader.Parent::id).orElse("")));
                } catch (CheckpointException damaged) {
                    links.put(image, new Links("", ""));
                }
            }
        }
        return links;
    }

    private void delete(Path image) throws CheckpointException {
        Needs needs = needs(image);
        try {
            // the image last: a proof of nothing would stay if this process were killed in between
            Files.deleteIfExists(Oracle.file(image));
            Files.delete(image);
            DiskNeeds.gone(needs.id, needs.disks);
        } catch (IOException e) {
            throw new CheckpointException("Cannot delete " + image + ": " + Fault.reason(e), e);
        }
    }

    private record Needs(String id, List<DiskLayer> disks) {}

    /** Nothing for a damaged image: what it needs is unknown, and stays. */
    private Needs needs(Path image) {
        try (ImageReader reader = open(image)) {
            return new Needs(reader.manifest().getOrDefault(Manifest.ID, ""), Manifest.disks(reader, Manifest.machine(reader)));
        } catch (CheckpointException e) {
            LOG.info("Image {} is deleted; the layers of disks that it needed stay: {}", image, e.getMessage());
            return new Needs("", List.of());
        }
    }

    private boolean recognized(Path file) throws CheckpointException {
        for (String name : parts.names("layout")) {
            try (LayoutUse use = layout(name)) {
                if (use.layout().recognizes(file)) {
                    return true;
                }
            }
        }
        return false;
    }

    private LayoutUse layout(String name) throws CheckpointException {
        try {
            return new LayoutUse(parts, name);
        } catch (MachineException e) {
            throw new CheckpointException(e.getMessage(), e);
        }
    }

    /** A layout in use; if it is taken away meanwhile, that waits for the end of the use. */
    static final class LayoutUse implements AutoCloseable {
        private final CountDownLatch closed = new CountDownLatch(1);
        private final Parts.Use<ImageLayout> use;

        LayoutUse(Parts parts, String name) {
            use = parts.use(ImageLayout.class, "layout", name, this::gone);
        }

        ImageLayout layout() {
            return use.part();
        }

        private void gone() {
            try {
                if (!closed.await(GONE_SECONDS, TimeUnit.SECONDS)) {
                    LOG.warn("Layout {} goes away while an image is still being read", use.info().name());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void close() {
            closed.countDown();
            use.close();
        }
    }

    /** A reader that keeps its layout in use. */
    record Opened(ImageReader reader, LayoutUse use) implements ImageReader {
        /** Begins an image of the same layout that takes the place of this one. While this is open. */
        ImageWriter replace(Path image) throws CheckpointException {
            return use.layout().replace(image, pages());
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
        public Optional<Places> places() {
            return reader.places();
        }

        @Override
        public void readPages(PageSet wanted, PageSink sink) throws CheckpointException {
            reader.readPages(wanted, sink);
        }

        @Override
        public void close() {
            reader.close();
            use.close();
        }
    }
}
