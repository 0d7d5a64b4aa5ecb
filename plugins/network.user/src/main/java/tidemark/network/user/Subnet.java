package tidemark.network.user;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/** The guest's network, 10.0.2.0/24, with the addresses that it has in QEMU. An IPv4 address is an {@code int}, first byte highest. */
final class Subnet {
    static final int MASK = 0xFFFF_FF00;
    static final int NETWORK = address(10, 0, 2, 0);
    /** The host: its loopback, as the guest sees it. */
    static final int GATEWAY = address(10, 0, 2, 2);
    static final int DNS = address(10, 0, 2, 3);
    /** The first address that is leased, and where forwards go. */
    static final int GUEST = address(10, 0, 2, 15);
    static final int BROADCAST = address(10, 0, 2, 255);
    static final int LIMITED_BROADCAST = 0xFFFF_FFFF;
    static final int UNSPECIFIED = 0;

    private Subnet() {}

    static int address(int a, int b, int c, int d) {
        return a << 24 | b << 16 | c << 8 | d;
    }

    static boolean contains(int address) {
        return (address & MASK) == NETWORK;
    }

    /** Whether the address is one of this plug-in's own. */
    static boolean isOurs(int address) {
        return address == GATEWAY || address == DNS;
    }

    /** Whether a guest may have the address. */
    static boolean isGuest(int address) {
        return contains(address) && !isOurs(address) && address != NETWORK && address != BROADCAST;
    }

    static boolean isBroadcast(int address) {
        return address == LIMITED_BROADCAST || address == BROADCAST;
    }

    /** Whether the address is one that a packet may be routed to: not this network (0/8), loopback, multicast, reserved or broadcast (RFC 6890). */
    static boolean isUnicast(int address) {
        int first = address >>> 24;
        return first != 0 && first != 127 && first < 224 && address != BROADCAST;
    }

    static InetAddress inet(int address) {
        try {
            return InetAddress.getByAddress(ByteBuffer.allocate(4).putInt(address).array());
        } catch (UnknownHostException e) {
            throw new IllegalStateException("4 bytes are an IPv4 address", e);
        }
    }
}
