package tidemark.network.user;

import java.net.InetSocketAddress;
import java.util.Optional;

/** What the guest's addresses mean on the host. */
final class Outside {
    static final int LOOPBACK = Subnet.address(127, 0, 0, 1);

    private final boolean restricted;
    private final boolean hostLoopback;
    private final Resolver resolver;

    /**
     * @param restricted nothing is to be reached
     * @param hostLoopback the gateway's address leads to the host's loopback
     */
    Outside(boolean restricted, boolean hostLoopback, Resolver resolver) {
        this.restricted = restricted;
        this.hostLoopback = hostLoopback;
        this.resolver = resolver;
    }

    /** The host's socket address behind one that the guest uses, or nothing if that leads nowhere. */
    Optional<InetSocketAddress> route(int address, int port) {
        if (restricted || port == 0 || !Subnet.isUnicast(address)) {
            return Optional.empty();
        }
        if (address == Subnet.GATEWAY) {
            return hostLoopback ? Optional.of(new InetSocketAddress(Subnet.inet(LOOPBACK), port)) : Optional.empty();
        }
        if (address == Subnet.DNS) {
            return port == Resolver.PORT ? Optional.of(resolver.address()) : Optional.empty();
        }
        return Subnet.contains(address) ? Optional.empty() : Optional.of(new InetSocketAddress(Subnet.inet(address), port));
    }

    /** The ICMP code that says why nothing is at an address. */
    int unreachableCode(int address) {
        if (restricted || address == Subnet.GATEWAY && !hostLoopback) {
            return Icmp.PROHIBITED;
        }
        return Subnet.isOurs(address) ? Icmp.PORT_UNREACHABLE : Icmp.HOST_UNREACHABLE;
    }
}
