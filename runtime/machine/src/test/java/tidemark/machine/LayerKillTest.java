package tidemark.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tidemark.api.device.Disk;
import tidemark.api.device.DiskPart;
import tidemark.api.device.DiskPart.Backing;
import tidemark.api.machine.DiskLayer;
import tidemark.disk.layers.LayerFiles;
import tidemark.disk.overlay.OverlayPart;
import tidemark.disk.raw.RawPart;

/** A process that writes, freezes and merges layers, and is killed at any instant. */
@Timeout(600)
class LayerKillTest {
    private static final int KILLS = Integer.getInteger("tidemark.layers.kills", 5);
    private static final int BLOCK = 4096;
    private static final int BLOCKS = 64;

    @TempDir
    private Path folder;

    private static final DiskChain.Formats FORMATS = new DiskChain.Formats() {
        @Override
        public DiskPart part(String format) {
            return format.equals("overlay") ? new OverlayPart() : new RawPart();
        }

        @Override
        public List<String> names() {
            return List.of("overlay");
        }
    };

    /** What block {@code block} holds after writes 1 to {@code count}: the number of the last one to it. */
    private static long expected(long count, int block) {
        long last = count - Math.floorMod(count - block, (long) BLOCKS);
        return Math.max(last, 0);
    }

    /** The process: goes on with write {@code args[1] + 1} in file {@code args[0]}. */
    static final class Writer {
        private Writer() {}

        public static void main(String[] args) throws IOException {
            Path file = Path.of(args[0]);
            try (LayeredDisk disk = LayeredDisk.ofFile("d0", DiskAccess.RW, FORMATS, file, "", LayerFiles.of(file))) {
                for (long count = Long.parseLong(args[1]) + 1;; count++) {
                    disk.write(count % BLOCKS * BLOCK, ByteBuffer.allocate(BLOCK).putLong(0, count));
                    if (count % 3 == 0) {
                        DiskLayer layer = disk.freeze().force();
                        System.out.println("frozen " + count + " " + layer.format() + " " + layer.file());
                    } else if (count % 7 == 0) {
                        disk.flush();
                        System.out.println("flushed " + count);
                    }
                }
            }
        }
    }

    private record Image(long count, Backing file) {}

    @Test
    void whateverIsKilledWhileLayersAreMergedTheDiskAndEveryImageAreWhole() throws Exception {
        Random random = new Random(11);
        Path file = Files.write(folder.resolve("root.img"), new byte[BLOCKS * BLOCK]);
        List<Image> images = new ArrayList<>();
        long count = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            long flushed = runAndKill(file, count, random.nextInt(1500), images);
            file = newest();
            count = count(file, flushed);
        }
        for (Image image : images) {
            check(image);
        }
        assertTrue(new LayerFiles(folder, "root.img").existing().stream().anyMatch(LayerFiles::isMerged), "layers were merged");
    }

    /** @return the last write that was flushed */
    private static long runAndKill(Path file, long count, int after, List<Image> images) throws Exception {
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "--enable-native-access=ALL-UNNAMED", "-cp",
                System.getProperty("java.class.path"), Writer.class.getName(), file.toString(), Long.toString(count))
                .redirectError(ProcessBuilder.Redirect.DISCARD).start();
        long flushed = count;
        boolean killed = false;
        try (BufferedReader lines = process.inputReader()) {
            long end = Long.MAX_VALUE;
            for (String line = lines.readLine(); line != null && line.matches(".* .*"); line = lines.readLine()) {
                String[] words = line.split(" ", 4);
                flushed = Long.parseLong(words[1]);
                if (words.length == 4) {
                    images.add(new Image(flushed, new Backing(Path.of(words[3]), words[2])));
                }
                end = Math.min(end, System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(after));
                if (System.nanoTime() > end) {
                    killed = true;
                    process.destroyForcibly();
                }
            }
        } catch (IOException e) {
            assertTrue(killed, "its output ended: " + e);
        } finally {
            process.destroyForcibly().waitFor();
        }
        return flushed;
    }

    /** The layer that was written last. */
    private Path newest() throws IOException {
        return new LayerFiles(folder, "root.img").existing().stream().filter(layer -> !LayerFiles.isMerged(layer)).toList().getLast();
    }

    /** Every block has what was flushed, or what was written after it. @return the last write that is there */
    private static long count(Path file, long flushed) throws IOException {
        long last = 0;
        try (Disk disk = LayeredDisk.ofFile("d0", DiskAccess.RW, FORMATS, file, "", LayerFiles.of(file))) {
            for (int block = 0; block < BLOCKS; block++) {
                long number = number(disk, block);
                assertTrue(number >= expected(flushed, block) && Math.floorMod(number - block, BLOCKS) == 0 || number == 0 && flushed < BLOCKS,
                        "block " + block + " has " + number + " after " + flushed);
                last = Math.max(last, number);
            }
            for (int block = 0; block < BLOCKS; block++) { // a block of a write that came through although an earlier one did not
                long number = expected(last, block);
                disk.write((long) block * BLOCK, ByteBuffer.allocate(BLOCK).putLong(0, number));
            }
        }
        return last;
    }

    private static void check(Image image) throws IOException {
        try (Disk disk = DiskChain.open(FORMATS, image.file, false).disk()) {
            for (int block = 0; block < BLOCKS; block++) {
                assertEquals(expected(image.count, block), number(disk, block), "block " + block + " of " + image);
            }
        }
    }

    private static long number(Disk disk, int block) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES);
        disk.read((long) block * BLOCK, bytes);
        return bytes.getLong(0);
    }
}
