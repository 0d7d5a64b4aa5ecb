package tidemark.network.user;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Locale;

/**
 * A port of the host's that leads to one of the guest's.
 *
 * @param host where to listen; port 0 is any free one
 */
record Forward(Protocol protocol, InetSocketAddress host, int guestPort) {
    static final String FORMS = "write tcp:HOSTPORT:GUESTPORT or tcp:ADDRESS:HOSTPORT:GUESTPORT, or udp for tcp, '+' between several; HOSTPORT 0 is any free port";

    enum Protocol {
        TCP, UDP;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** @throws IllegalArgumentException if the text is not of one of the {@link #FORMS} */
    static Forward parse(String text) {
        String[] words = text.split(":", -1);
        if (words.length != 3 && words.length != 4) {
            throw refusal(text, "it has " + words.length + " parts");
        }
        InetAddress address = words.length == 4 ? address(text, words[1]) : Subnet.inet(Outside.LOOPBACK);
        int hostPort = port(text, words[words.length - 2], 0);
        int guestPort = port(text, words[words.length - 1], 1);
        return new Forward(protocol(text, words[0]), new InetSocketAddress(address, hostPort), guestPort);
    }

    private static Protocol protocol(String text, String word) {
        for (Protocol protocol : Protocol.values()) {
            if (protocol.toString().equals(word)) {
                return protocol;
            }
        }
        throw refusal(text, "'" + word + "' is neither tcp nor udp");
    }

    private static InetAddress address(String text, String word) {
        try {
            return Inet4Address.ofLiteral(word);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(reason(text, "'" + word + "' is not an IPv4 address"), e);
        }
    }

    private static int port(String text, String word, int least) {
        if (word.matches("\\d{1,5}") && Integer.parseInt(word) >= least && Integer.parseInt(word) <= 65_535) {
            return Integer.parseInt(word);
        }
        throw refusal(text, "'" + word + "' is not a port, " + least + " to 65535");
    }

    private static IllegalArgumentException refusal(String text, String why) {
        return new IllegalArgumentException(reason(text, why));
    }

    private static String reason(String text, String why) {
        return "Option forward: '" + text + "': " + why + "; " + FORMS;
    }

    /** Where on the host. */
    String listening() {
        String port = host.getPort() == 0 ? "any free port" : Integer.toString(host.getPort());
        return protocol + " " + host.getAddress().getHostAddress() + ":" + port;
    }

    @Override
    public String toString() {
        return protocol + ":" + host.getAddress().getHostAddress() + ":" + host.getPort() + ":" + guestPort;
    }
}
