package tidemark.disk.overlay;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import tidemark.api.device.Disk;
import tidemark.api.device.DiskPart.Backing;
import tidemark.api.device.DiskPart.Opener;
import tidemark.testkit.TestStorage;

/** Overlays in memory and what may lie below them. */
final class Layers {
    static final int BLOCK = Geometry.BLOCK;

    private Layers() {}

    /** What {@link OverlayPart#create} makes. */
    static TestStorage create(long size, Optional<Backing> backing) throws IOException {
        Header header = new Header(size, 0x1234_5678_9ABC_DEF0L, backing);
        TestStorage file = new TestStorage();
        file.resize(header.geometry().fileLength());
        file.write(0, header.encode(Path.of("test")));
        return file;
    }

    static Opener over(Disk below) {
        return asked -> {
            if (below == null) {
                throw new IOException("There is nothing below");
            }
            return below;
        };
    }

    static byte[] bytes(long seed, int length) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    static byte[] read(Disk disk, long offset, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        disk.read(offset, bytes);
        return bytes.array();
    }

    /** Read-only. */
    abstract static class Content implements Disk {
        private final long size;

        Content(long size) {
            this.size = size;
        }

        @Override
        public final long size() {
            return size;
        }

        @Override
        public final boolean writable() {
            return false;
        }

        @Override
        public final void write(long offset, ByteBuffer from) throws IOException {
            throw new IOException("What is below is only read");
        }

        @Override
        public final void zero(long offset, long length) throws IOException {
            throw new IOException("What is below is only read");
        }

        @Override
        public final void flush() {}

        @Override
        public final void seal() {}

        @Override
        public final void close() {}
    }

    static final class Fixed extends Content {
        private final byte[] content;

        Fixed(byte[] content) {
            super(content.length);
            this.content = content.clone();
        }

        @Override
        public void read(long offset, ByteBuffer into) {
            into.put(content, (int) offset, into.remaining());
        }
    }

    static final class Zeros extends Content {
        Zeros(long size) {
            super(size);
        }

        @Override
        public void read(long offset, ByteBuffer into) {
            into.put(new byte[into.remaining()]);
        }
    }

    /** Zeros that are read only when the test says so. */
    static final class SlowDisk extends Content {
        final CountDownLatch entered = new CountDownLatch(1);
        final CountDownLatch go = new CountDownLatch(1);

        SlowDisk(long size) {
            super(size);
        }

        @Override
        public void read(long offset, ByteBuffer into) throws IOException {
            entered.countDown();
            try {
                go.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            into.put(new byte[into.remaining()]);
        }
    }
}
