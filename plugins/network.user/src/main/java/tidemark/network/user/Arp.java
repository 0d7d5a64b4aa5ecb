package tidemark.network.user;

import java.nio.ByteBuffer;

/**
 * The Address Resolution Protocol, RFC 826. It answers for our addresses and learns the guest's. What is learnt stays until the guest says otherwise: there
 * is one guest on the cable, and it announces its changes.
 */
final class Arp {
    private static final int LENGTH = 28;
    private static final int HARDWARE_ETHERNET = 1;
    private static final int REQUEST = 1;
    private static final int REPLY = 2;

    // Fields of the packet
    private static final int OPERATION = 6;
    private static final int SENDER_HARDWARE = 8;
    private static final int SENDER_PROTOCOL = 14;
    private static final int TARGET_PROTOCOL = 24;

    private final Ethernet ethernet;
    /** By the address's last byte; 0: not known. */
    private final long[] stations = new long[256];
    /** The last packet for an address that is not resolved yet (RFC 1122, section 2.3.2.2). */
    private final byte[][] waiting = new byte[256][];

    Arp(Ethernet ethernet) {
        this.ethernet = ethernet;
        ethernet.on(Ethernet.ARP, this::input);
    }

    private void input(ByteBuffer packet) {
        if (packet.remaining() < LENGTH || packet.getShort(0) != HARDWARE_ETHERNET || packet.getShort(2) != Ethernet.IPV4
                || packet.get(4) != 6 || packet.get(5) != 4) {
            return;
        }
        long sender = Ethernet.station(packet, SENDER_HARDWARE);
        int senderAddress = packet.getInt(SENDER_PROTOCOL);
        int target = packet.getInt(TARGET_PROTOCOL);
        if (Subnet.isGuest(senderAddress) && Ethernet.isUnicast(sender)) {
            learn(senderAddress, sender);
        }
        if (packet.getShort(OPERATION) == REQUEST && Subnet.isOurs(target)) {
            send(REPLY, target, sender, senderAddress);
        }
    }

    /** A frame of an IPv4 packet leaves for a guest's address, now or when its station is known. */
    void send(byte[] frame, int destination) {
        long station = stations[destination & 0xFF];
        if (station != 0) {
            ethernet.send(frame, station, Ethernet.ourStation(Subnet.GATEWAY), Ethernet.IPV4);
        } else {
            waiting[destination & 0xFF] = frame;
            send(REQUEST, Subnet.GATEWAY, Ethernet.BROADCAST, destination);
        }
    }

    private void learn(int address, long station) {
        stations[address & 0xFF] = station;
        byte[] frame = waiting[address & 0xFF];
        if (frame != null) {
            waiting[address & 0xFF] = null;
            ethernet.send(frame, station, Ethernet.ourStation(Subnet.GATEWAY), Ethernet.IPV4);
        }
    }

    private void send(int operation, int ourAddress, long target, int targetAddress) {
        long ours = Ethernet.ourStation(ourAddress);
        ByteBuffer packet = ByteBuffer.allocate(Ethernet.HEADER + LENGTH).position(Ethernet.HEADER);
        packet.putShort((short) HARDWARE_ETHERNET).putShort((short) Ethernet.IPV4).put((byte) 6).put((byte) 4).putShort((short) operation);
        Ethernet.putStation(packet, ours);
        packet.putInt(ourAddress);
        Ethernet.putStation(packet, operation == REQUEST ? 0 : target);
        packet.putInt(targetAddress);
        ethernet.send(packet.array(), target, ours, Ethernet.ARP);
    }
}
