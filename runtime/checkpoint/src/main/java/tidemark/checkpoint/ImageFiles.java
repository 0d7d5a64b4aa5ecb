package tidemark.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.api.checkpoint.CheckpointException;
import tidemark.api.machine.Grants;

/**
 * Which files an image may use: those beside it, which are also found there if the image names another folder; those that were granted to it on this host;
 * all that it names if it was taken on this host. An image is known by its place on the file system and its manifest: a copy is a stranger.
 */
final class ImageFiles {
    static final String BESIDE = "it lies beside the image";
    static final String TAKEN_HERE = "the image was taken on this host";
    private static final Logger LOG = LoggerFactory.getLogger(ImageFiles.class);
    private static final String ALL = "all";
    private static final String GRANTED = "it was granted on this host";
    private static final String ALLOWED = "it is allowed";

    private final Path image;
    private final String asker;
    private final Grants grants;
    private final List<Path> allowed;
    private final boolean takenHere;

    /** @param file that an image may use, and why; it may not if {@code grantedBy} is empty */
    record Found(Path file, String grantedBy) {}

    ImageFiles(Path image, Map<String, String> manifest, Grants grants, List<Path> allowed) throws CheckpointException {
        try {
            this.image = image.toRealPath();
            this.allowed = allowed.stream().map(ImageFiles::real).toList();
            this.grants = grants;
            asker = asker(this.image, manifest);
            takenHere = grants.isGranted(asker, ALL);
        } catch (IOException e) {
            throw new CheckpointException("Cannot find out what was granted to " + image + ": " + e, e);
        }
    }

    /** Grants an image that was taken on this host what its machine used. That it can be restored at once is not worth its loss. */
    static void takenHere(Path image, Map<String, String> manifest, Grants grants) {
        try {
            Path real = image.toRealPath();
            grants.grant(asker(real, manifest), ALL, real + " may use what its machine used");
        } catch (IOException e) {
            LOG.warn("{} will have to be allowed its files and ports when it is restored: {}", image, e.toString());
        }
    }

    private static String asker(Path image, Map<String, String> manifest) throws IOException {
        return Grants.identity(image) + manifest.entrySet().stream()
                .map(entry -> " " + entry.getKey().length() + " " + entry.getKey() + " " + entry.getValue().length() + " " + entry.getValue())
                .collect(Collectors.joining());
    }

    boolean isTakenHere() {
        return takenHere;
    }

    Found find(String name) throws CheckpointException {
        try {
            return find(image.resolveSibling(name));
        } catch (InvalidPathException e) {
            throw new CheckpointException("it names the file '" + name + "', which is no path", e);
        }
    }

    Found find(Path named) {
        Path file = image.resolveSibling(named).normalize();
        Path sibling = file.getFileName() == null ? file : image.resolveSibling(file.getFileName());
        if (takenHere && Files.isRegularFile(file)) {
            return new Found(file, TAKEN_HERE);
        }
        if (Grants.isBeside(image, sibling)) {
            return new Found(real(sibling), BESIDE);
        }
        Path there = Files.exists(file) ? file : sibling;
        if (!Files.exists(there, LinkOption.NOFOLLOW_LINKS)) {
            return new Found(sibling, BESIDE);
        }
        Path real = real(there);
        return new Found(real, allowed.contains(real) ? ALLOWED : isGranted(real) ? GRANTED : "");
    }

    private boolean isGranted(Path file) {
        try {
            return grants.isGranted(asker, file.toString());
        } catch (IOException e) {
            LOG.warn("The register of grants cannot be read: {}", e.toString());
            return false;
        }
    }

    /** Enters what the user has allowed into the register. */
    void remember() {
        for (Path file : allowed) {
            try {
                if (!isGranted(file)) {
                    grants.grant(asker, file.toString(), image + " may use " + file);
                }
            } catch (IOException e) {
                LOG.warn("{} will have to be allowed {} again: {}", image, file, e.toString());
            }
        }
    }

    private static Path real(Path file) {
        try {
            return file.toRealPath();
        } catch (IOException e) {
            return file.toAbsolutePath().normalize();
        }
    }
}
