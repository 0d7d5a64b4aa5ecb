package tidemark.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Platforms that are killed while they start, make machines, take and restore checkpoints, merge layers and end: the next start leaves nothing that no image and no machine
 * needs. {@code -Dtidemark.kills=300} kills more often.
 */
class KillIT {
    private static final int KILLS = Integer.getInteger("tidemark.kills", 3);
    /** Then the disk and the home are made anew. */
    private static final int KILLS_OF_A_DISK = 20;
    private static final int CHECKPOINTS = 12;
    private static final int SECTORS = 256;
    private static final int FIRST_MS = 300;
    private static final int LAST_MS = 8_000;
    /** Of a layer, as the README of disk.overlay says. */
    private static final int HEADER = 8192;
    private static final Pattern LAYER = Pattern.compile("[\\w.-]+\\.(?:layer|merged)(\\d+)");

    @TempDir
    private Path folder;
    private final Random random = new Random(Long.getLong("tidemark.kills.seed", 11));
    private Path guest;
    private Path home;
    private Path temporary;
    private Path disks;
    private int numbered;
    private int checked;
    /** Layers that an image names, by image. */
    private final Map<Path, Set<String>> named = new HashMap<>();

    @Test
    void nothingIsLeftThatNoImageAndNoMachineNeedsWheneverAPlatformIsKilled() throws Exception {
        guest = DiskWriter.write(folder.resolve("guest"), SECTORS);
        for (int kill = 0; kill < KILLS; kill++) {
            if (kill % KILLS_OF_A_DISK == 0) {
                begin(kill / KILLS_OF_A_DISK);
            }
            run(FIRST_MS + random.nextInt(LAST_MS - FIRST_MS));
            if ((kill + 1) % KILLS_OF_A_DISK == 0 || kill == KILLS - 1) {
                end();
            }
        }
    }

    private void begin(int number) throws IOException {
        Path place = Files.createDirectory(folder.resolve("place" + number));
        home = place.resolve("home");
        temporary = Files.createDirectory(place.resolve("tmp"));
        disks = Files.createDirectory(place.resolve("disks"));
        Files.write(disks.resolve("disk.img"), new byte[SECTORS * 512]);
        Files.write(place.resolve("scratch.img"), new byte[SECTORS * 512]);
        named.clear();
        checked = 0;
    }

    /** A last start, which is not killed; then all is looked at with nobody running. */
    private void end() throws Exception {
        run(Integer.MAX_VALUE);
        assertTrue(checked > 0);
        List<Path> all = all();
        assertFalse(all.isEmpty());
        assertNeeded(all);
        try (Stream<Path> tree = Files.walk(disks.getParent())) {
            tree.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
        }
    }

    /** Starts a platform, looks at what the former ones left as soon as it has a machine, and kills it some time after its start. */
    private void run(int killAfterMs) throws Exception {
        List<Path> before = all();
        ProcessBuilder builder = new ProcessBuilder(Platform.ROOT.resolve("launch/tidemark").toString(), "exec", script(killAfterMs < LAST_MS))
                .redirectErrorStream(true);
        builder.environment().putAll(Map.of("TIDEMARK_HOME", home.toString(), "TIDEMARK_JAVA_OPTS", "-Djava.io.tmpdir=" + temporary));
        Process platform = builder.start();
        platform.getOutputStream().close();
        CompletableFuture<Void> kill = CompletableFuture.runAsync(platform::destroyForcibly, CompletableFuture.delayedExecutor(killAfterMs, TimeUnit.MILLISECONDS));
        List<String> output = new ArrayList<>();
        try (BufferedReader lines = platform.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                output.add(line);
                if (line.equals("READY")) {
                    assertNeeded(before);
                    checked++;
                }
            }
        } catch (IOException e) {
            assertTrue(killAfterMs < LAST_MS, "its output ended: " + e);
        }
        int code = platform.waitFor();
        assertTrue(code == 0 || code == 137, () -> code + ": " + String.join("\n", output));
        kill.cancel(false);
    }

    private String script(boolean works) throws IOException {
        String name = "k" + numbered++;
        List<String> commands = new ArrayList<>(List.of("vm:create " + name + " --kernel " + guest + " --ram 4 --disk " + newest() + " --disk "
                + disks.resolveSibling("scratch.img") + ",access=scratch", "echo READY"));
        if (works) {
            commands.add("vm:start " + name);
            commands.add("vm:wait " + name + " --for W");
            for (int n = 0; n < CHECKPOINTS; n++) {
                String image = n % 3 == 0 ? "" : " --to " + disks.resolve(name + "-" + n + ".tdm");
                commands.add("checkpoint:take " + name + " -o rateWindowMs=10 --oracle -p " + List.of("stop", "thread", "live").get(n % 3) + image);
                if (n == 4) {
                    commands.add("checkpoint:restore " + disks.resolve(name + "-4.tdm") + " --name " + name + "r --start");
                    commands.add("vm:destroy " + name);
                    name += "r";
                }
            }
        }
        return String.join("; ", commands);
    }

    private Path newest() throws IOException {
        return files(disks).stream().filter(file -> LAYER.matcher(file.getFileName().toString()).matches() && !file.toString().contains(".merged"))
                .max(Comparator.comparingInt(KillIT::number)).orElse(disks.resolve("disk.img"));
    }

    private static int number(Path layer) {
        Matcher name = LAYER.matcher(layer.getFileName().toString());
        return name.matches() ? Integer.parseInt(name.group(1)) : 0;
    }

    private static List<Path> files(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(folder)) {
            return all.sorted().toList();
        }
    }

    private List<Path> all() throws IOException {
        List<Path> all = new ArrayList<>();
        for (Path each : List.of(temporary, disks, home.resolve("checkpoints"), home.resolve("layers"))) {
            all.addAll(files(each));
        }
        return all;
    }

    /** Of those that are still there. */
    private void assertNeeded(List<Path> files) throws IOException {
        Set<String> layers = neededLayers();
        List<String> left = new ArrayList<>();
        for (Path file : files) {
            if (Files.exists(file) && !isNeeded(file, layers)) {
                left.add(file.toString());
            }
        }
        assertEquals(List.of(), left, "is left, and nobody needs it");
    }

    private boolean isNeeded(Path file, Set<String> layers) {
        String name = file.getFileName().toString();
        if (file.startsWith(temporary) || name.startsWith(".")) {
            return false;
        }
        if (LAYER.matcher(name).matches()) {
            return layers.contains(name);
        }
        if (name.endsWith(".oracle")) {
            return Files.exists(file.resolveSibling(name.replaceFirst("\\.oracle$", "")));
        }
        if (name.endsWith(".tdm")) {
            return Files.exists(file.resolveSibling(name + ".oracle"));
        }
        String stem = name.replaceFirst("\\.images$", "");
        return name.equals("disk.img") || name.equals("registered") || name.endsWith(".images") && (stem.equals("disk.img") || layers.stream().anyMatch(layer -> layer.startsWith(stem + ".")));
    }

    /** Those that images name, the newest of the disk that the next machine writes, and all below these, by the names in their headers. */
    private Set<String> neededLayers() throws IOException {
        Map<String, Path> there = new HashMap<>();
        Set<String> needed = new HashSet<>();
        for (Path folder : List.of(home.resolve("layers"), home.resolve("checkpoints"), disks)) {
            for (Path file : files(folder)) {
                there.put(file.getFileName().toString(), file);
                if (file.toString().endsWith(".tdm")) {
                    needed.addAll(namedBy(file));
                }
            }
        }
        for (Path layer : files(disks)) {
            if (number(layer) > 0 && !layer.toString().contains(".merged") && isWritten(layer, there.values())) {
                needed.add(layer.getFileName().toString());
            }
        }
        List<String> open = new ArrayList<>(needed);
        while (!open.isEmpty()) {
            Path layer = there.get(open.removeLast());
            if (layer != null) {
                below(layer).filter(needed::add).ifPresent(open::add);
            }
        }
        return needed;
    }

    /** Whether no layer lies over it: it is what a machine left. */
    private static boolean isWritten(Path layer, Iterable<Path> all) throws IOException {
        for (Path other : all) {
            if (!other.equals(layer) && number(other) > 0 && below(other).filter(layer.getFileName().toString()::equals).isPresent()) {
                return false;
            }
        }
        return true;
    }

    private Set<String> namedBy(Path image) throws IOException {
        Set<String> names = named.get(image);
        if (names == null) {
            names = new HashSet<>(names(image, Integer.MAX_VALUE));
            named.put(image, names);
        }
        return names;
    }

    /** The layer that a layer lies over: that of its header, unless the sector behind that has another, since some were merged. */
    private static Optional<String> below(Path layer) throws IOException {
        List<String> names = names(layer, HEADER);
        return names.isEmpty() ? Optional.empty() : Optional.of(names.getLast());
    }

    /** None of a file that goes meanwhile: the platform that runs takes its own layers away when it ends. */
    private static List<String> names(Path file, int bytes) throws IOException {
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "r")) {
            byte[] text = new byte[(int) Math.min(bytes, open.length())];
            open.readFully(text);
            List<String> names = new ArrayList<>();
            Matcher found = LAYER.matcher(new String(text, StandardCharsets.ISO_8859_1));
            while (found.find()) {
                names.add(found.group());
            }
            return names;
        } catch (FileNotFoundException e) {
            return List.of();
        }
    }
}
