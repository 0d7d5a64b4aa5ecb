package tidemark.api.memory;

/** A 64-bit digest of a page's bytes: equal bytes have equal digests; different bytes have different ones but for a chance of 2^-64. Not cryptographic. */
public final class PageDigest {
    private static final long K0 = 0x9E3779B97F4A7C15L;
    private static final long K1 = 0xC2B2AE3D27D4EB4FL;
    private static final long K2 = 0x165667B19E3779F9L;
    private static final long K3 = 0xD6E8FEB86659FD93L;

    /** The digest of a page of zeros. */
    public static final long ZERO = finish(zeroLane(K0), zeroLane(K1), zeroLane(K2), zeroLane(K3));

    private PageDigest() {}

    /** @param address host address of a page, aligned to 8; it may be written meanwhile, the digest is then of a torn page */
    public static long of(long address) {
        long a = K0;
        long b = K1;
        long c = K2;
        long d = K3;
        for (long at = address, end = address + PhysicalMemory.PAGE_SIZE; at < end; at += 4 * Long.BYTES) {
            a = step(a, HostMemory.getLong(at), K1);
            b = step(b, HostMemory.getLong(at + 8), K2);
            c = step(c, HostMemory.getLong(at + 16), K3);
            d = step(d, HostMemory.getLong(at + 24), K0);
        }
        return finish(a, b, c, d);
    }

    private static long step(long lane, long word, long key) {
        return Long.rotateLeft((lane ^ word) * K0, 31) + key;
    }

    private static long zeroLane(long key) {
        long next = key == K0 ? K1 : key == K1 ? K2 : key == K2 ? K3 : K0;
        long lane = key;
        for (int i = 0; i < PhysicalMemory.PAGE_SIZE / (4 * Long.BYTES); i++) {
            lane = step(lane, 0, next);
        }
        return lane;
    }

    private static long finish(long a, long b, long c, long d) {
        return mix(mix(mix(mix(a) + b) + c) + d);
    }

    private static long mix(long z) {
        long y = (z ^ z >>> 32) * 0xD6E8FEB86659FD93L;
        y = (y ^ y >>> 32) * 0xD6E8FEB86659FD93L;
        return y ^ y >>> 32;
    }
}
