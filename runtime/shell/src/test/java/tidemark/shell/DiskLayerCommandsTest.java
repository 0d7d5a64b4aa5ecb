package tidemark.shell;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tidemark.api.checkpoint.Checkpoints;
import tidemark.api.checkpoint.ImageReader;
import tidemark.api.device.Disk;
import tidemark.api.device.DiskPart;
import tidemark.api.device.DiskPart.Backing;
import tidemark.api.machine.DiskInfo;
import tidemark.api.machine.Machine;
import tidemark.api.machine.Machines;
import tidemark.api.machine.Parts;
import tidemark.api.shell.CommandError;
import tidemark.api.shell.Screen;
import tidemark.disk.layers.LayerFiles;
import tidemark.disk.layers.LayerRegister;
import tidemark.disk.layers.LayerTree;
import tidemark.disk.overlay.OverlayPart;
import tidemark.disk.qcow2.Qcow2Part;
import tidemark.disk.raw.RawPart;
import tidemark.files.Disposable;

/** A disk with layers: {@code base}, {@code base.layer1} over it, {@code base.layer2} over that, and so on. */
@Timeout(120)
class DiskLayerCommandsTest {
    private static final int SIZE = 3 << 20;
    private static final Map<String, DiskPart> FORMATS = Map.of("overlay", new OverlayPart(), "qcow2", new Qcow2Part(), "raw", new RawPart());

    @TempDir
    private Path folder;
    private Path base;
    private final byte[] content = new byte[SIZE];
    /** By image: its ID, then the names of files. */
    private final Map<Path, List<String>> images = new ConcurrentHashMap<>();
    private final List<DiskInfo> used = new ArrayList<>();

    @BeforeEach
    void make() throws IOException {
        base = Files.write(folder.resolve("base"), content);
    }

    private static Parts parts() {
        return Fakes.of(Parts.class, new Object() {
            public List<String> names(String kind) {
                return FORMATS.keySet().stream().sorted().toList();
            }

            public Parts.Use<?> use(Class<?> type, String kind, String name, Runnable gone) {
                return Fakes.of(Parts.Use.class, new Object() {
                    public Object part() {
                        return FORMATS.get(name);
                    }

                    public void close() {}
                });
            }
        });
    }

    private Machines machines() {
        return Fakes.of(Machines.class, new Object() {
            public List<Machine> list() {
                return used.isEmpty() ? List.of() : List.of(Fakes.of(Machine.class, new Object() {
                    public String name() {
                        return "m1";
                    }

                    public List<DiskInfo> disks() {
                        return used;
                    }
                }));
            }
        });
    }

    private Checkpoints checkpoints() {
        return Fakes.of(Checkpoints.class, new Object() {
            public List<Path> list(Path where) {
                return images.keySet().stream().filter(image -> image.getParent().equals(where)).toList();
            }

            public ImageReader open(Path image) {
                List<String> about = images.get(image);
                return Fakes.of(ImageReader.class, new Object() {
                    public Map<String, String> manifest() {
                        Map<String, String> manifest = new ConcurrentHashMap<>(Map.of("id", about.getFirst()));
                        for (int i = 1; i < about.size(); i++) {
                            manifest.put("disk.d0.file" + (i - 1), about.get(i));
                        }
                        return manifest;
                    }

                    public void close() {}
                });
            }
        });
    }

    private String run(String line) throws CommandError {
        String[] words = line.split(" ");
        Object result = Command.of(new DiskLayerCommands(parts(), machines(), checkpoints())).stream().filter(c -> c.name().equals(words[0])).findFirst()
                .orElseThrow().execute(new Fakes.FakeSession(folder).session(), Arrays.stream(words).skip(1).map(Object.class::cast).toList());
        return Tables.of(result).orElseThrow().render(Screen.plain(System.out)).replace(folder + "/", "").replaceAll(" +", " ");
    }

    private String error(String line) {
        return assertThrows(CommandError.class, () -> run(line)).getMessage().replace(folder + "/", "");
    }

    private Path layer(int number) {
        return number == 0 ? base : folder.resolve("base.layer" + number);
    }

    /** Layers over the base, each with a change. */
    private void layers(int count) throws IOException {
        for (int i = 1; i <= count; i++) {
            FORMATS.get("overlay").create(layer(i), SIZE, Optional.of(new Backing(layer(i - 1), i == 1 ? "raw" : "overlay")));
            write(layer(i), i);
        }
    }

    private void write(Path layer, int value) throws IOException {
        byte[] bytes = new byte[300_000];
        new Random(value).nextBytes(bytes);
        int at = 512 * 1000 * value;
        System.arraycopy(bytes, 0, content, at, bytes.length);
        try (Disk disk = open(layer, true)) {
            disk.write(at, ByteBuffer.wrap(bytes));
            disk.flush();
        }
    }

    private static Disk open(Path file, boolean writable) throws IOException {
        String format = file.toString().matches(".*\\.(layer|merged)\\d+") ? "overlay" : file.toString().endsWith("qcow2") ? "qcow2" : "raw";
        return FORMATS.get(format).open(file, writable, below -> open(below.file(), false));
    }

    private static byte[] read(Path file) throws IOException {
        try (Disk disk = open(file, false)) {
            byte[] bytes = new byte[(int) disk.size()];
            disk.read(0, ByteBuffer.wrap(bytes));
            return bytes;
        }
    }

    private List<String> files() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.map(file -> file.getFileName().toString()).filter(name -> !name.endsWith(".images")).sorted().toList();
        }
    }

    private void image(String name, String id, int top) throws IOException {
        List<Path> files = new ArrayList<>();
        for (int i = top; i >= 0; i--) {
            files.add(layer(i));
        }
        LayerRegister.needed(id, folder.resolve(name), files);
        List<String> about = new ArrayList<>(List.of(id));
        files.forEach(file -> about.add(file.toString()));
        images.put(folder.resolve(name), about);
    }

    /** As a checkpoint does it: the register begins when there is no layer yet but the one that is written. */
    private void registerBeginsNow() throws IOException {
        LayerRegister.needed("first", folder.resolve("first.tdm"), List.of(base));
        LayerRegister.gone("first", List.of(base));
    }

    @Test
    void layersSayWhoNeedsThem() throws Exception {
        registerBeginsNow();
        layers(3);
        image("one.tdm", "id1", 1);
        try (Disk disk = open(layer(3), true)) {
            used.add(new DiskInfo("d0", disk, List.of(layer(3), layer(2), layer(1), base)));
            String shown = run("layers base");
            for (String file : List.of("base", "base.layer1", "base.layer2", "base.layer3")) {
                assertTrue(shown.lines().anyMatch(line -> line.startsWith(file + " ") && line.endsWith(" machine m1")), shown);
            }
            assertEquals(2, shown.lines().filter(line -> line.endsWith("- image one.tdm")).count(), shown);
        }
        used.clear();
        assertTrue(run("layers base.layer1").contains("the newest state of the disk"), "by a layer's name, too");
        assertEquals("disk:layers: there is no file none", error("layers none"));
    }

    @Test
    void tidyShowsThenRemovesOnlyWhatNobodyNeeds() throws Exception {
        registerBeginsNow();
        layers(2);
        Path orphan = folder.resolve("base.merged3");
        FORMATS.get("overlay").create(orphan, SIZE, Optional.of(new Backing(base, "raw")));
        Path unfinished = Files.write(folder.resolve("base.merged4.unfinished"), new byte[10]);
        List<String> before = files();
        String shown = run("tidy base");
        assertTrue(shown.contains("base.merged3") && shown.contains("base.merged4.unfinished") && !shown.contains("layer"), shown);
        assertEquals(before, files());
        run("tidy base --yes");
        assertEquals(List.of("base", "base.layer1", "base.layer2"), files());
        assertFalse(Files.exists(unfinished));
        assertArrayEquals(content, read(layer(2)));
    }

    @Test
    void layersOfImagesAreKeptUntilTheImageIsDeletedAndOfLostOnesUntilToldOtherwise() throws Exception {
        registerBeginsNow();
        layers(2);
        Path merged = folder.resolve("base.merged3");
        FORMATS.get("overlay").create(merged, SIZE, Optional.of(new Backing(base, "raw")));
        Path image = folder.resolve("two.tdm");
        LayerRegister.needed("id2", image, List.of(merged, base));
        images.put(image, List.of("id2", "/moved/" + merged.getFileName(), "/moved/base"));
        assertFalse(run("tidy base").contains("merged3"), "an image needs it, wherever both were moved");
        images.remove(image);
        assertFalse(run("tidy base").contains("merged3"), "the image may have been moved");
        assertTrue(run("layers base").contains("an image that was two.tdm, and is not there"));
        assertTrue(run("tidy base --missing").contains("merged3"));
        LayerRegister.gone("id2", List.of(merged, base));
        assertTrue(run("tidy base").contains("merged3"), "the platform deleted the image");
    }

    @Test
    void layersFromBeforeTheRegisterAreKept() throws Exception {
        layers(1);
        Path merged = folder.resolve("base.merged2");
        FORMATS.get("overlay").create(merged, SIZE, Optional.of(new Backing(base, "raw")));
        assertFalse(run("tidy base").contains("merged2"), "there is no register");
        registerBeginsNow();
        assertFalse(run("tidy base").contains("merged2"));
        assertTrue(run("tidy base --missing").contains("merged2"));
    }

    @Test
    void layersOfScratchDisksWhoseMachinesAndImagesAreGoneLeaveNothing() throws Exception {
        String home = System.setProperty("tidemark.home", folder.toString());
        try {
            Path layer = Files.createDirectory(folder.resolve("layers")).resolve("m1-d0-1234.layer1");
            FORMATS.get("overlay").create(layer, SIZE, Optional.of(new Backing(base, "raw")));
            LayerRegister.needed("id1", folder.resolve("one.tdm"), List.of(layer, base));
            assertEquals("file size needed for", run("tidy"), "the image may have been moved");
            LayerRegister.gone("id1", List.of(layer, base));
            assertTrue(run("tidy").contains("m1-d0-1234.layer1"));
            run("tidy --yes");
            assertEquals(0, folder.resolve("layers").toFile().list().length);
        } finally {
            if (home == null) {
                System.clearProperty("tidemark.home");
            } else {
                System.setProperty("tidemark.home", home);
            }
        }
    }

    private static List<String> removeLeft(LayerFiles disk) throws IOException {
        return LayerTree.removeLeft(disk, file -> LayerFiles.isLayer(file) ? new DiskFormats(parts()).below(file).map(Backing::file) : Optional.empty())
                .stream().map(file -> file.getFileName().toString()).toList();
    }

    private Path overlay(Path layer, Path over) throws IOException {
        FORMATS.get("overlay").create(layer, SIZE, Optional.of(new Backing(over, LayerFiles.isLayer(over) ? "overlay" : "raw")));
        return layer;
    }

    @Test
    void whatAKilledProcessLeftBesideADiskIsRemovedAndNothingElse() throws Exception {
        registerBeginsNow();
        layers(2);
        Path image = overlay(folder.resolve("base.merged3"), base);
        LayerRegister.needed("id3", folder.resolve("three.tdm"), List.of(image, base));
        Path below = overlay(folder.resolve("base.merged4"), base);
        overlay(folder.resolve("base.layer5"), below);
        overlay(folder.resolve("base.merged6"), base);
        Files.write(folder.resolve("base.merged7.unfinished"), new byte[10]);
        Disposable claimed = Disposable.claim(folder.resolve("base.merged8.unfinished"));
        Files.write(folder.resolve("base.merged8.unfinished"), new byte[10]);
        Disk used = open(overlay(folder.resolve("base.merged9"), base), false);
        List<String> removed = removeLeft(LayerFiles.of(base));
        used.close();
        claimed.keep();
        assertEquals(List.of("base.merged6", "base.merged7.unfinished"), removed.stream().sorted().toList());
        assertEquals(List.of("base", "base.layer1", "base.layer2", "base.layer5", "base.merged3", "base.merged4", "base.merged8.unfinished", "base.merged9"),
                files());
        assertArrayEquals(content, read(layer(2)));
    }

    /** With a home of the platform's in the test's folder. */
    private void atHome(Work work) throws Exception {
        String home = System.setProperty("tidemark.home", folder.toString());
        try {
            work.run();
        } finally {
            if (home == null) {
                System.clearProperty("tidemark.home");
            } else {
                System.setProperty("tidemark.home", home);
            }
        }
    }

    private interface Work {
        void run() throws Exception;
    }

    @Test
    void whatAStrangersFileNamesIsFollowedOnlyIfItIsAllowed() throws Exception {
        atHome(() -> {
            Path secret = Files.write(Files.createDirectory(folder.resolve("user")).resolve("secret"), content);
            overlay(folder.resolve("theirs"), secret);
            String refusal = "theirs lies over user/secret, which is not beside it and was not granted to it. A stranger's disk can name any file of yours. "
                    + "If that file is meant: --allow user/secret";
            for (String line : List.of("flatten theirs flat.img", "commit theirs")) {
                assertTrue(error(line).contains(refusal), () -> error(line));
            }
            assertTrue(assertThrows(IOException.class, () -> info()).getMessage().replace(folder + "/", "").contains(refusal));
            assertFalse(files().contains("flat.img"));
            run("flatten theirs flat.img --allow user/secret");
            assertArrayEquals(content, read(folder.resolve("flat.img")));
            run("flatten theirs again.img");
            info();
        });
    }

    private void info() throws IOException {
        new DiskCommands(parts(), machines()).info(new Fakes.FakeSession(folder).session(), "theirs", Optional.empty(), List.of());
    }

    /** Of an image that was published a later copy may need what it named; of a checkpoint whose process was killed before nobody does. */
    @Test
    void layersOfAScratchDiskAreRemovedIfNoImageEverHadThem() throws Exception {
        atHome(() -> {
            Path layers = Files.createDirectory(folder.resolve("layers"));
            for (String name : List.of("never", "killed", "named", "found", "deleted")) {
                overlay(layers.resolve(name + ".layer1"), base);
            }
            LayerRegister.begun("id1", folder.resolve("killed.tdm"), List.of(layers.resolve("killed.layer1"), base));
            LayerRegister.begun("id2", Files.write(folder.resolve("found.tdm"), new byte[1]), List.of(layers.resolve("found.layer1"), base));
            for (String name : List.of("named", "deleted")) {
                LayerRegister.begun(name, folder.resolve(name + ".tdm"), List.of(layers.resolve(name + ".layer1"), base));
                LayerRegister.needed(name, folder.resolve(name + ".tdm"), List.of(layers.resolve(name + ".layer1"), base));
            }
            LayerRegister.gone("deleted", List.of(layers.resolve("deleted.layer1"), base));
            List<String> removed = new ArrayList<>();
            for (String name : List.of("never", "killed", "named", "found", "deleted")) {
                removed.addAll(removeLeft(new LayerFiles(layers, name)));
            }
            assertEquals(List.of("never.layer1", "killed.layer1"), removed);
            assertTrue(run("tidy").contains("deleted.layer1"), "the user sees it before it goes");
        });
    }

    @Test
    void anImageThatWasBegunNeedsNothingWhenItsProcessIsGone() throws Exception {
        registerBeginsNow();
        layers(2);
        Path merged = overlay(folder.resolve("base.merged3"), base);
        LayerRegister.begun("id3", folder.resolve("three.tdm"), List.of(merged, base));
        try (Disk open = open(merged, false)) {
            assertTrue(run("layers base").lines().anyMatch(line -> line.startsWith("base.merged3 ") && line.endsWith("in use")), open::toString);
        }
        assertTrue(run("tidy base").contains("base.merged3"));
        images.put(folder.resolve("three.tdm"), List.of("id3", merged.toString(), base.toString()));
        assertFalse(run("tidy base").contains("base.merged3"), "it was published just before");
    }

    @Test
    void damagedLayerKeepsAllOthers() throws Exception {
        registerBeginsNow();
        layers(1);
        FORMATS.get("overlay").create(folder.resolve("base.merged2"), SIZE, Optional.of(new Backing(base, "raw")));
        byte[] bytes = Files.readAllBytes(layer(1));
        bytes[30] ^= 1;
        Files.write(layer(1), bytes);
        assertEquals("file size needed for", run("tidy base"));
        assertTrue(run("layers base").contains("cannot be read"));
    }

    @Test
    void registerWithATornLastLineIsReadAndGoesOn() throws Exception {
        registerBeginsNow();
        Path register = folder.resolve("base.images");
        Files.writeString(register, Files.readString(register) + "image\tid7\t/x");
        layers(1);
        image("one.tdm", "id1", 1);
        assertTrue(run("layers base").contains("image one.tdm"));
        assertEquals(List.of("id1"), List.copyOf(LayerRegister.read(LayerFiles.of(base)).images().keySet()));
    }

    @Test
    void flattenedDiskHasTheContentAndNoLayers() throws Exception {
        layers(3);
        for (String name : List.of("flat.img", "flat.qcow2")) {
            run("flatten base.layer3 " + name);
            assertArrayEquals(content, read(folder.resolve(name)));
        }
        assertEquals(List.of("base", "base.layer1", "base.layer2", "base.layer3", "flat.img", "flat.qcow2"), files());
        assertEquals("disk:flatten: flat.img exists already", error("flatten base.layer3 flat.img"));
    }

    @Test
    void committedLayersAreInTheFileAndGone() throws Exception {
        registerBeginsNow();
        layers(3);
        run("commit base.layer3");
        assertEquals(List.of("base"), files());
        assertArrayEquals(content, read(base));
    }

    @Test
    void commitIsRefusedIfAnybodyNeedsALayer() throws Exception {
        registerBeginsNow();
        layers(3);
        byte[] before = Files.readAllBytes(base);
        assertTrue(error("commit base.layer2").contains("base.layer2 is needed: below base.layer3"), error("commit base.layer2"));
        image("one.tdm", "id1", 1);
        assertTrue(error("commit base.layer3").contains("base.layer1 is needed: image one.tdm"), error("commit base.layer3"));
        images.clear();
        assertTrue(error("commit base.layer3").contains("an image that was"));
        assertTrue(error("commit base").contains("does not lie over a file beside it"));
        try (Disk disk = open(layer(3), true)) {
            assertTrue(disk.writable());
            assertTrue(error("commit base.layer3 --missing").contains("writes it"));
        }
        assertArrayEquals(before, Files.readAllBytes(base));
        run("commit base.layer3 --missing");
        assertArrayEquals(content, read(base));
    }

    /** The process that is killed. */
    static final class Committer {
        private Committer() {}

        public static void main(String[] args) throws Exception {
            DiskLayerCommandsTest test = new DiskLayerCommandsTest();
            test.folder = Files.createDirectory(Path.of(args[0], "warm"));
            test.make();
            test.layers(3);
            test.run("commit base.layer3 --missing");
            test.folder = Path.of(args[0]);
            test.base = test.folder.resolve("base");
            System.out.println("begins");
            System.out.flush();
            test.run("flatten base.layer3 flat.img");
            test.run("commit base.layer3 --missing");
            System.out.println("ended");
        }
    }

    @Test
    void killedAtAnyInstantTheDiskIsOldOrNewAndNeverTorn() throws Exception {
        Random random = new Random(4);
        for (int round = 0; round < 6; round++) {
            folder = Files.createDirectory(folder.resolve("round" + round));
            Arrays.fill(content, (byte) 0);
            make();
            layers(3);
            Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "--enable-native-access=ALL-UNNAMED",
                    "-cp", System.getProperty("java.class.path"), Committer.class.getName(), folder.toString())
                    .redirectError(ProcessBuilder.Redirect.INHERIT).start();
            try (BufferedReader lines = process.inputReader()) {
                assertEquals("begins", lines.readLine());
                Thread.sleep(random.nextInt(60));
            } finally {
                process.destroyForcibly().waitFor();
            }
            assertArrayEquals(content, read(Files.exists(layer(1)) ? layer(3) : base));
            Path flat = folder.resolve("flat.img");
            assertTrue(!Files.exists(flat) || Arrays.equals(content, read(flat)), "flat.img is whole, or not there");
        }
    }
}
