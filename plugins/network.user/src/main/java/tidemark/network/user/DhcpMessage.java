package tidemark.network.user;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A DHCP message, RFC 2131, section 2; options as of RFC 2132.
 *
 * @param client hardware address
 * @param clientAddress "ciaddr", what the client has already
 * @param options those that the message has, by number; the first of a number counts
 */
record DhcpMessage(int transaction, boolean broadcast, int clientAddress, long client, TreeMap<Integer, byte[]> options) {
    static final int BOOTREQUEST = 1;
    static final int BOOTREPLY = 2;

    // Message types
    static final int DISCOVER = 1;
    static final int OFFER = 2;
    static final int REQUEST = 3;
    static final int DECLINE = 4;
    static final int ACK = 5;
    static final int NAK = 6;
    static final int RELEASE = 7;
    static final int INFORM = 8;

    // Options
    static final int SUBNET_MASK = 1;
    static final int ROUTER = 3;
    static final int DOMAIN_NAME_SERVER = 6;
    static final int BROADCAST_ADDRESS = 28;
    static final int REQUESTED_ADDRESS = 50;
    static final int LEASE_TIME = 51;
    static final int MESSAGE_TYPE = 53;
    static final int SERVER_IDENTIFIER = 54;
    static final int CLIENT_IDENTIFIER = 61;
    private static final int PAD = 0;
    private static final int END = 255;

    private static final int MAGIC_COOKIE = 0x6382_5363;
    private static final short FLAG_BROADCAST = (short) 0x8000;
    private static final int HARDWARE_ETHERNET = 1;

    // Fields
    private static final int XID = 4;
    private static final int FLAGS = 10;
    private static final int CIADDR = 12;
    private static final int YIADDR = 16;
    private static final int CHADDR = 28;
    private static final int COOKIE = 236;
    private static final int OPTIONS = 240;
    /** What BOOTP had, and some clients insist on. */
    private static final int LEAST_LENGTH = 300;

    /** @return nothing if it is not a client's message over Ethernet */
    static Optional<DhcpMessage> parse(ByteBuffer message) {
        if (message.remaining() < OPTIONS || message.get(0) != BOOTREQUEST || message.get(1) != HARDWARE_ETHERNET || message.get(2) != 6
                || message.getInt(COOKIE) != MAGIC_COOKIE) {
            return Optional.empty();
        }
        long client = Ethernet.station(message, CHADDR);
        TreeMap<Integer, byte[]> options = options(message.slice(OPTIONS, message.remaining() - OPTIONS));
        return Ethernet.isUnicast(client) ? Optional.of(new DhcpMessage(message.getInt(XID), (message.getShort(FLAGS) & FLAG_BROADCAST) != 0,
                message.getInt(CIADDR), client, options)) : Optional.empty();
    }

    private static TreeMap<Integer, byte[]> options(ByteBuffer field) {
        TreeMap<Integer, byte[]> options = new TreeMap<>();
        while (field.hasRemaining()) {
            int code = field.get() & 0xFF;
            if (code == END || code != PAD && (!field.hasRemaining() || field.remaining() <= (field.get(field.position()) & 0xFF))) {
                return options;
            }
            if (code != PAD) {
                byte[] value = new byte[field.get() & 0xFF];
                field.get(value);
                options.putIfAbsent(code, value);
            }
        }
        return options;
    }

    /** 0 if there is none. */
    int type() {
        byte[] value = options.get(MESSAGE_TYPE);
        return value != null && value.length == 1 ? value[0] : 0;
    }

    /** An option's address, or nothing. */
    Optional<Integer> address(int option) {
        byte[] value = options.get(option);
        return value != null && value.length == 4 ? Optional.of(ByteBuffer.wrap(value).getInt()) : Optional.empty();
    }

    /**
     * The server's answer to this message.
     *
     * @param address "yiaddr", the client's
     * @param answer options, short enough for the least datagram that everybody takes
     */
    ByteBuffer reply(int address, TreeMap<Integer, byte[]> answer) {
        int length = OPTIONS + answer.values().stream().mapToInt(value -> 2 + value.length).sum() + 1;
        ByteBuffer reply = ByteBuffer.allocate(Math.max(LEAST_LENGTH, length));
        reply.put(0, (byte) BOOTREPLY).put(1, (byte) HARDWARE_ETHERNET).put(2, (byte) 6).putInt(XID, transaction);
        reply.putShort(FLAGS, broadcast ? FLAG_BROADCAST : 0).putInt(CIADDR, clientAddress).putInt(YIADDR, address).putInt(COOKIE, MAGIC_COOKIE);
        Ethernet.putStation(reply.position(CHADDR), client);
        reply.position(OPTIONS);
        answer.forEach((code, value) -> reply.put(code.byteValue()).put((byte) value.length).put(value));
        return reply.put((byte) END).rewind();
    }
}
