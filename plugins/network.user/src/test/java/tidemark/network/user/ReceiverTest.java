package tidemark.network.user;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.jupiter.api.Test;

class ReceiverTest {
    private static Segment segment(int sequence, int flags, byte[] data, int from, int to) {
        return new Segment(1, 2, sequence, 0, flags, 0, -1, -1, ByteBuffer.wrap(data, from, to - from).slice());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void anyCutOfTheStreamInAnyOrderYieldsTheStreamAcrossTheEndOfSequenceNumbers(long seed) throws IOException {
        Random random = new Random(seed);
        byte[] stream = new byte[400_000];
        random.nextBytes(stream);
        int irs = -150_000 + random.nextInt(1000);
        Receiver receiver = new Receiver(irs, true);
        ByteArrayOutputStream host = new ByteArrayOutputStream();
        while (!receiver.isFinished()) {
            receiver.window();
            int next = receiver.next() - irs - 1;
            int from = Math.clamp(next + random.nextInt(6000) - 3000, 0, stream.length);
            int to = Math.min(stream.length, from + random.nextInt(2000));
            Segment segment = segment(irs + 1 + from, to == stream.length ? Segment.FIN : 0, stream, from, to);
            if (receiver.isAcceptable(segment)) {
                receiver.accept(segment);
            }
            if (random.nextInt(3) == 0) {
                receiver.drain(Channels.newChannel(host));
            }
        }
        receiver.drain(Channels.newChannel(host));
        assertArrayEquals(stream, host.toByteArray());
        assertEquals(irs + 1 + stream.length + 1, receiver.next());
    }

    @Test
    void theWindowClosesWithTheBufferAndOpensByNoLessThanASegment() throws IOException {
        Receiver receiver = new Receiver(0, true);
        byte[] data = new byte[SequenceBuffer.CAPACITY];
        int window = receiver.window() << Receiver.WINDOW_SHIFT;
        assertEquals(SequenceBuffer.CAPACITY, window);
        for (int at = 0; at < data.length; at += 1024) {
            assertTrue(receiver.accept(segment(1 + at, 0, data, at, at + 1024)));
        }
        assertEquals(0, receiver.window());
        assertFalse(receiver.isUpdateDue());
        Segment probe = segment(receiver.next(), 0, data, 0, 1);
        assertTrue(receiver.isAcceptable(probe));
        receiver.accept(probe);
        assertEquals(1 + SequenceBuffer.CAPACITY, receiver.next(), "a probe does not get in");
        receiver.drain(limited(1000));
        assertEquals(0, receiver.window(), "less than a segment is no room");
        assertFalse(receiver.isUpdateDue());
        receiver.drain(limited(460));
        assertTrue(receiver.isUpdateDue());
        assertEquals(1460, receiver.window() << Receiver.WINDOW_SHIFT);
    }

    private static java.nio.channels.WritableByteChannel limited(int bytes) {
        return new java.nio.channels.WritableByteChannel() {
            private int left = bytes;

            @Override
            public int write(ByteBuffer source) {
                int count = Math.min(left, source.remaining());
                left -= count;
                source.position(source.position() + count);
                return count;
            }

            @Override
            public boolean isOpen() {
                return true;
            }

            @Override
            public void close() {
                // nothing to close
            }
        };
    }

    @Test
    void noMoreBlocksThanTheLimitAreRemembered() {
        Receiver receiver = new Receiver(0, true);
        receiver.window();
        byte[] data = new byte[200];
        for (int i = 0; i < 100; i++) {
            receiver.accept(segment(11 + 20 * i, 0, data, 0, 10));
        }
        for (int i = 0; i < 100; i++) {
            receiver.accept(segment(1 + 20 * i, 0, data, 0, 10));
        }
        assertEquals(1 + 20 * Receiver.MOST_BLOCKS + 10, receiver.next());
    }

    @Test
    void dataBehindTheFinAndASecondFinElsewhereAreNotTaken() {
        Receiver receiver = new Receiver(0, true);
        receiver.window();
        byte[] data = new byte[100];
        receiver.accept(segment(11, Segment.FIN, data, 0, 10));
        receiver.accept(segment(15, Segment.FIN, data, 0, 50));
        receiver.accept(segment(1, 0, data, 0, 50));
        assertTrue(receiver.isFinished());
        assertEquals(22, receiver.next());
        assertEquals(20, receiver.pending());
    }
}
