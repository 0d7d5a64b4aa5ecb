package tidemark.device.virtio.net;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import tidemark.virtio.Chain;
import tidemark.virtio.MalformedQueue;
import tidemark.virtio.Transport;

/** Gets frames from the cable into the guest's buffers (5.1.6.3, 5.1.6.4). */
final class Receiver {
    /** Frames beyond that are lost. */
    static final int MAX_WAITING = 1024;
    /** Over so many buffers is a frame spread at most. */
    static final int MAX_BUFFERS = 64;
    private static final int FRAMES_AT_ONCE = 256;
    private static final int NUM_BUFFERS = 10;

    private final Transport transport;
    private final BlockingQueue<byte[]> waiting = new ArrayBlockingQueue<>(MAX_WAITING);
    /** Buffers that were taken for a frame and are not yet enough, or were too small for it. */
    private final ArrayDeque<Chain> buffers = new ArrayDeque<>();
    private long room;

    Receiver(Transport transport) {
        this.transport = transport;
    }

    /** From the cable, on any thread. */
    void arrived(byte[] frame) {
        if (frame.length <= NetDevice.MAX_FRAME && waiting.offer(frame)) {
            transport.post(this::deliverAll);
        }
    }

    private void deliverAll() throws MalformedQueue {
        if (deliver()) {
            transport.post(this::deliverAll);
        }
    }

    /** @return whether there may be more to do */
    boolean deliver() throws MalformedQueue {
        for (int i = 0; i < FRAMES_AT_ONCE; i++) {
            byte[] frame = waiting.peek();
            int header = NetDevice.header(transport);
            if (frame == null || !gather(header + frame.length)) {
                return false;
            }
            waiting.remove();
            if (room >= header + frame.length) {
                write(header, frame);
            }
        }
        return true;
    }

    /** Takes buffers. @return false to wait for more of them; else they are enough, or the frame does not fit into what the driver provides */
    private boolean gather(long length) throws MalformedQueue {
        int most = transport.negotiated(NetDevice.F_MRG_RXBUF) ? MAX_BUFFERS : 1;
        while (room < length && buffers.size() < most) {
            Optional<Chain> buffer = transport.queue(NetDevice.RECEIVEQ).next();
            if (buffer.isEmpty()) {
                return false;
            }
            buffers.add(buffer.get());
            room += buffer.get().writableLength();
        }
        return true;
    }

    private void write(int header, byte[] frame) throws MalformedQueue {
        ByteBuffer laidOut = ByteBuffer.allocate(header + frame.length).order(ByteOrder.LITTLE_ENDIAN).put(header, frame);
        if (header > NUM_BUFFERS) {
            laidOut.putShort(NUM_BUFFERS, (short) needed(laidOut.capacity()));
        }
        byte[] packet = laidOut.array();
        for (int done = 0; done < packet.length; ) {
            Chain buffer = buffers.remove();
            int size = (int) Math.min(packet.length - done, buffer.writableLength());
            buffer.write(0, packet, done, size);
            transport.queue(NetDevice.RECEIVEQ).use(buffer, size);
            room -= buffer.writableLength();
            done += size;
        }
    }

    private int needed(long length) {
        int count = 0;
        long covered = 0;
        for (Chain buffer : buffers) {
            if (covered >= length) {
                break;
            }
            covered += buffer.writableLength();
            count++;
        }
        return count;
    }

    /** The driver's buffers are its own again; what waits was for it. */
    void reset() {
        buffers.clear();
        room = 0;
        waiting.clear();
    }
}
