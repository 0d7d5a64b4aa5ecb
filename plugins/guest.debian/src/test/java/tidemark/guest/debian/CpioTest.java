package tidemark.guest.debian;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidemark.testkit.HostTool;

class CpioTest {
    @TempDir
    Path folder;

    @Test
    void theHostsCpioListsWhatWasAddedWithModesOwnersAndLinks() throws Exception {
        List<String> lines = cpio("-itvn", sample()).lines().map(line -> line.replaceAll(" +", " ")).toList();
        assertTrue(lines.get(0).startsWith("drwxrwxrwt 2 0 0 0 "), lines::toString);
        assertTrue(lines.get(0).endsWith(" tmp"), lines::toString);
        assertTrue(lines.get(1).startsWith("drwxr-xr-x 2 0 0 0 ") && lines.get(1).endsWith(" a"), lines::toString);
        assertTrue(lines.get(2).startsWith("drwxr-xr-x 2 0 0 0 ") && lines.get(2).endsWith(" a/b"), lines::toString);
        assertTrue(lines.get(3).startsWith("-rwxr-xr-x 1 0 0 3 ") && lines.get(3).endsWith(" a/b/program"), lines::toString);
        assertTrue(lines.get(4).startsWith("-rw-r--r-- 1 0 0 0 ") && lines.get(4).endsWith(" a/empty"), lines::toString);
        assertTrue(lines.get(5).startsWith("lrwxrwxrwx 1 0 0 ") && lines.get(5).endsWith(" link -> a/b/program"), lines::toString);
    }

    @Test
    void contentsOfEveryLengthComeBack() throws Exception {
        cpio("-id", archive(archive -> {
            for (int length = 0; length < 9; length++) {
                archive.file("f".repeat(length + 1), 0644, new byte[length]).file("g" + length, 0644, "content!".substring(0, Math.min(8, length)).getBytes(StandardCharsets.US_ASCII));
            }
        }));
        for (int length = 0; length < 9; length++) {
            assertArrayEquals(new byte[length], Files.readAllBytes(folder.resolve("f".repeat(length + 1))));
            assertEquals("content!".substring(0, Math.min(8, length)), Files.readString(folder.resolve("g" + length)));
        }
    }

    @Test
    void theFirstOfANameIsKept() throws Exception {
        cpio("-id", archive(archive -> archive.file("a/f", 0600, new byte[1]).directory("a", 0700).file("a/f", 0644, new byte[2])));
        assertEquals(1, Files.size(folder.resolve("a/f")));
    }

    @Test
    void equalContentsGiveEqualArchivesThatEndOnAWord() throws Exception {
        assertArrayEquals(sample(), sample());
        assertEquals(0, sample().length % 4);
    }

    private static byte[] sample() throws IOException {
        return archive(archive -> archive.directory("tmp", 01777).file("a/b/program", 0755, new byte[] {1, 2, 3}).file("a/empty", 0644, new byte[0]).link("link", "a/b/program"));
    }

    static byte[] archive(Content content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (Cpio archive = new Cpio(bytes)) {
            content.addTo(archive);
        }
        return bytes.toByteArray();
    }

    interface Content {
        void addTo(Cpio archive) throws IOException;
    }

    private String cpio(String options, byte[] archive) throws Exception {
        HostTool.require("cpio", "cpio");
        Path file = Files.write(Files.createTempFile("archive", ".cpio"), archive);
        try {
            HostTool.Outcome outcome = HostTool.run(60, "cpio", "--quiet", "-D", folder.toString(), options, "-F", file.toString());
            assertEquals(0, outcome.exitCode(), outcome.output());
            return outcome.output();
        } finally {
            Files.delete(file);
        }
    }
}
