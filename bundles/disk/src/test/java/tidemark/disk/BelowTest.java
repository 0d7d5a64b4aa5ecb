package tidemark.disk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidemark.api.device.Disk;
import tidemark.api.device.DiskPart.Backing;

class BelowTest {
    @TempDir
    Path folder;

    private Path file(String name) throws IOException {
        Path file = folder.resolve(name);
        return Files.exists(file) ? file : Files.createFile(file);
    }

    private Backing backing(String name) throws IOException {
        return new Backing(file(name), "some");
    }

    /** A disk of ones. */
    private record Ones(long size, Below below) implements Disk, Below.Layered {
        Ones(long size) {
            this(size, Below.NOTHING);
        }

        @Override
        public boolean writable() {
            return false;
        }

        @Override
        public void read(long offset, ByteBuffer into) throws IOException {
            Request.check(Path.of("ones"), size, offset, into.remaining());
            while (into.hasRemaining()) {
                into.put((byte) 1);
            }
        }

        @Override
        public void write(long offset, ByteBuffer from) throws IOException {
            throw new IOException("read-only");
        }

        @Override
        public void zero(long offset, long length) throws IOException {
            throw new IOException("read-only");
        }

        @Override
        public void flush() {}

        @Override
        public void seal() {}

        @Override
        public void close() {}
    }

    @Test
    void behindTheEndOfWhatIsBelowAreZeros() throws IOException {
        Below below = Below.open(file("a"), backing("b"), asked -> new Ones(512));
        byte[] bytes = new byte[20];
        below.read(500, ByteBuffer.wrap(bytes));
        assertArrayEquals(new byte[] {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0}, bytes);
        below.read(1L << 40, ByteBuffer.wrap(bytes));
        assertArrayEquals(new byte[20], bytes);
        assertTrue(below.endsBefore(512) && !below.endsBefore(511));
    }

    @Test
    void aFileThatCannotBeOpenedIsSaidWithTheOneAbove() throws IOException {
        IOException cause = new IOException("it is damaged");
        IOException e = assertThrows(IOException.class, () -> Below.open(file("a"), backing("b"), asked -> {
            throw cause;
        }));
        assertSame(cause, e.getCause());
        assertTrue(e.getMessage().contains(file("a") + ", which lies over " + file("b") + ": it is damaged"), e.getMessage());
    }

    @Test
    void aFileThatLiesOverItselfByAnotherNameIsRefused() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("link"), file("a"));
        IOException e = assertThrows(IOException.class, () -> Below.open(file("a"), new Backing(link, "some"), asked -> {
            Below.open(asked.file(), backing("a"), again -> new Ones(512));
            return new Ones(512);
        }));
        assertTrue(e.getMessage().contains("lies over itself"), e.getMessage());
    }

    @Test
    void asManyLayersAsAllowedFitAThreadsStackAndNotOneMore() throws Exception {
        assertEquals(512, onUsualStack(Below.MOST_LAYERS).size());
        IOException e = assertThrows(IOException.class, () -> onUsualStack(Below.MOST_LAYERS + 1));
        assertTrue(e.getMessage().contains("would lie over more than 256 layers"), e.getMessage());
    }

    @Test
    void layersThatArePutOnAnOpenDiskAreCountedToo() throws IOException {
        Ones top = new Ones(512);
        for (int layer = 0; layer < Below.MOST_LAYERS; layer++) {
            Ones below = top;
            top = new Ones(512, Below.open(file("a"), backing("b"), asked -> below));
        }
        Ones highest = top;
        IOException e = assertThrows(IOException.class, () -> Below.open(file("a"), backing("b"), asked -> highest));
        assertTrue(e.getMessage().contains("would lie over more than 256 layers"), e.getMessage());
    }

    private Disk onUsualStack(int layers) throws Exception {
        Object[] result = new Object[1];
        Thread thread = new Thread(null, () -> result[0] = stack(layers), "usual stack", 1 << 20);
        thread.start();
        thread.join();
        if (result[0] instanceof IOException e) {
            throw e;
        }
        return (Disk) result[0];
    }

    private Object stack(int layers) {
        try {
            return layers == 0 ? new Ones(512) : new Ones(512, Below.open(file("layer" + layers), backing("layer" + (layers - 1)), asked -> {
                Object below = stack(layers - 1);
                if (below instanceof IOException e) {
                    throw e;
                }
                return (Disk) below;
            }));
        } catch (IOException e) {
            return e;
        }
    }
}
