package tidemark.store.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tidemark.api.checkpoint.ImageLayout;
import tidemark.api.checkpoint.ImageReader;
import tidemark.api.checkpoint.ImageWriter;
import tidemark.files.NewFile;

/** What a writer leaves that is killed, and what becomes of it. */
@Timeout(60)
class CrashTest {
    @TempDir
    Path folder;

    private Process start(String what) throws IOException {
        String java = ProcessHandle.current().info().command().orElseThrow();
        Process process = new ProcessBuilder(java, "--sun-misc-unsafe-memory-access=allow", "--enable-native-access=ALL-UNNAMED",
                "-cp", System.getProperty("java.class.path"), Writer.class.getName(), folder.toString(), what)
                .redirectError(ProcessBuilder.Redirect.INHERIT).start();
        assertEquals('r', process.getInputStream().read(), "the writer is ready");
        return process;
    }

    private List<Path> files(boolean partial) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> NewFile.isPartial(file) == partial).toList();
        }
    }

    @Test
    void thePartialImageOfALivingProcessStaysAndThatOfADeadOneGoes() throws Exception {
        Process writer = start("hold");
        Path theirs = files(true).getFirst();
        new StreamLayout().create(folder.resolve("mine"), 4).close();
        assertTrue(Files.exists(theirs));
        writer.destroyForcibly().waitFor();
        assertTrue(Files.exists(theirs), "nobody was there to remove it");
        new StreamLayout().create(folder.resolve("mine"), 4).close();
        assertFalse(Files.exists(theirs));
    }

    @Test
    void aWriterThatIsKilledAtAnyInstantLeavesWholeImagesOnly() throws Exception {
        Random random = new Random(3);
        for (int run = 0; run < 4; run++) {
            Process writer = start("publish");
            Thread.sleep(random.nextInt(60));
            writer.destroyForcibly().waitFor();
            assertTrue(files(false).size() >= 2);
            for (Path file : files(false)) {
                try (ImageReader image = layout(file).open(file)) {
                    SampleImage.check(image);
                }
                Files.delete(file);
            }
        }
        new StreamLayout().create(folder.resolve("mine"), 4).close();
        assertEquals(List.of(), files(true));
    }

    private static ImageLayout layout(Path file) {
        ImageLayout stream = new StreamLayout();
        return stream.recognizes(file) ? stream : new MappedLayout();
    }

    /** A process of its own that is killed: holds one image open, or publishes one after the other. Says when the first are there. */
    static final class Writer {
        public static void main(String[] args) throws Exception {
            Path folder = Path.of(args[0]);
            if (args[1].equals("hold")) {
                ImageWriter image = new StreamLayout().create(folder.resolve("theirs"), 4);
                SampleImage.fill(image);
                ready();
                Thread.sleep(Long.MAX_VALUE);
            }
            for (int n = 0;; n++) {
                if (n == 2) {
                    ready();
                }
                ImageLayout layout = n % 2 == 0 ? new StreamLayout() : new MappedLayout();
                try (ImageWriter image = layout.create(folder.resolve("image-" + ProcessHandle.current().pid() + "-" + n), 4)) {
                    SampleImage.fill(image);
                    image.publish(SampleImage.MANIFEST);
                }
            }
        }

        private static void ready() {
            System.out.print('r');
            System.out.flush();
        }
    }
}
