package tidemark.disk.layers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tidemark.files.PrivateFolder;

/**
 * Where the layers of a disk are: beside its file, as {@code FILE.layer1}, {@code FILE.layer2}, in the order in which they were made. Layers that
 * were merged from others are {@code FILE.merged3}; machines never write them. All are numbered together.
 */
public record LayerFiles(Path folder, String stem) {
    private static final Pattern NAME = Pattern.compile("(.+)\\.(layer|merged)(\\d{1,9})", Pattern.DOTALL);
    private static final String HOME = "tidemark.home";
    private static final String UNFINISHED = ".unfinished";

    /** Of a disk file, or of a layer of it. */
    public static LayerFiles of(Path file) {
        Matcher layer = NAME.matcher(file.getFileName().toString());
        return new LayerFiles(file.toAbsolutePath().getParent(), layer.matches() ? layer.group(1) : file.getFileName().toString());
    }

    /** Of a layer, of one that is not finished, or of a register of images; empty of any other file. */
    public static Optional<LayerFiles> ofAny(Path file) {
        String name = file.getFileName().toString();
        Path whole = name.endsWith(UNFINISHED) ? file.resolveSibling(name.substring(0, name.length() - UNFINISHED.length())) : file;
        if (isLayer(whole)) {
            return Optional.of(of(whole));
        }
        return name.endsWith(LayerRegister.SUFFIX)
                ? Optional.of(new LayerFiles(file.toAbsolutePath().getParent(), name.substring(0, name.length() - LayerRegister.SUFFIX.length()))) : Optional.empty();
    }

    /** Where the layers of disks are that are only scratched on: in the platform's home. */
    public static Path ofPlatform() {
        String home = System.getProperty(HOME, Path.of(System.getProperty("user.home"), ".tidemark").toString());
        return Path.of(home, "layers").toAbsolutePath();
    }

    public static boolean isLayer(Path file) {
        return NAME.matcher(file.getFileName().toString()).matches();
    }

    /** Whether it was merged from others. */
    public static boolean isMerged(Path file) {
        Matcher layer = NAME.matcher(file.getFileName().toString());
        return layer.matches() && layer.group(2).equals("merged");
    }

    /** The disk file that all layers are of; it may be gone. */
    public Path base() {
        return folder.resolve(stem);
    }

    /** The name of the next layer, of which there is no file. */
    public Path next() throws IOException {
        return next("layer");
    }

    /** The name of the next merged layer, of which there is no file. */
    public Path nextMerged() throws IOException {
        return next("merged");
    }

    private Path next(String kind) throws IOException {
        PrivateFolder.create(folder);
        long last = existing().stream().mapToLong(LayerFiles::number).max().orElse(0);
        return folder.resolve(stem + "." + kind + (last + 1));
    }

    /** What a layer is called while it is made. */
    public static Path unfinished(Path layer) {
        return layer.resolveSibling(layer.getFileName() + UNFINISHED);
    }

    /** All layers that there are, oldest first. */
    public List<Path> existing() throws IOException {
        List<Path> layers = list(file -> isLayer(file) && of(file).equals(this));
        layers.sort(Comparator.comparingLong(LayerFiles::number));
        return layers;
    }

    /** Layers that were not finished: somebody makes them now, or was killed meanwhile. */
    public List<Path> unfinished() throws IOException {
        return list(file -> {
            String name = file.getFileName().toString();
            return name.endsWith(UNFINISHED) && of(Path.of(name.substring(0, name.length() - UNFINISHED.length()))).stem.equals(stem);
        });
    }

    private List<Path> list(Predicate<Path> which) throws IOException {
        List<Path> files = new ArrayList<>();
        try (Stream<Path> all = Files.list(folder)) {
            all.filter(which).forEach(files::add);
        }
        return files;
    }

    private static long number(Path layer) {
        Matcher name = NAME.matcher(layer.getFileName().toString());
        return name.matches() ? Long.parseLong(name.group(3)) : 0;
    }
}
