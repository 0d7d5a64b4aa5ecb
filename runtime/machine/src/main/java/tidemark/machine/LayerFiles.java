package tidemark.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Where the layers of a disk are: beside its file, as {@code FILE.layer1}, {@code FILE.layer2}, in the order in which they were made. */
record LayerFiles(Path folder, String stem) {
    private static final Pattern NAME = Pattern.compile("(.+)\\.layer(\\d{1,9})");

    /** Of a disk file, or of a layer of it. */
    static LayerFiles of(Path file) {
        Matcher layer = NAME.matcher(file.getFileName().toString());
        return new LayerFiles(file.toAbsolutePath().getParent(), layer.matches() ? layer.group(1) : file.getFileName().toString());
    }

    static boolean isLayer(Path file) {
        return NAME.matcher(file.getFileName().toString()).matches();
    }

    /** The name of the next layer, of which there is no file. */
    Path next() throws IOException {
        Files.createDirectories(folder);
        long last = existing().stream().mapToLong(LayerFiles::number).max().orElse(0);
        return folder.resolve(stem + ".layer" + (last + 1));
    }

    /** All layers that there are, oldest first. */
    List<Path> existing() throws IOException {
        List<Path> layers = new ArrayList<>();
        try (Stream<Path> all = Files.list(folder)) {
            all.filter(file -> isLayer(file) && of(file).equals(this)).forEach(layers::add);
        }
        layers.sort(java.util.Comparator.comparingLong(LayerFiles::number));
        return layers;
    }

    private static long number(Path layer) {
        Matcher name = NAME.matcher(layer.getFileName().toString());
        return name.matches() ? Long.parseLong(name.group(2)) : 0;
    }
}
