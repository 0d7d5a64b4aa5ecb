package tidemark.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tidemark.image.Images.MANIFEST;
import static tidemark.image.Images.PAGE;
import static tidemark.image.Images.STATES;
import static tidemark.image.Images.add;
import static tidemark.image.Images.batch;
import static tidemark.image.Images.data;
import static tidemark.image.Images.digests;
import static tidemark.image.Images.filled;

import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tidemark.api.checkpoint.ImageReader;
import tidemark.api.checkpoint.PageBatch;
import tidemark.api.memory.PageSet;

class RoundTripTest {
    @TempDir
    Path folder;

    private Path write(Layout layout, long pages, Images.Content content) throws Exception {
        return Images.write(layout, folder.resolve("image"), pages, content);
    }

    @ParameterizedTest
    @EnumSource
    void statesManifestAndShapeComeBack(Layout layout) throws Exception {
        try (ImageReader image = Images.open(layout, Images.small(layout, folder.resolve("image")))) {
            assertEquals(STATES, image.states());
            assertEquals(MANIFEST, image.manifest());
            assertEquals(4, image.pages());
            assertEquals(2, Images.read(image).size());
            assertEquals(2, Images.read(image).size(), "pages can be read again");
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyPageComesBackAsItWasWrittenLast(Layout layout) throws Exception {
        for (int seed = 0; seed < 20; seed++) {
            Random random = new Random(seed);
            int pages = 1 + random.nextInt(600);
            Map<Long, byte[]> expected = new TreeMap<>();
            Path file = write(layout, pages, image -> {
                for (int rounds = random.nextInt(12); rounds >= 0; rounds--) {
                    image.writePages(randomBatch(random, pages, expected));
                }
            });
            assertEquals(digests(expected), digests(Images.read(layout, file)), "seed " + seed);
        }
    }

    /** Of pages in any order, even the same one twice. */
    private static PageBatch randomBatch(Random random, int pages, Map<Long, byte[]> expected) {
        PageBatch batch = new PageBatch();
        long page = random.nextInt(pages);
        while (!batch.isFull() && random.nextInt(100) != 0) {
            byte[] bytes = random.nextInt(3) == 0 ? new byte[PAGE] : data(random);
            add(batch, page, bytes);
            expected.put(page, bytes);
            page = random.nextInt(4) == 0 ? random.nextInt(pages) : (page + 1) % pages;
        }
        return batch;
    }

    @ParameterizedTest
    @EnumSource
    void ramOfOnePageComesBack(Layout layout) throws Exception {
        Path file = write(layout, 1, image -> image.writePages(batch(Map.of(0L, filled(1)))));
        assertArrayEquals(filled(1), Images.read(layout, file).get(0L));
    }

    @ParameterizedTest
    @EnumSource
    void firstAndLastPageOf16GiBComeBackAndTheZerosBetweenTakeNoSpace(Layout layout) throws Exception {
        long last = (16L << 30) / PAGE - 1;
        long[] bytes = new long[1];
        Path file = write(layout, last + 1, image -> {
            image.writePages(batch(Map.of(0L, filled(1), last / 2, new byte[PAGE], last, filled(2))));
            bytes[0] = image.bytes();
        });
        Map<Long, byte[]> pages = Images.read(layout, file);
        assertEquals(digests(Map.of(0L, filled(1), last, filled(2))), digests(pages));
        assertTrue(bytes[0] <= 3 * PAGE, bytes[0] + " bytes");
    }

    @ParameterizedTest
    @EnumSource
    void anImageWithoutPagesIsAllZeros(Layout layout) throws Exception {
        assertEquals(Map.of(), Images.read(layout, write(layout, 1000, image -> image.writePages(new PageBatch()))));
    }

    @ParameterizedTest
    @EnumSource
    void anIncrementNamesItsParentAndTellsZerosFromWhatItDoesNotHave(Layout layout) throws Exception {
        try (ImageReader image = Images.open(layout, Images.increment(layout, folder.resolve("image")))) {
            assertEquals(Optional.of(Images.PARENT), image.parent());
            PageSet own = PageSet.all(5);
            own.remove(4);
            assertEquals(own, image.own());
            assertEquals(Optional.empty(), image.places());
            assertEquals(Set.of(0L, 1L), Images.read(image).keySet());
        }
        try (ImageReader whole = Images.open(layout, Images.small(layout, folder.resolve("whole")))) {
            assertEquals(Optional.empty(), whole.parent());
            assertEquals(PageSet.all(4), whole.own());
        }
    }

    @ParameterizedTest
    @EnumSource
    void anImageThatHasNothingButAParentIsRead(Layout layout) throws Exception {
        Path file = write(layout, 9, image -> image.writeParent(Images.PARENT));
        try (ImageReader image = Images.open(layout, file)) {
            assertEquals(PageSet.none(9), image.own());
            assertEquals(Map.of(), Images.read(image));
        }
    }

    @ParameterizedTest
    @EnumSource
    void sectionsCoverTheFileWithoutAGap(Layout layout) throws Exception {
        Path file = Images.small(layout, folder.resolve("image"));
        try (ImageReader image = Images.open(layout, file)) {
            long at = 0;
            for (ImageReader.Section section : image.sections()) {
                assertEquals(at, section.offset(), section.toString());
                at += section.length();
            }
            assertEquals(Files.size(file), at);
        }
    }

    @Test
    void mostlyZeroRamOf512MiBTakesLessThan32KiBInAStream() throws Exception {
        int pages = (512 << 20) / PAGE;
        Path file = write(Layout.STREAM, pages, image -> {
            for (int first = 0; first < pages; first += PageBatch.MAX_PAGES) {
                PageBatch batch = new PageBatch();
                for (int i = 0; i < PageBatch.MAX_PAGES; i++) {
                    add(batch, first + i, new byte[PAGE]);
                }
                image.writePages(batch);
            }
        });
        assertTrue(Files.size(file) < 32 << 10, Files.size(file) + " bytes");
    }

    @Test
    void statesMayComeBeforePagesInAStream() throws Exception {
        Path file = folder.resolve("image");
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            ImageEncoder image = new StreamEncoder(channel, 2);
            image.writeStates(STATES);
            image.writePages(batch(Map.of(1L, filled(9))));
            image.finish(MANIFEST);
        }
        try (ImageReader image = StreamReader.open(file)) {
            assertEquals(STATES, image.states());
            assertArrayEquals(filled(9), Images.read(image).get(1L));
            assertEquals(List.of("header", "states", "pages", "manifest", "end"),
                    image.sections().stream().map(ImageReader.Section::type).toList());
        }
    }

    @Test
    void aMappedImageHasEachPageAtItsPlaceAndRewritingDoesNotLetItGrow() throws Exception {
        Path file = write(Layout.MAPPED, 8, image -> {
            image.writePages(batch(Map.of(3L, filled(1), 5L, filled(2))));
            long bytes = image.bytes();
            image.writePages(batch(Map.of(3L, filled(3), 5L, new byte[PAGE])));
            assertEquals(bytes, image.bytes());
        });
        byte[] all = Files.readAllBytes(file);
        assertArrayEquals(filled(3), java.util.Arrays.copyOfRange(all, 4 * PAGE, 5 * PAGE));
        assertArrayEquals(new byte[PAGE], java.util.Arrays.copyOfRange(all, 6 * PAGE, 7 * PAGE), "a page that became zero");
        assertEquals(1, Images.read(Layout.MAPPED, file).size());
    }

    @ParameterizedTest
    @EnumSource
    void bytesIsWhatTheImageTakes(Layout layout) throws Exception {
        Path file = folder.resolve("image");
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            ImageEncoder image = Images.begin(layout, channel, 4);
            image.writePages(batch(Map.of(0L, filled(1), 1L, filled(2), 2L, filled(3), 3L, filled(4))));
            image.writeStates(STATES);
            image.finish(MANIFEST);
            assertEquals(Files.size(file), image.bytes());
        }
    }

    @ParameterizedTest
    @EnumSource
    void pagesOutsideOfRamAndStepsOutOfOrderAreRefused(Layout layout) throws Exception {
        write(layout, 4, image -> {
            assertThrows(IndexOutOfBoundsException.class, () -> image.writePages(batch(Map.of(4L, filled(1)))));
            assertThrows(IndexOutOfBoundsException.class, () -> image.writePages(batch(Map.of(3L, filled(1), 4L, filled(1)))));
            assertThrows(IndexOutOfBoundsException.class, () -> image.writePages(batch(Map.of(1L << 32, filled(1)))));
            assertThrows(IllegalStateException.class, () -> image.finish(MANIFEST));
        });
        assertThrows(IllegalStateException.class, () -> write(layout, 4, image -> image.writeStates(STATES)));
        assertThrows(IllegalArgumentException.class, () -> write(layout, 0, image -> {}));
    }
}
