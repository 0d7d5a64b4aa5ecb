package tidemark.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NewFileTest {
    @TempDir
    Path folder;

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS));
    }

    @Test
    void onlyItsOwnerSeesAFileThatIsWrittenAndItsAudienceSeesTheWholeOne() throws Exception {
        Path file = folder.resolve("image");
        try (NewFile image = NewFile.create(file, Audience.OWNER_READS)) {
            assertEquals("r--------", mode(image.partial()));
            image.publish();
        }
        assertEquals("r--------", mode(file));
        NewFile.replace(folder.resolve("register"), Audience.OWNER, "text");
        assertEquals("rw-------", mode(folder.resolve("register")));
        NewFile.replace(folder.resolve("report"), Audience.EVERYBODY, "text");
        assertEquals(mode(Files.createFile(folder.resolve("other"))), mode(folder.resolve("report")));
        assertEquals("rwx------", mode(PrivateFolder.create(folder.resolve("a/b"))));
        assertEquals("rwx------", mode(folder.resolve("a")));
    }

    @Test
    void linkAtTheNameIsReplacedAndNeverFollowed() throws Exception {
        Path precious = Files.writeString(folder.resolve("precious"), "precious");
        Path link = Files.createSymbolicLink(folder.resolve("report.json"), precious);
        NewFile.replace(link, Audience.EVERYBODY, "report");
        assertEquals("precious", Files.readString(precious));
        assertFalse(Files.isSymbolicLink(link));
        assertEquals("report", Files.readString(link));
        Path image = Files.createSymbolicLink(folder.resolve("image"), folder.resolve("absent"));
        try (NewFile file = NewFile.create(image, Audience.OWNER)) {
            assertThrows(FileAlreadyExistsException.class, file::publish);
        }
        assertFalse(Files.exists(folder.resolve("absent")));
    }

    @Test
    void failedReplacementLeavesTheFormerFileAndNothingElse() throws Exception {
        Path directory = Files.createDirectory(folder.resolve("report"));
        String message = assertThrows(IOException.class, () -> NewFile.replace(directory, Audience.EVERYBODY, "text")).getMessage();
        assertTrue(message.contains("it is a folder"), message);
        assertEquals(List.of("report"), names());
    }

    @Test
    void deviceIsWrittenToAsItIs() throws Exception {
        NewFile.replace(Path.of("/dev/null"), Audience.EVERYBODY, "text");
        assertFalse(Files.isRegularFile(Path.of("/dev/null")));
    }

    @Test
    void firstToTheNameKeepsItAndItsCompanion() throws Exception {
        Path main = folder.resolve("image");
        try (NewFile loser = NewFile.create(main, Audience.OWNER_READS); Companion proofOfLoser = Companion.create(main, ".oracle")) {
            proofOfLoser.channel().write(ByteBuffer.wrap(new byte[1]));
            try (NewFile winner = NewFile.create(main, Audience.OWNER_READS); Companion proof = Companion.create(main, ".oracle")) {
                proof.channel().write(ByteBuffer.wrap(new byte[2]));
                proof.publish();
                assertThrows(FileAlreadyExistsException.class, proofOfLoser::publish, "the winner is about to publish its main file");
                winner.publish();
                proof.keep();
            }
            assertThrows(FileAlreadyExistsException.class, proofOfLoser::publish);
            assertThrows(FileAlreadyExistsException.class, loser::publish);
        }
        assertEquals(List.of("image", "image.oracle"), names());
        assertEquals(2, Files.size(folder.resolve("image.oracle")), "the winner's");
    }

    @Test
    void companionWhoseMainFileDoesNotComeGoes() throws Exception {
        Path main = folder.resolve("image");
        try (Companion proof = Companion.create(main, ".oracle")) {
            proof.publish();
            assertEquals(2, names().size(), "with its temporary name, by which a killed process is known");
        }
        assertEquals(List.of(), names());
    }

    @Test
    void companionOfAnImageThatWasDeletedIsReplaced() throws Exception {
        Path main = folder.resolve("image");
        Files.writeString(folder.resolve("image.oracle"), "of a former image");
        try (Companion proof = Companion.create(main, ".oracle"); NewFile image = NewFile.create(main, Audience.OWNER_READS)) {
            proof.publish();
            image.publish();
            proof.keep();
        }
        assertEquals(0, Files.size(folder.resolve("image.oracle")));
    }

    @Test
    void reasonsAreWordsAndNeverJustThePath() {
        assertEquals("permission denied", Fault.reason(new java.nio.file.AccessDeniedException("/x")));
        assertEquals("there is no such file or folder", Fault.reason(new java.nio.file.NoSuchFileException("/x")));
        assertEquals("Too many open files (ulimit -n sets how many there may be)",
                Fault.reason(new java.nio.file.FileSystemException("/x", null, "Too many open files")));
        assertEquals("No space left on device", Fault.reason(new IOException("No space left on device")));
    }
}
