package tidemark.disk.layers;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tidemark.disk.HostFile;
import tidemark.files.Disposable;

/**
 * What lies beside a disk file: the file itself, its layers, and layers that were not finished; and what each is needed for. What may be needed counts as needed.
 *
 * @param layers the oldest first
 */
public record LayerTree(List<Layer> layers) {
    /**
     * @param below the file that it lies over, if there is one, or it cannot be told
     * @param bytes that it takes up on the host's disk
     * @param needs what it is needed for, in words; empty if for nothing
     */
    public record Layer(Path file, Optional<Path> below, long bytes, List<String> needs) {
        public boolean isNeeded() {
            return !needs.isEmpty();
        }
    }

    /** Reads what a file lies over. */
    @FunctionalInterface
    public interface Headers {
        /** @throws IOException if the file is in use, damaged or of no known format */
        Optional<Path> below(Path file) throws IOException;
    }

    /**
     * @param known what is known to be needed: names of files beside the disk file, and what for, in words
     * @param missing whether a layer counts as needed if the file that it lies over is not there: somebody may bring that back
     */
    public static LayerTree of(LayerFiles files, Headers headers, Map<String, List<String>> known, boolean missing) throws IOException {
        Map<Path, Layer> layers = new LinkedHashMap<>();
        if (Files.isRegularFile(files.base())) {
            layers.put(files.base(), layer(files.base(), headers, known));
        }
        for (Path file : files.existing()) {
            layers.put(file, layer(file, headers, known));
        }
        newestStates(files, layers, missing);
        layers.values().stream().toList().reversed().forEach(layer -> needBelow(layer, layers, new ArrayList<>()));
        for (Path file : files.unfinished()) {
            layers.put(file, new Layer(file, Optional.empty(), bytes(file), isUsed(file) ? List.of("in use") : List.of()));
        }
        return new LayerTree(List.copyOf(layers.values()));
    }

    private static Layer layer(Path file, Headers headers, Map<String, List<String>> known) throws IOException {
        List<String> needs = new ArrayList<>(known.getOrDefault(file.getFileName().toString(), List.of()));
        boolean used = isUsed(file);
        if (used && needs.stream().noneMatch(need -> need.startsWith("machine "))) {
            needs.add("in use");
        }
        Optional<Path> below = Optional.empty();
        try {
            below = headers.below(file);
        } catch (IOException e) {
            if (!used) {
                needs.add("cannot be read: " + e.getMessage());
            }
        }
        if (!LayerFiles.isLayer(file)) {
            needs.add("the disk's own file");
        }
        return new Layer(file, below, bytes(file), needs);
    }

    /** A layer over which none lies is what a machine left, unless it was merged or goes with its machine. What a layer that cannot be read lies over is unknown. */
    private static void newestStates(LayerFiles files, Map<Path, Layer> layers, boolean missing) {
        boolean own = files.folder().equals(LayerFiles.ofPlatform());
        boolean unreadable = layers.values().stream().anyMatch(layer -> layer.needs.stream().anyMatch(need -> need.startsWith("cannot be read")));
        for (Layer layer : layers.values()) {
            boolean below = layers.values().stream().anyMatch(other -> other.below.filter(layer.file::equals).isPresent());
            boolean lost = layer.below.filter(file -> !Files.exists(file)).isPresent();
            if (lost) {
                if (missing) {
                    layer.needs.add("it lies over " + layer.below.get() + ", which is not there");
                }
            } else if (unreadable && !layer.isNeeded()) {
                layer.needs.add("perhaps a layer that cannot be read");
            } else if (!layer.isNeeded() && !below && !own && !LayerFiles.isMerged(layer.file)) {
                layer.needs.add("the newest state of the disk");
            }
        }
    }

    private static void needBelow(Layer layer, Map<Path, Layer> layers, List<Layer> above) {
        Layer below = layer.below.map(layers::get).orElse(null);
        if (layer.isNeeded() && below != null && !above.contains(below)) {
            String need = "below " + layer.file.getFileName();
            if (!below.needs.contains(need)) {
                below.needs.add(need);
            }
            above.add(layer);
            needBelow(below, layers, above);
        }
    }

    /** What the file takes up; its length says little, since most of a layer is holes. */
    private static long bytes(Path file) throws IOException {
        try (HostFile open = HostFile.open(file, false)) {
            long sum = 0;
            long unit = Math.max(1 << 12, Long.highestOneBit(open.length() >> 16));
            for (long at = open.nextData(0); at < open.length(); at = open.nextData(at - at % unit + unit)) {
                sum += unit;
            }
            return sum;
        } catch (IOException e) {
            return Files.size(file);
        }
    }

    private static boolean isUsed(Path file) {
        try {
            HostFile.open(file, true).close();
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    public List<Layer> unneeded() {
        return layers.stream().filter(layer -> !layer.isNeeded()).toList();
    }

    /**
     * Removes what nobody needs, the newest first, so that none that is left lies over one that is gone.
     *
     * @throws IOException if one is in use meanwhile; it and what is below it stay
     */
    public void removeUnneeded() throws IOException {
        remove(unneeded());
    }

    /**
     * Removes what processes left that were killed: layers that were not finished, merged ones over which none lies, and of scratch disks all that no image ever had.
     * Nobody else makes such. What a living process makes is in use, or marked as disposable.
     *
     * @return what was removed
     */
    public static List<Path> removeLeft(LayerFiles files, Headers headers) throws IOException {
        LayerTree tree = of(files, headers, LayerRegister.read(files).everNeeded(), true);
        boolean scratch = files.folder().equals(LayerFiles.ofPlatform());
        List<Layer> left = tree.unneeded().stream().filter(layer -> scratch || tree.isUnused(layer.file)).filter(layer -> !Disposable.isClaimed(layer.file)).toList();
        tree.remove(left);
        return left.stream().map(Layer::file).toList();
    }

    private boolean isUnused(Path file) {
        return !LayerFiles.isLayer(file) || LayerFiles.isMerged(file) && layers.stream().noneMatch(other -> other.below.filter(file::equals).isPresent());
    }

    private void remove(List<Layer> which) throws IOException {
        for (Layer layer : which.isEmpty() ? which : layers) {
            if (layer.isNeeded() && LayerFiles.isLayer(layer.file)) {
                force(layer.file);
            }
        }
        for (Layer layer : which.reversed()) {
            try (HostFile alone = HostFile.open(layer.file, true)) {
                Files.delete(alone.path());
            }
        }
    }

    /** What a layer lies over since others were merged is durable before the former are removed. */
    private static void force(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
