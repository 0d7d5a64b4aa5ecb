package tidemark.network.user;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Makes datagrams of fragments, RFC 791, section 3.2, "An Example Reassembly Procedure". At most {@value #MOST} are being made at a time, each with a buffer
 * for the longest datagram; one more displaces the oldest.
 */
final class Reassembly {
    static final int MOST = 16;
    static final long LIFETIME_NANOS = 30_000_000_000L;
    private static final int BLOCK = 8;

    private record BufferId(int source, int destination, int protocol, int identification) {}

    private final EventLoop loop;
    private final Map<BufferId, Buffer> buffers = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<BufferId, Buffer> eldest) {
            return size() > MOST;
        }
    };

    Reassembly(EventLoop loop) {
        this.loop = loop;
    }

    /** @return the datagram if the fragment was the last that it lacked */
    Optional<Datagram> add(Datagram fragment) {
        long now = loop.now();
        buffers.values().removeIf(buffer -> now - buffer.started > LIFETIME_NANOS);
        BufferId id = new BufferId(fragment.source(), fragment.destination(), fragment.protocol(), fragment.identification());
        Buffer buffer = buffers.computeIfAbsent(id, key -> new Buffer(now));
        if (!buffer.add(fragment)) {
            buffers.remove(id);
            return Optional.empty();
        }
        Optional<Datagram> whole = buffer.whole();
        whole.ifPresent(datagram -> buffers.remove(id));
        return whole;
    }

    private static final class Buffer {
        private final long started;
        private final byte[] data = new byte[Datagram.MAX_LENGTH];
        private final BitSet received = new BitSet();
        private ByteBuffer header;
        private int length = -1;

        Buffer(long started) {
            this.started = started;
        }

        /** @return false for a fragment that cannot be one of a datagram */
        boolean add(Datagram fragment) {
            int from = fragment.fragmentOffset();
            int to = from + fragment.payload().remaining();
            boolean last = !fragment.moreFragments();
            boolean possible = to > from && to <= Datagram.MAX_LENGTH - Datagram.HEADER && (last || to % BLOCK == 0) && (length < 0 || to <= length && (!last || to == length))
                    && (!last || received.length() * BLOCK <= to + BLOCK - 1);
            if (possible) {
                fragment.payload().get(0, data, from, to - from);
                received.set(from / BLOCK, (to + BLOCK - 1) / BLOCK);
                length = last ? to : length;
                header = from == 0 ? fragment.header() : header;
            }
            return possible;
        }

        Optional<Datagram> whole() {
            boolean complete = length >= 0 && header != null && received.nextClearBit(0) * BLOCK >= length;
            return complete ? Optional.of(new Datagram(header, ByteBuffer.wrap(Arrays.copyOf(data, length)))) : Optional.empty();
        }
    }
}
