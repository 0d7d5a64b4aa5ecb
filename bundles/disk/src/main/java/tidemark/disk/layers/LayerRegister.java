package tidemark.disk.layers;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import tidemark.disk.HostFile;

/**
 * Which images need the layers of one disk: {@code FILE.images} beside its file. Text; lines are added for each image before and after it is published, and one when it is
 * deleted. A line that a crash tore off is of an image that was not published, and counts for nothing.
 *
 * @param known layers that were there before the register: images may need them that it does not know
 * @param images by ID, those that were published and not deleted by the platform
 * @param begun by ID, those that were about to be published: either somebody does that now, or the process died, before or just after the image had its name
 * @param deleted those that were published, and deleted by the platform
 * @param above files elsewhere that were laid over a layer, with the layer's name
 */
public record LayerRegister(Set<String> known, Map<String, Image> images, Map<String, Image> begun, Set<Image> deleted, Map<Path, String> above) {
    static final String SUFFIX = ".images";
    private static final String HEAD = "tidemark-disk-images-1";
    private static final Object WITHIN_THIS_PROCESS = new Object();

    /**
     * An image that needs a layer and all below it.
     *
     * @param file where it was written
     * @param layer name of the topmost of its files that is beside the register
     */
    public record Image(String id, Path file, String layer) {}

    static Path file(LayerFiles files) {
        return files.folder().resolve(files.stem() + SUFFIX);
    }

    /** As it is now. Without a register, all layers that there are may be needed. */
    public static LayerRegister read(LayerFiles files) throws IOException {
        Path file = file(files);
        if (!Files.exists(file)) {
            return new LayerRegister(older(files), Map.of(), Map.of(), Set.of(), Map.of());
        }
        return parse(file, Files.readString(file, UTF_8));
    }

    private static LayerRegister parse(Path file, String text) throws IOException {
        LayerRegister register = new LayerRegister(new HashSet<>(), new LinkedHashMap<>(), new LinkedHashMap<>(), new HashSet<>(), new LinkedHashMap<>());
        for (String line : text.substring(0, text.lastIndexOf('\n') + 1).lines().toList()) {
            try {
                register.add(Arrays.stream(line.split("\t")).map(word -> URLDecoder.decode(word, UTF_8)).toList());
            } catch (IllegalArgumentException e) { // also of a name that is none
                throw new IOException("The register of images " + file + " has a line that this platform does not know: " + line
                        + "; use the platform that wrote it, or remove it: all layers count as needed then", e);
            }
        }
        return register;
    }

    private void add(List<String> words) {
        switch (words.getFirst() + words.size()) {
            case "known2" -> known.add(words.get(1));
            case "begun4" -> begun.put(words.get(1), image(words));
            case "image4" -> {
                begun.remove(words.get(1));
                images.put(words.get(1), image(words));
            }
            case "gone2" -> remove(words.get(1));
            case "above3" -> above.put(Path.of(words.get(1)), words.get(2));
            case HEAD + "1", "1" -> { }
            default -> throw new IllegalArgumentException("It is of no known kind");
        }
    }

    private static Image image(List<String> words) {
        return new Image(words.get(1), Path.of(words.get(2)), words.get(3));
    }

    private void remove(String id) {
        begun.remove(id);
        Image image = images.remove(id);
        if (image != null) {
            deleted.add(image);
        }
    }

    /** Names of layers that an image has, may have or once had, and what for, in words: an image that was deleted may have a copy. */
    public Map<String, List<String>> everNeeded() {
        Map<String, List<String>> needs = new TreeMap<>();
        known.forEach(name -> needs.put(name, List.of("perhaps an image that no register has")));
        Stream.of(images.values().stream(), deleted.stream(), begun.values().stream().filter(image -> Files.exists(image.file()))).flatMap(Function.identity())
                .forEach(image -> needs.put(image.layer(), List.of("image " + image.file())));
        above.forEach((file, name) -> needs.put(name, List.of("below " + file)));
        return needs;
    }

    /**
     * Notes an image that is about to be published: its process has the layers open until it is, or {@link #gone}.
     *
     * @param disk files of one of its disks, the topmost first
     */
    public static void begun(String id, Path image, List<Path> disk) throws IOException {
        note("begun", id, image, disk);
    }

    /**
     * Notes an image that was published.
     *
     * @param disk files of one of its disks, the topmost first
     */
    public static void needed(String id, Path image, List<Path> disk) throws IOException {
        note("image", id, image, disk);
    }

    private static void note(String kind, String id, Path image, List<Path> disk) throws IOException {
        Map<LayerFiles, Path> topmost = new LinkedHashMap<>();
        disk.forEach(file -> topmost.putIfAbsent(LayerFiles.of(file), file));
        for (Map.Entry<LayerFiles, Path> each : topmost.entrySet()) {
            if (Files.isWritable(each.getKey().folder())) { // else nobody can take a layer away, or make one
                change(each.getKey(), line(kind, id, image.toAbsolutePath().toString(), each.getValue().getFileName().toString()));
            }
        }
    }

    /** Notes that an image was deleted, or was not published. */
    public static void gone(String id, List<Path> disk) throws IOException {
        for (LayerFiles files : new HashSet<>(disk.stream().map(LayerFiles::of).toList())) {
            if (Files.exists(file(files))) {
                change(files, line("gone", id));
            }
        }
    }

    /** Notes that a file elsewhere was laid over a file. */
    public static void laidOver(Path above, Path below) throws IOException {
        LayerFiles files = LayerFiles.of(below);
        if (!LayerFiles.of(above).equals(files) && Files.isWritable(files.folder())) {
            change(files, line("above", above.toAbsolutePath().toString(), below.getFileName().toString()));
        }
    }

    public static boolean exists(LayerFiles files) {
        return Files.exists(file(files));
    }

    /** Begins a register with all layers that there are: images that it does not know may need them. */
    public static void adopt(LayerFiles files) throws IOException {
        for (Path layer : files.existing()) {
            change(files, line("known", layer.getFileName().toString()));
        }
    }

    /** Removes a register of a disk of which nothing is left. */
    public static void removeWithoutDisk(LayerFiles files) throws IOException {
        if (!Files.exists(files.base()) && files.existing().isEmpty()) {
            Files.deleteIfExists(file(files));
        }
    }

    private static void change(LayerFiles files, String line) throws IOException {
        synchronized (WITHIN_THIS_PROCESS) {
            try (FileChannel channel = FileChannel.open(file(files), StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE)) {
                channel.lock();
                String text = new String(Channels.newInputStream(channel.position(0)).readAllBytes(), UTF_8);
                StringBuilder added = new StringBuilder();
                long whole = text.substring(0, text.lastIndexOf('\n') + 1).getBytes(UTF_8).length;
                if (whole == 0) {
                    added.append(line(HEAD));
                    older(files).forEach(name -> added.append(line("known", name)));
                }
                channel.truncate(whole).write(ByteBuffer.wrap(added.append(line).toString().getBytes(UTF_8)), whole);
                channel.force(true);
            }
        }
    }

    private static String line(String... words) {
        return String.join("\t", Arrays.stream(words).map(word -> URLEncoder.encode(word, UTF_8)).toList()) + "\n";
    }

    /** Layers that images from before the register may need: not those of the platform's own folder, whose names are never used again, nor the one that is written. */
    private static Set<String> older(LayerFiles files) throws IOException {
        Set<String> names = new HashSet<>();
        if (!files.folder().equals(LayerFiles.ofPlatform())) {
            for (Path layer : files.existing()) {
                if (!isWritten(layer)) {
                    names.add(layer.getFileName().toString());
                }
            }
        }
        return names;
    }

    private static boolean isWritten(Path layer) {
        try {
            HostFile.open(layer, false).close();
            return false;
        } catch (IOException e) {
            return true;
        }
    }
}
