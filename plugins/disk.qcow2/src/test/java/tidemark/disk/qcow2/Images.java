package tidemark.disk.qcow2;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Random;
import tidemark.api.device.Disk;
import tidemark.api.device.DiskPart.Opener;
import tidemark.testkit.HostTool;

/** What the tests do with images, here and by QEMU. */
final class Images {
    static final Opener NOTHING_BELOW = file -> {
        throw new IOException("There is nothing below");
    };

    private Images() {}

    static byte[] bytes(long seed, int length) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    static byte[] read(Disk disk) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate((int) disk.size());
        disk.read(0, bytes);
        return bytes.array();
    }

    static Disk open(Path file, boolean writable) throws IOException {
        return new Qcow2Part().open(file, writable, Images::openBelow);
    }

    /** Raw files as arrays, other files as images. */
    private static Disk openBelow(tidemark.api.device.DiskPart.Backing file) throws IOException {
        return file.format().equals("qcow2") ? open(file.file(), false) : new RawFile(FileChannel.open(file.file(), StandardOpenOption.READ));
    }

    /** Writes or zeroes, there and in the model. */
    static void change(Disk disk, byte[] model, Random random, int longest) throws IOException {
        int length = 1 + random.nextInt(longest);
        int offset = random.nextInt(model.length - length + 1);
        if (random.nextInt(4) == 0) {
            disk.zero(offset, length);
            Arrays.fill(model, offset, offset + length, (byte) 0);
        } else {
            byte[] bytes = bytes(random.nextLong(), length);
            disk.write(offset, ByteBuffer.wrap(bytes));
            System.arraycopy(bytes, 0, model, offset, length);
        }
    }

    static void requireQemu() throws Exception {
        HostTool.require("qemu-img", "qemu-utils");
    }

    static String qemu(String... command) throws Exception {
        HostTool.Outcome outcome = HostTool.run(60, command);
        assertEquals(0, outcome.exitCode(), () -> String.join(" ", command) + "\n" + outcome.output());
        return outcome.output();
    }

    /** QEMU finds nothing wrong, nor anything counted that is not used. */
    static void assertFlawless(Path image) throws Exception {
        qemu("qemu-img", "check", "-f", "qcow2", image.toString());
    }

    /** QEMU finds nothing wrong but clusters that are counted and not used. */
    static void assertNotCorrupt(Path image) throws Exception {
        HostTool.Outcome outcome = HostTool.run(60, "qemu-img", "check", "-f", "qcow2", image.toString());
        assertTrue(outcome.exitCode() == 0 || outcome.exitCode() == 3, outcome::output);
    }

    /** QEMU reads those bytes from the image, and so does this. */
    static void assertHolds(byte[] expected, Path image, Path scratch) throws Exception {
        try (Disk disk = open(image, false)) {
            assertArrayEquals(expected, read(disk));
        }
        java.nio.file.Files.write(scratch, expected);
        qemu("qemu-img", "compare", "-f", "qcow2", "-F", "raw", image.toString(), scratch.toString());
    }

    private record RawFile(FileChannel file) implements Disk {
        @Override
        public long size() {
            try {
                return file.size();
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }

        @Override
        public boolean writable() {
            return false;
        }

        @Override
        public void read(long offset, ByteBuffer into) throws IOException {
            for (long start = offset - into.position(); into.hasRemaining();) {
                if (file.read(into, start + into.position()) < 0) {
                    throw new IOException("The file ends");
                }
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
        public void close() throws IOException {
            file.close();
        }
    }
}
