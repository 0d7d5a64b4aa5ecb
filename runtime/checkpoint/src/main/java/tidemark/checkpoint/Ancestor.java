package tidemark.checkpoint;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tidemark.api.checkpoint.CheckpointException;
import tidemark.api.checkpoint.ImageReader.Parent;

/** One image of a line of increments, alone. */
record Ancestor(Path file, Images.Opened image) implements AutoCloseable {
    Ancestor {
        file = file.toAbsolutePath().normalize();
    }

    /** The first and all its ancestors, opened. Close them all. */
    static List<Ancestor> line(Path first, Images images) throws CheckpointException {
        List<Ancestor> line = new ArrayList<>();
        try {
            Set<Path> files = new HashSet<>();
            Optional<Ancestor> next = Optional.of(new Ancestor(first, images.openAlone(first)));
            while (next.isPresent()) {
                line.add(next.get());
                next = next.get().parent(images, files);
            }
            return line;
        } catch (CheckpointException | RuntimeException e) {
            line.forEach(Ancestor::close);
            throw e;
        }
    }

    /** Where a file stands in a line. */
    static int find(List<Ancestor> line, Path image) throws CheckpointException {
        Path path = image.toAbsolutePath().normalize();
        for (int i = 0; i < line.size(); i++) {
            if (line.get(i).file.equals(path)) {
                return i;
            }
        }
        throw new CheckpointException(path + " is neither " + line.getFirst().file.getFileName() + " nor one of its ancestors; checkpoint:tree shows them");
    }

    Parent asParent() {
        return new Parent(image.manifest().get(Manifest.ID), file.getFileName().toString());
    }

    /**
     * Opens the parent, if it has one.
     *
     * @param seen those of the line whose parents were opened; this one is added
     */
    Optional<Ancestor> parent(Images images, Set<Path> seen) throws CheckpointException {
        if (image.parent().isEmpty()) {
            return Optional.empty();
        }
        if (!seen.add(file)) {
            throw new CheckpointException(file + " is its own ancestor");
        }
        Parent parent = image.parent().get();
        Path beside = find(parent);
        Images.Opened opened = images.openAlone(beside);
        if (parent.id().equals(opened.manifest().get(Manifest.ID)) && opened.pages() == image.pages()) {
            return Optional.of(new Ancestor(beside, opened));
        }
        opened.close();
        throw new CheckpointException(file + " is an increment of another image than the " + parent.file() + " beside it; put the one with id " + parent.id() + " there");
    }

    /** An image from elsewhere must not choose which files are opened: only those beside it. */
    private Path find(Parent parent) throws CheckpointException {
        try {
            Path name = Path.of(parent.file());
            Path folder = file.getParent();
            Path beside = folder.resolve(name).normalize();
            if (folder.equals(beside.getParent()) && Files.isRegularFile(beside)) {
                return beside;
            }
        } catch (InvalidPathException e) {
            throw new CheckpointException(file + " names a parent that is no file name", e);
        }
        throw new CheckpointException(file + " is an increment of " + parent.file() + ", which is not beside it; put it there, under that name");
    }

    @Override
    public void close() {
        image.close();
    }
}
