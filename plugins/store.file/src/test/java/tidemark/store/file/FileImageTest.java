package tidemark.store.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tidemark.api.checkpoint.CheckpointException;
import tidemark.api.checkpoint.ImageLayout;
import tidemark.api.checkpoint.ImageReader;
import tidemark.api.checkpoint.ImageWriter;

class FileImageTest {
    @TempDir
    Path folder;

    static List<ImageLayout> layouts() {
        return List.of(new StreamLayout(), new MappedLayout());
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }

    @ParameterizedTest
    @MethodSource("layouts")
    void anImageHasNoNameBeforeItIsPublishedAndNothingElseIsLeftThen(ImageLayout layout) throws Exception {
        Path file = folder.resolve("image");
        try (ImageWriter image = layout.create(file, 4)) {
            SampleImage.fill(image);
            assertFalse(Files.exists(file));
            assertEquals(1, files().size());
            assertFalse(layout.recognizes(files().getFirst()), "a partial image is not recognized");
            image.publish(SampleImage.MANIFEST);
            assertTrue(layout.recognizes(file));
        }
        assertEquals(List.of(file), files());
        try (ImageReader image = layout.open(file)) {
            SampleImage.check(image);
        }
    }

    @ParameterizedTest
    @MethodSource("layouts")
    void onlyItsOwnerMayReadAnImageAndNobodyWritesItAgain(ImageLayout layout) throws Exception {
        Path file = folder.resolve("image");
        try (ImageWriter image = layout.create(file, 4)) {
            SampleImage.fill(image);
            assertEquals("r--------", PosixFilePermissions.toString(Files.getPosixFilePermissions(files().getFirst())));
            image.publish(SampleImage.MANIFEST);
        }
        assertEquals("r--------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    }

    @ParameterizedTest
    @MethodSource("layouts")
    void closingWithoutPublishingLeavesNothing(ImageLayout layout) throws Exception {
        try (ImageWriter image = layout.create(folder.resolve("image"), 4)) {
            SampleImage.fill(image);
        }
        assertEquals(List.of(), files());
    }

    @ParameterizedTest
    @MethodSource("layouts")
    void anExistingFileIsRefusedAtOnceAndStaysAsItWas(ImageLayout layout) throws Exception {
        Path file = Files.writeString(folder.resolve("image"), "precious");
        String message = assertThrows(CheckpointException.class, () -> layout.create(file, 4)).getMessage();
        assertTrue(message.contains(file + ": it exists already; choose another name or delete it"), message);
        assertEquals(List.of(file), files());
        assertEquals("precious", Files.readString(file));
    }

    @ParameterizedTest
    @MethodSource("layouts")
    void aFileThatAppearedMeanwhileIsNotReplaced(ImageLayout layout) throws Exception {
        Path file = folder.resolve("image");
        try (ImageWriter image = layout.create(file, 4)) {
            SampleImage.fill(image);
            Files.writeString(file, "precious");
            String message = assertThrows(IOException.class, () -> image.publish(SampleImage.MANIFEST)).getMessage();
            assertTrue(message.contains("it exists already; choose another name or delete it"), message);
        }
        assertEquals(List.of(file), files());
        assertEquals("precious", Files.readString(file));
    }

    @ParameterizedTest
    @MethodSource("layouts")
    void aPlaceThatCannotBeWrittenIsRefusedWithTheReasonAndTheWayOut(ImageLayout layout) throws Exception {
        Path notAFolder = Files.createFile(folder.resolve("file"));
        for (Path file : List.of(folder.resolve("absent/image"), notAFolder.resolve("image"))) {
            String message = assertThrows(CheckpointException.class, () -> layout.create(file, 4)).getMessage();
            assertEquals("Cannot create image " + file + ": there is no folder " + file.getParent() + "; choose another place", message);
        }
        Path readOnly = Path.of("/sys/image");
        Assumptions.assumeTrue(Files.isDirectory(readOnly.getParent()), "no /sys here, the third place is not tried");
        String message = assertThrows(CheckpointException.class, () -> layout.create(readOnly, 4)).getMessage();
        assertTrue(message.startsWith("Cannot create image /sys/image: ") && message.endsWith("; choose another place")
                && !message.contains("java."), message);
    }

    @ParameterizedTest
    @MethodSource("layouts")
    void aFullDiskIsReportedAndLeavesNothing(ImageLayout layout) throws Exception {
        Path disk = Files.createDirectory(folder.resolve("disk"));
        Assumptions.assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk.toString()), "may not mount a small disk");
        try {
            Path filler = Files.write(disk.resolve("filler"), new byte[600_000]);
            try (ImageWriter image = layout.create(disk.resolve("image"), 1024)) {
                IOException e = assertThrows(IOException.class, () -> SampleImage.writeData(image, 0, 512));
                String expected = "Cannot write image " + disk.resolve("image") + ": No space left on device; make room there";
                assertTrue(e.getMessage().startsWith(expected), e.getMessage());
                Files.delete(filler);
                assertThrows(IOException.class, () -> SampleImage.writeData(image, 0, 1), "lacking pages, it takes no more");
                assertThrows(IOException.class, () -> {
                    image.writeStates(SampleImage.STATES);
                    image.publish(SampleImage.MANIFEST);
                }, "lacking pages, it cannot be published");
            }
            try (Stream<Path> files = Files.list(disk)) {
                assertEquals(List.of(), files.toList());
            }
        } finally {
            assertTrue(run("umount", disk.toString()));
        }
    }

    private static boolean run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor() == 0;
    }

    @ParameterizedTest
    @MethodSource("layouts")
    void anInterruptedWriterSaysSoAndLeavesNothing(ImageLayout layout) throws Exception {
        try (ImageWriter image = layout.create(folder.resolve("image"), 4)) {
            Thread.currentThread().interrupt();
            IOException e = assertThrows(IOException.class, () -> SampleImage.writeData(image, 0, 1));
            assertTrue(Thread.interrupted());
            assertTrue(e.getMessage().contains("its thread was interrupted; take the checkpoint again"), e.getMessage());
        }
        assertEquals(List.of(), files());
    }

    @ParameterizedTest
    @MethodSource("layouts")
    void ramThatAnImageCannotHoldIsRefusedAndLeavesNothing(ImageLayout layout) throws Exception {
        Path file = folder.resolve("image");
        String message = assertThrows(CheckpointException.class, () -> layout.create(file, (1 << 22) + 1)).getMessage();
        assertTrue(message.endsWith("RAM of 4194305 pages; an image holds 1 to 4194304"), message);
        assertEquals(List.of(), files());
    }

    @ParameterizedTest
    @MethodSource("layouts")
    void imagesThatAreWrittenSideBySideLeaveEachOtherAlone(ImageLayout layout) throws Exception {
        try (ImageWriter first = layout.create(folder.resolve("first"), 4);
                ImageWriter second = layout.create(folder.resolve("second"), 4)) {
            SampleImage.fill(second);
            SampleImage.fill(first);
            first.publish(SampleImage.MANIFEST);
            second.publish(Map.of());
        }
        assertEquals(2, files().size());
        for (Path file : files()) {
            try (ImageReader image = layout.open(file)) {
                SampleImage.check(image);
            }
        }
    }
}
