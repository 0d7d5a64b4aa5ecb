package tidemark.network.user;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.TreeMap;

/** The server of the Dynamic Host Configuration Protocol, RFC 2131, section 4.3. */
final class Dhcp implements Udp.Service {
    static final int SERVER_PORT = 67;
    static final int CLIENT_PORT = 68;

    private final Ipv4 ipv4;
    private final boolean restricted;
    private final Leases leases = new Leases();

    /** @param restricted the guest is told of no router and no name server */
    Dhcp(Ipv4 ipv4, boolean restricted) {
        this.ipv4 = ipv4;
        this.restricted = restricted;
    }

    @Override
    public boolean input(Flow flow, ByteBuffer data, Datagram datagram) {
        boolean ours = flow.remotePort() == SERVER_PORT && (Subnet.isBroadcast(flow.remote()) || flow.remote() == Subnet.GATEWAY);
        if (ours) {
            DhcpMessage.parse(data).ifPresent(this::answer);
        }
        return ours;
    }

    private void answer(DhcpMessage message) {
        switch (message.type()) {
            case DhcpMessage.DISCOVER -> send(message, DhcpMessage.OFFER, leases.offer(message.client(), message.address(DhcpMessage.REQUESTED_ADDRESS)));
            case DhcpMessage.REQUEST -> request(message);
            case DhcpMessage.RELEASE, DhcpMessage.DECLINE -> leases.release(message.client());
            case DhcpMessage.INFORM -> inform(message);
            default -> {
                // Servers' messages, and what is no message: nothing to say
            }
        }
    }

    /** Section 4.3.2. The address is in an option when selecting and after a reboot, in ciaddr when renewing and rebinding. */
    private void request(DhcpMessage message) {
        Optional<Integer> server = message.address(DhcpMessage.SERVER_IDENTIFIER);
        if (server.isPresent() && server.get() != Subnet.GATEWAY) {
            leases.release(message.client());
            return;
        }
        int address = message.address(DhcpMessage.REQUESTED_ADDRESS).orElse(message.clientAddress());
        if (leases.claim(message.client(), address)) {
            send(message, DhcpMessage.ACK, address);
        } else {
            send(message, DhcpMessage.NAK, Subnet.UNSPECIFIED);
        }
    }

    /** Section 4.3.5: parameters for one that has its address from elsewhere. */
    private void inform(DhcpMessage message) {
        if (Subnet.isGuest(message.clientAddress())) {
            send(message, DhcpMessage.ACK, Subnet.UNSPECIFIED);
        }
    }

    /** Section 4.1: to the address that the client has, else to everybody if it asks for that or is refused, else to its station. */
    private void send(DhcpMessage message, int type, int address) {
        boolean configured = type != DhcpMessage.NAK && Subnet.isGuest(message.clientAddress());
        boolean toAll = !configured && (message.broadcast() || type == DhcpMessage.NAK);
        int destination = configured ? message.clientAddress() : toAll ? Subnet.LIMITED_BROADCAST : address;
        Flow flow = new Flow(destination, CLIENT_PORT, Subnet.GATEWAY, SERVER_PORT);
        ByteBuffer packet = Udp.packet(flow, message.reply(address, options(message, type)));
        ipv4.sendTo(toAll ? Ethernet.BROADCAST : message.client(), Subnet.GATEWAY, destination, Udp.PROTOCOL, packet);
    }

    private TreeMap<Integer, byte[]> options(DhcpMessage message, int type) {
        TreeMap<Integer, byte[]> options = new TreeMap<>();
        options.put(DhcpMessage.MESSAGE_TYPE, new byte[] {(byte) type});
        options.put(DhcpMessage.SERVER_IDENTIFIER, bytes(Subnet.GATEWAY));
        byte[] identifier = message.options().get(DhcpMessage.CLIENT_IDENTIFIER);
        if (identifier != null) {
            options.put(DhcpMessage.CLIENT_IDENTIFIER, identifier); // RFC 6842
        }
        if (type == DhcpMessage.NAK) {
            return options;
        }
        if (message.type() != DhcpMessage.INFORM) {
            options.put(DhcpMessage.LEASE_TIME, bytes(Leases.SECONDS));
        }
        options.put(DhcpMessage.SUBNET_MASK, bytes(Subnet.MASK));
        options.put(DhcpMessage.BROADCAST_ADDRESS, bytes(Subnet.BROADCAST));
        if (!restricted) {
            options.put(DhcpMessage.ROUTER, bytes(Subnet.GATEWAY));
            options.put(DhcpMessage.DOMAIN_NAME_SERVER, bytes(Subnet.DNS));
        }
        return options;
    }

    private static byte[] bytes(int value) {
        return ByteBuffer.allocate(4).putInt(value).array();
    }
}
