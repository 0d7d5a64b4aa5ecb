package tidemark.image;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tidemark.image.Images.PAGE;
import static tidemark.image.Images.digests;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tidemark.api.checkpoint.CheckpointException;
import tidemark.api.checkpoint.ImageReader;

class DamageTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource
    void anImageCutShortAtAnyByteIsRefusedWhenItIsOpened(Layout layout) throws Exception {
        Path file = Images.small(layout, folder.resolve("image"));
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            for (long size = channel.size() - 1; size >= 0; size--) {
                channel.truncate(size);
                assertThrows(CheckpointException.class, () -> Images.open(layout, file), "cut at " + size);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void anImageThatGoesOnIsRefused(Layout layout) throws Exception {
        Path file = Images.small(layout, folder.resolve("image"));
        Files.write(file, new byte[1], StandardOpenOption.APPEND);
        assertThrows(CheckpointException.class, () -> Images.open(layout, file));
    }

    @Test
    void aFlippedBitAnywhereInAStreamIsRefused() throws Exception {
        Path file = Images.small(Layout.STREAM, folder.resolve("image"));
        byte[] whole = Files.readAllBytes(file);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            for (int at = 0; at < whole.length; at++) {
                flip(channel, whole, at);
                assertThrows(CheckpointException.class, () -> Images.read(Layout.STREAM, file), "flipped at " + at);
                restore(channel, whole, at);
            }
        }
        Images.read(Layout.STREAM, file);
    }

    /** What lies under pages that the page map calls zero is not part of the image. */
    @Test
    void aFlippedBitAnywhereInAMappedImageIsRefusedOrDoesNotMatter() throws Exception {
        Path file = Images.small(Layout.MAPPED, folder.resolve("image"));
        Map<Long, String> right = digests(Images.read(Layout.MAPPED, file));
        byte[] whole = Files.readAllBytes(file);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            for (int at = 0; at < whole.length; at++) {
                flip(channel, whole, at);
                long page = at / PAGE - 1;
                if (page >= 0 && page < 4 && !right.containsKey(page)) {
                    assertEquals(right, digests(Images.read(Layout.MAPPED, file)), "flipped at " + at);
                } else {
                    assertThrows(CheckpointException.class, () -> Images.read(Layout.MAPPED, file), "flipped at " + at);
                }
                restore(channel, whole, at);
            }
        }
    }

    @Test
    void aSectionThatIsLostOrRepeatedOrOfAnotherImageIsRefused() throws Exception {
        Path file = Images.small(Layout.STREAM, folder.resolve("image"));
        byte[] whole = Files.readAllBytes(file);
        byte[] other = Files.readAllBytes(Images.write(Layout.STREAM, folder.resolve("other"), 4, image -> {
            image.writePages(Images.batch(Map.of(0L, Images.filled(1), 1L, Images.filled(2), 2L, new byte[PAGE], 3L, Images.filled(3))));
            image.writePages(Images.batch(Map.of(1L, Images.filled(7), 3L, new byte[PAGE])));
        }));
        List<ImageReader.Section> sections;
        try (ImageReader image = StreamReader.open(file)) {
            sections = image.sections().stream().filter(section -> section.type().equals("pages")).toList();
        }
        assertEquals(2, sections.size());
        for (ImageReader.Section section : sections) {
            int from = (int) section.offset();
            int to = from + (int) section.length();
            isRefusedAsOutOfPlace(whole, from, whole, to, whole.length);
            isRefusedAsOutOfPlace(whole, to, whole, from, whole.length);
            isRefusedAsOutOfPlace(whole, to, other, to, other.length);
        }
    }

    /** A file of two parts. */
    private void isRefusedAsOutOfPlace(byte[] head, int to, byte[] tail, int tailFrom, int tailTo) throws Exception {
        Path file = folder.resolve("spliced");
        Files.write(file, Arrays.copyOf(head, to));
        Files.write(file, Arrays.copyOfRange(tail, tailFrom, tailTo), StandardOpenOption.APPEND);
        String message = assertThrows(CheckpointException.class, () -> StreamReader.open(file)).getMessage();
        assertTrue(message.contains("does not belong behind the section before it"), message);
    }

    private static void flip(FileChannel channel, byte[] whole, int at) throws Exception {
        channel.write(ByteBuffer.wrap(new byte[] {(byte) (whole[at] ^ 1 << at % 8)}), at);
    }

    private static void restore(FileChannel channel, byte[] whole, int at) throws Exception {
        channel.write(ByteBuffer.wrap(whole, at, 1), at);
    }

    @ParameterizedTest
    @EnumSource
    void damageIsReportedWithFileSectionOffsetAndWayOut(Layout layout) throws Exception {
        Path file = Images.small(layout, folder.resolve("image"));
        byte[] whole = Files.readAllBytes(file);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            flip(channel, whole, PAGE + 500);
        }
        String message = assertThrows(CheckpointException.class, () -> Images.read(layout, file)).getMessage();
        assertTrue(message.contains(file.toString()) && message.contains("use another checkpoint"), message);
        String where = layout == Layout.STREAM ? "section pages at offset " : "section ram at offset 4096: wrong checksum of page 0";
        assertTrue(message.contains(where), message);
    }

    @ParameterizedTest
    @EnumSource
    void foreignFilesAreRefusedAndNotRecognized(Layout layout) throws Exception {
        ByteArrayOutputStream zip = new ByteArrayOutputStream();
        try (ZipOutputStream out = new ZipOutputStream(zip)) {
            out.putNextEntry(new ZipEntry("page"));
            out.write(new byte[100_000]);
        }
        byte[] text = "#!/bin/sh\necho hello, I am no image at all\n".getBytes(US_ASCII);
        byte[][] contents = {{}, {(byte) 0x89}, text, zip.toByteArray(), new byte[10_000]};
        for (byte[] content : contents) {
            Path file = Files.write(folder.resolve("foreign"), content);
            assertFalse(layout.recognizes(file));
            CheckpointException e = assertThrows(CheckpointException.class, () -> Images.open(layout, file));
            assertTrue(e.getMessage().contains(" is no image: it ") && e.getMessage().contains("; checkpoint:list shows"), e.getMessage());
        }
    }

    @ParameterizedTest
    @EnumSource
    void foldersDevicesAndNothingAreRefused(Layout layout) {
        for (Path path : new Path[] {folder, Path.of("/dev/zero"), folder.resolve("absent")}) {
            assertFalse(layout.recognizes(path));
            assertThrows(CheckpointException.class, () -> Images.open(layout, path), path.toString());
        }
    }

    @Test
    void theOtherLayoutIsRefusedByName() throws Exception {
        Path stream = Images.small(Layout.STREAM, folder.resolve("stream"));
        Path mapped = Images.small(Layout.MAPPED, folder.resolve("mapped"));
        assertTrue(Layout.STREAM.recognizes(stream) && Layout.MAPPED.recognizes(mapped));
        assertFalse(Layout.STREAM.recognizes(mapped) || Layout.MAPPED.recognizes(stream));
        assertTrue(assertThrows(CheckpointException.class, () -> StreamReader.open(mapped)).getMessage().contains("its layout is mapped"));
        assertTrue(assertThrows(CheckpointException.class, () -> MappedReader.open(stream)).getMessage().contains("its layout is stream"));
    }

    @ParameterizedTest
    @EnumSource
    void anotherFormatVersionIsRefusedNamingBothVersions(Layout layout) throws Exception {
        Path file = Images.small(layout, folder.resolve("image"));
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(4).putInt(0, 7), 12);
        }
        String message = assertThrows(CheckpointException.class, () -> Images.open(layout, file)).getMessage();
        assertTrue(message.contains("has format version 7, this Tidemark reads version 1; restore it with"), message);
    }
}
