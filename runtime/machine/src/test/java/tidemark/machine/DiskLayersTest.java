package tidemark.machine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tidemark.api.device.Disk;
import tidemark.api.device.DiskPart;
import tidemark.api.machine.DiskLayer;
import tidemark.api.machine.Machine;
import tidemark.api.machine.Machine.Power;
import tidemark.api.machine.MachineException;
import tidemark.disk.layers.LayerRegister;
import tidemark.disk.overlay.OverlayPart;
import tidemark.disk.raw.RawPart;

/** Disks of machines, frozen at checkpoints. */
@Timeout(60)
class DiskLayersTest {
    private static final int SIZE = 64 << 10;
    private final Rig rig = new Rig(context -> context.hart().x[5]++);
    private final String home = System.getProperty("tidemark.home");
    @TempDir
    private Path folder;
    private Path file;

    @BeforeEach
    void deploy() throws IOException {
        System.setProperty("tidemark.home", folder.resolve("home").toString());
        file = Files.write(folder.resolve("root.img"), filled(1));
        rig.parts.add("disk", "raw", new RawPart()).add("disk", "overlay", new OverlayPart()).add("device", "disk", TestParts.device(0x1000_1000L, 1,
                context -> {
            context.disk();
            return new PostingDevice(context);
        }));
    }

    @AfterEach
    void close() {
        rig.close();
        if (home == null) {
            System.clearProperty("tidemark.home");
        } else {
            System.setProperty("tidemark.home", home);
        }
    }

    private static byte[] filled(int value) {
        byte[] bytes = new byte[SIZE];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    private Machine machine(String options) {
        return rig.off("devices=d0=disk,file=" + file + options);
    }

    private static Disk disk(Machine machine) {
        return machine.disks().getFirst().disk();
    }

    private static void write(Machine machine, int value) throws IOException {
        disk(machine).write(0, ByteBuffer.wrap(filled(value)));
    }

    private static byte[] read(Machine machine) throws IOException {
        byte[] bytes = new byte[SIZE];
        disk(machine).read(0, ByteBuffer.wrap(bytes));
        return bytes;
    }

    private static List<DiskLayer> freeze(Machine machine) throws Exception {
        return machine.handshake(machine::freezeDisks).result().force();
    }

    private Machine restored(Machine machine, List<DiskLayer> layers) {
        return rig.machines.createEmpty(machine.spec().withName("r" + System.nanoTime()), layers);
    }

    private List<String> files() throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile).map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void aStrangersDiskDoesNotReadTheUsersFiles() throws Exception {
        Path theirs = Files.createDirectory(folder.resolve("theirs")).resolve("theirs.overlay");
        new OverlayPart().create(theirs, SIZE, Optional.of(new DiskPart.Backing(file, "raw")));
        String options = "devices=d0=disk,file=" + theirs + ",format=overlay,access=ro";
        MachineException e = assertThrows(MachineException.class, () -> rig.off(options));
        assertTrue(e.getMessage().contains("lies over " + file + ", which is not beside it") && e.getMessage().contains("--allow " + file), e.getMessage());
        tidemark.api.machine.Grants.ofPlatform().letLieOver(theirs, file);
        assertArrayEquals(filled(1), read(rig.off(options)));
    }

    @Test
    void frozenLayersThatWereMovedTogetherAreFoundByTheirNames() throws Exception {
        Machine machine = machine("");
        write(machine, 2);
        freeze(machine);
        write(machine, 3);
        DiskLayer frozen = freeze(machine).getFirst();
        rig.machines.destroy(machine.name());
        Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        List<DiskLayer.Stamp> moved = new ArrayList<>();
        for (DiskLayer.Stamp stamp : frozen.files()) {
            Path to = elsewhere.resolve(stamp.file().getFileName());
            Files.move(stamp.file(), to);
            moved.add(stamp.at(to));
        }
        assertEquals(2, moved.size());
        assertArrayEquals(filled(3), read(restored(machine, List.of(new DiskLayer("d0", frozen.format(), moved)))));
    }

    @Test
    void whatIsWrittenGoesIntoTheFile() throws Exception {
        Machine machine = machine("");
        assertArrayEquals(filled(1), read(machine));
        write(machine, 2);
        rig.machines.destroy(machine.name());
        assertArrayEquals(filled(2), Files.readAllBytes(file));
        assertEquals(List.of("root.img"), files());
    }

    @Test
    void frozenContentStaysWhileTheMachineGoesOnAndARestoredOneHasIt() throws Exception {
        Machine machine = machine("");
        write(machine, 2);
        List<DiskLayer> first = freeze(machine);
        write(machine, 3);
        List<DiskLayer> second = freeze(machine);
        write(machine, 4);
        assertEquals(List.of(file, folder.resolve("root.img.layer1")), List.of(first.getFirst().file(), second.getFirst().file()));
        Machine atFirst = restored(machine, first);
        Machine atSecond = restored(machine, second);
        assertArrayEquals(filled(2), read(atFirst));
        assertArrayEquals(filled(3), read(atSecond));
        assertArrayEquals(filled(4), read(machine));
        write(atFirst, 5);
        assertArrayEquals(filled(5), read(atFirst));
        assertArrayEquals(filled(2), read(restored(machine, first)), "another restore of the same image");
        assertArrayEquals(filled(4), read(machine));
    }

    @Test
    void noLayerIsMadeIfNothingWasWrittenSinceTheLast() throws Exception {
        Machine machine = machine("");
        List<DiskLayer> first = freeze(machine);
        assertEquals(first, freeze(machine));
        assertEquals(List.of("root.img", "root.img.layer1"), files());
        Machine restored = restored(machine, first);
        assertEquals(List.of("root.img", "root.img.layer1", "root.img.layer2"), files().stream().filter(name -> !name.endsWith(".disposable")).toList());
        rig.machines.destroy(restored.name());
        rig.machines.destroy(machine.name());
        assertEquals(List.of("root.img", "root.img.layer1"), files(),
                "a restored machine's layer without content goes; the other keeps the file from being written");
        assertThrows(MachineException.class, () -> machine(""));
    }

    @Test
    void fileThatChangedSinceOrIsGoneIsRefused() throws Exception {
        Machine machine = machine("");
        List<DiskLayer> layers = freeze(machine);
        rig.machines.destroy(machine.name());
        Files.setLastModifiedTime(file, FileTime.fromMillis(layers.getFirst().files().getFirst().modified() + 1));
        String changed = assertThrows(MachineException.class, () -> restored(machine, layers)).getMessage();
        assertTrue(changed.contains(file.toString()) && changed.contains("was written since the checkpoint"), changed);
        Files.delete(file);
        String gone = assertThrows(MachineException.class, () -> restored(machine, layers)).getMessage();
        assertTrue(gone.contains("is gone; bring it back"), gone);
    }

    /** Other bytes in a file, or another file in its place, of the same length and time. */
    private static void forge(Path file, long offset, boolean inPlace) throws IOException {
        FileTime time = Files.getLastModifiedTime(file);
        Path forged = inPlace ? file : Files.copy(file, file.resolveSibling("forged"));
        try (FileChannel channel = FileChannel.open(forged, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[] {42}), offset);
        }
        Files.setLastModifiedTime(forged, time);
        Files.move(forged, file, StandardCopyOption.REPLACE_EXISTING);
    }

    private void assertChanged(Machine machine, List<DiskLayer> layers) {
        String message = assertThrows(MachineException.class, () -> restored(machine, layers)).getMessage();
        assertTrue(message.contains("was written since the checkpoint"), message);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void fileWhoseContentChangedIsRefusedThoughItKeptLengthAndTime(boolean inPlace) throws Exception {
        Machine machine = machine("");
        freeze(machine);
        write(machine, 2);
        List<DiskLayer> layers = freeze(machine);
        rig.machines.destroy(machine.name());
        Path layer = layers.getFirst().file();
        byte[] former = Files.readAllBytes(layer);
        forge(layer, former.length - 1, inPlace);
        assertChanged(machine, layers);
        FileTime time = Files.getLastModifiedTime(layer);
        Files.setLastModifiedTime(Files.write(layer, former), time);
        forge(file, 4711, inPlace);
        assertChanged(machine, layers);
    }

    private static Path copyInItsPlace(Path file) throws IOException {
        Path copy = Files.copy(file, file.resolveSibling("copy"), StandardCopyOption.COPY_ATTRIBUTES);
        return Files.move(copy, file, StandardCopyOption.REPLACE_EXISTING);
    }

    @Test
    void copiesOfAnImagesFilesAreAsGoodAsTheFiles() throws Exception {
        Machine machine = machine("");
        write(machine, 2);
        freeze(machine);
        write(machine, 3);
        List<DiskLayer> layers = freeze(machine);
        rig.machines.destroy(machine.name());
        for (DiskLayer.Stamp stamp : layers.getFirst().files()) {
            copyInItsPlace(stamp.file());
        }
        assertArrayEquals(filled(3), read(restored(machine, layers)));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--------"));
        assertArrayEquals(filled(3), read(restored(machine, layers)), "a file whose mode changed");
    }

    @Test
    void imagesWithoutWitnessesAreRestored() throws Exception {
        Machine machine = machine("");
        write(machine, 2);
        DiskLayer layer = freeze(machine).getFirst();
        List<DiskLayer.Stamp> files = layer.files().stream().map(stamp -> new DiskLayer.Stamp(stamp.file(), stamp.length(), stamp.modified())).toList();
        assertArrayEquals(filled(2), read(restored(machine, List.of(new DiskLayer("d0", layer.format(), files)))));
    }

    @Test
    void largeFileIsRefusedWhenItWasTouchedAndACopyOfItIsTaken() throws Exception {
        byte[] random = new byte[70 << 20];
        new Random(1).nextBytes(random);
        Files.write(file, random);
        Machine machine = machine("");
        List<DiskLayer> layers = freeze(machine);
        rig.machines.destroy(machine.name());
        rig.machines.destroy(restored(machine, layers).name());
        forge(file, 33_333_333, true);
        String message = assertThrows(MachineException.class, () -> restored(machine, layers)).getMessage();
        assertTrue(message.contains("may have been written") && message.contains("cp -p"), message);
        copyInItsPlace(file);
        rig.machines.destroy(restored(machine, layers).name());
        forge(file, 0, false);
        assertChanged(machine, layers);
    }

    @Test
    void frozenFileIsNotWrittenByANewMachine() throws Exception {
        Machine machine = machine("");
        freeze(machine);
        write(machine, 2);
        rig.machines.destroy(machine.name());
        String message = assertThrows(MachineException.class, () -> machine("")).getMessage();
        assertTrue(message.contains("root.img is frozen: a checkpoint needs it, and it goes on in " + folder.resolve("root.img.layer1")), message);
        file = folder.resolve("root.img.layer1");
        Machine next = machine("");
        assertArrayEquals(filled(2), read(next));
        write(next, 3);
        rig.machines.destroy(next.name());
        assertArrayEquals(filled(3), read(machine("")));
    }

    /** By a mark, which a later start finds if this process is killed. */
    @Test
    void scratchLayerIsDisposableUntilACheckpointNeedsIt() throws Exception {
        Machine machine = machine(",access=scratch");
        write(machine, 2);
        String first = files().stream().filter(name -> name.endsWith(".layer1")).findFirst().orElseThrow();
        assertTrue(files().contains("." + first + ".disposable"), files()::toString);
        List<DiskLayer> layers = freeze(machine);
        assertEquals(first, layers.getFirst().file().getFileName().toString());
        assertFalse(files().contains("." + first + ".disposable"), files()::toString);
        assertEquals(1, files().stream().filter(name -> name.endsWith(".layer2.disposable")).count(), files()::toString);
        rig.machines.destroy(machine.name());
        assertEquals(List.of(first, "root.img"), files());
    }

    @Test
    void layerOfARestoredMachineIsDisposableUntilItIsWritten() throws Exception {
        Machine machine = machine("");
        write(machine, 2);
        List<DiskLayer> layers = freeze(machine);
        Machine restored = restored(machine, layers);
        assertTrue(files().contains(".root.img.layer2.disposable"), files()::toString);
        write(restored, 3);
        assertEquals(List.of("root.img", "root.img.layer1", "root.img.layer2"), files());
        rig.machines.destroy(restored.name());
        assertEquals(List.of("root.img", "root.img.layer1", "root.img.layer2"), files());
    }

    @Test
    void whatAKilledPlatformLeftGoesWhenThePlatformStartsAndWhenAMachineHasTheDisk() throws Exception {
        Path scratch = Files.createDirectories(folder.resolve("home/layers"));
        OverlayPart overlay = new OverlayPart();
        overlay.create(scratch.resolve("old-d0-1234.layer1"), SIZE, Optional.of(new DiskPart.Backing(file, "raw")));
        new LeftLayers(overlay);
        List<String> before = List.of("old-d0-1234.images", "old-d0-1234.layer1", "registered", "root.img");
        assertEquals(before, files(), "it is older than registers: an image may need it");
        LayerRegister.begun("id", folder.resolve("no.tdm"), List.of(scratch.resolve("m-d0-1234.layer1"), file));
        for (Path left : List.of(scratch.resolve("m-d0-1234.layer1"), folder.resolve("root.img.merged2"), folder.resolve("root.img.merged3.unfinished"))) {
            overlay.create(left, SIZE, Optional.of(new DiskPart.Backing(file, "raw")));
        }
        rig.machines.destroy(machine("").name());
        assertEquals(Stream.concat(Stream.of("m-d0-1234.images", "m-d0-1234.layer1"), before.stream()).toList(),
                files().stream().filter(name -> !name.equals("root.img.images")).toList());
        new LeftLayers(overlay);
        assertEquals(before, files().stream().filter(name -> !name.equals("root.img.images")).toList());
    }

    @Test
    void scratchDiskLeavesItsFileAloneAndNothingBehindButWhatCheckpointsNeed() throws Exception {
        Machine machine = machine(",access=scratch");
        write(machine, 2);
        List<DiskLayer> layers = freeze(machine);
        write(machine, 3);
        Machine restored = restored(machine, layers);
        rig.machines.destroy(machine.name());
        assertArrayEquals(filled(2), read(restored));
        write(restored, 4);
        rig.machines.destroy(restored.name());
        assertEquals(List.of(layers.getFirst().file().getFileName().toString(), "root.img"), files());
        assertArrayEquals(filled(1), Files.readAllBytes(file));
        assertArrayEquals(filled(2), read(restored(machine, layers)));
    }

    @Test
    void writeProtectedDiskHasNoLayers() throws Exception {
        Machine machine = machine(",access=ro");
        assertFalse(disk(machine).writable());
        List<DiskLayer> layers = freeze(machine);
        assertEquals(file, layers.getFirst().file());
        assertArrayEquals(filled(1), read(restored(machine, layers)));
        assertEquals(List.of("root.img"), files());
    }

    @Test
    void loadedDisksAreAllExchangedOrNone() throws Exception {
        Path other = Files.write(folder.resolve("data.img"), filled(7));
        Machine machine = rig.off("devices=d0=disk,file=" + file + "; d1=disk,file=" + other);
        List<DiskLayer> layers = freeze(machine);
        write(machine, 2);
        List<DiskLayer> damaged = new ArrayList<>(layers);
        DiskLayer second = layers.get(1);
        damaged.set(1, new DiskLayer(second.device(), second.format(), List.of(new DiskLayer.Stamp(second.file(), SIZE + 1, 0))));
        assertThrows(IOException.class, () -> machine.loadDisks(damaged));
        assertArrayEquals(filled(2), read(machine), "as before");
        machine.loadDisks(layers);
        assertArrayEquals(filled(1), read(machine));
        assertThrows(MachineException.class, () -> machine.loadDisks(layers.subList(0, 1)));
    }

    @Test
    void requestsWaitWhileThePartOfTheFormatIsGone() throws Exception {
        Machine machine = machine("");
        machine.start();
        write(machine, 2);
        freeze(machine);
        write(machine, 3);
        for (String format : List.of("raw", "overlay")) {
            Object part = format.equals("raw") ? new RawPart() : new OverlayPart();
            rig.parts.remove("disk", format);
            assertEquals(new Machine.Status(Power.FROZEN, "disk part '" + format + "' is gone; deploy it again", 0), machine.status());
            CompletableFuture<byte[]> request = CompletableFuture.supplyAsync(() -> {
                try {
                    return read(machine);
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            Thread.sleep(20);
            assertFalse(request.isDone());
            rig.parts.add("disk", format, part);
            assertArrayEquals(filled(3), request.get());
            assertTrue(machine.await(Power.RUNNING, Duration.ofSeconds(10)));
        }
        rig.machines.destroy(machine.name());
        assertEquals(0, rig.parts.openUses());
    }

    /** Raw files, by another part; counts what it opens, and refuses if told. */
    private static final class Plain implements DiskPart {
        private final RawPart raw = new RawPart();
        private final Disk wrong;
        private int opened;
        private boolean refuses;

        /** @param wrong what it opens, or null for the file */
        Plain(Disk wrong) {
            this.wrong = wrong;
        }

        @Override
        public boolean recognizes(Path other) {
            return false;
        }

        @Override
        public Disk open(Path other, boolean writable, Opener below) throws IOException {
            if (refuses) {
                throw new IOException("no disk today");
            }
            opened++;
            return wrong == null ? raw.open(other, writable, below) : wrong;
        }

        @Override
        public void create(Path other, long size, Optional<Backing> backing) {
            throw new UnsupportedOperationException();
        }
    }

    @Test
    void diskIsExchangedUnderItsDeviceAndTheGuestGoesOn() throws Exception {
        Plain plain = new Plain(null);
        rig.parts.add("disk", "plain", plain);
        Machine machine = machine("");
        machine.start();
        write(machine, 2);
        assertEquals(List.of("d0", "d0.image"), machine.parts().stream().map(Machine.UsedPart::part).filter(part -> part.startsWith("d0")).toList());
        for (int i = 1; i <= 10; i++) {
            assertTrue(machine.use("d0.image", "plain").downtime().isPositive());
            assertArrayEquals(filled(2 * i), read(machine));
            write(machine, 2 * i + 1);
            machine.use("d0.image", "raw");
            assertArrayEquals(filled(2 * i + 1), read(machine));
            write(machine, 2 * i + 2);
            assertEquals(Power.RUNNING, machine.status().power());
        }
        assertEquals(10, plain.opened);
        assertEquals(20, machine.parts().getLast().exchanges());
        rig.parts.remove("disk", "plain");
        assertEquals(Power.RUNNING, machine.status().power(), "the former part is not needed any more");
        rig.machines.destroy(machine.name());
        assertArrayEquals(filled(22), Files.readAllBytes(file));
        assertEquals(0, rig.parts.openUses());
    }

    @Test
    void layerOfADiskIsExchangedWithWhatIsBelowIt() throws Exception {
        Machine machine = machine("");
        machine.start();
        write(machine, 2);
        List<DiskLayer> frozen = freeze(machine);
        write(machine, 3);
        machine.use("d0.image", "overlay");
        assertArrayEquals(filled(3), read(machine));
        write(machine, 4);
        assertArrayEquals(filled(2), read(restored(machine, frozen)), "what a checkpoint needs is as it was");
        assertArrayEquals(filled(4), read(machine));
    }

    @Test
    void diskPartThatDoesNotTakeOverLeavesTheFormerOne() throws Exception {
        Plain refusing = new Plain(null);
        refusing.refuses = true;
        Path small = Files.write(folder.resolve("small.img"), new byte[512]);
        rig.parts.add("disk", "refusing", refusing).add("disk", "small", new Plain(new RawPart().open(small, false, below -> null)));
        Machine machine = machine("");
        machine.start();
        write(machine, 2);
        assertRefused(machine, "refusing", "no disk today; 'raw' goes on");
        assertRefused(machine, "small", "as small the file " + file + " has 512 bytes, the disk " + SIZE + "; 'raw' goes on");
        freeze(machine);
        write(machine, 3);
        assertRefused(machine, "raw", "is overlay, not raw; convert a copy of it; 'overlay' goes on");
        assertArrayEquals(filled(3), read(machine));
    }

    private static void assertRefused(Machine machine, String name, String why) {
        String message = assertThrows(MachineException.class, () -> machine.use("d0.image", name)).getMessage();
        assertTrue(message.contains("'" + name + "' does not take over as d0.image") && message.contains(why), message);
        assertEquals(Power.RUNNING, machine.status().power());
    }

    @Test
    void guestCannotHaveItsRawDiskTakenForALayerOverAFileOfTheHosts() throws Exception {
        Machine machine = machine("");
        machine.start();
        Path forged = folder.resolve("forged");
        new OverlayPart().create(forged, SIZE, Optional.of(new DiskPart.Backing(Files.write(folder.resolve("secret"), filled(9)), "raw")));
        disk(machine).write(0, ByteBuffer.wrap(Arrays.copyOf(Files.readAllBytes(forged), SIZE)));
        assertRefused(machine, "overlay", "is raw, not overlay");
    }

    @Test
    void diskThatNeitherPartOpensIsMissedUntilOneDoes() throws Exception {
        Plain plain = new Plain(null);
        rig.parts.add("disk", "plain", plain);
        Machine machine = machine(",format=plain");
        machine.start();
        plain.refuses = true;
        String message = assertThrows(MachineException.class, () -> machine.use("d0.image", "plain")).getMessage();
        assertTrue(message.endsWith("'plain' is missing still"), message);
        assertEquals(new Machine.Status(Power.FROZEN, "disk part 'plain' is gone; deploy it again", 0), machine.status());
        plain.refuses = false;
        rig.parts.add("disk", "plain", plain);
        assertEquals(Power.RUNNING, machine.status().power());
        assertArrayEquals(filled(1), read(machine));
    }

    @Test
    void whatIsWrongWithADiskIsSaidWithTheWayOut() {
        file = folder.resolve("none.img");
        assertTrue(assertThrows(MachineException.class, () -> machine("")).getMessage().contains("there is no file " + file + "; disk:create makes one"));
        file = folder.resolve("root.img");
        assertTrue(assertThrows(MachineException.class, () -> machine(",access=w")).getMessage().contains("give rw, ro or scratch"));
        assertTrue(assertThrows(MachineException.class, () -> machine(",format=qcow")).getMessage().contains("No disk part 'qcow'"));
        assertTrue(assertThrows(MachineException.class, () -> rig.off("devices=d0=disk")).getMessage().contains("give it a file"));
        assertEquals(0, rig.parts.openUses());
    }

    @Test
    void everyFileBelowIsCheckedAtARestore() throws Exception {
        Machine machine = machine(",access=scratch");
        write(machine, 2);
        List<DiskLayer> layers = freeze(machine);
        rig.machines.destroy(machine.name());
        Machine writer = machine("");
        write(writer, 9);
        rig.machines.destroy(writer.name());
        String message = assertThrows(MachineException.class, () -> restored(machine, layers)).getMessage();
        assertTrue(message.contains("root.img, was written since the checkpoint"), message);
    }

    @Test
    void whatTheGuestFlushesIsOnStableStorageAlsoInLayersThatWereFrozenMeanwhile() throws Exception {
        Machine machine = machine("");
        freeze(machine);
        write(machine, 2);
        machine.handshake(machine::freezeDisks); // a checkpoint that fails: nobody forces it
        disk(machine).flush();
        // another process sees what is in the files
        Path copy = Files.createDirectory(folder.resolve("copy"));
        for (String name : List.of("root.img.layer1")) {
            Files.copy(folder.resolve(name), copy.resolve(name));
        }
        tidemark.api.machine.Grants.ofPlatform().letLieOver(copy.resolve("root.img.layer1"), folder.resolve("root.img"));
        file = copy.resolve("root.img.layer1");
        assertArrayEquals(filled(2), read(machine(",access=scratch")));
    }

    @Test
    void imageWithoutTheContentOfADiskDoesNotFallBackToAFile() {
        String message = assertThrows(MachineException.class, () -> rig.paused("devices=d0=disk,file=" + file)).getMessage();
        assertTrue(message.contains("the image has no content of it"), message);
    }

    @Test
    void headerThatAGuestCouldHaveWrittenIsNotFollowed() throws Exception {
        Path secret = Files.write(folder.resolve("secret"), filled(42));
        Path disk = folder.resolve("data.img");
        new OverlayPart().create(disk, SIZE, java.util.Optional.of(new tidemark.api.device.DiskPart.Backing(secret, "raw")));
        file = disk;
        String message = assertThrows(MachineException.class, () -> machine("")).getMessage();
        assertTrue(message.contains("looks like overlay") && message.contains("say format=overlay or format=raw"), message);
        assertArrayEquals(filled(42), read(machine(",format=overlay")));
    }
}
