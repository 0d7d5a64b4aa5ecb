package tidemark.network.user;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tidemark.api.machine.Nearest;

/**
 * The options of one network.
 *
 * @param restrict whether the guest is kept from everything but forwards
 * @param hostLoopback whether the gateway's address leads to the host's loopback
 * @param dns the name server to ask; that of the host if there is none
 */
record Options(List<Forward> forwards, boolean restrict, boolean hostLoopback, Optional<InetSocketAddress> dns) {
    static final String FORWARD = "forward";
    static final String RESTRICT = "restrict";
    static final String HOST_LOOPBACK = "host-loopback";
    static final String DNS = "dns";

    private static final int MOST_FORWARDS = 64;
    private static final List<String> NAMES = List.of(DNS, FORWARD, HOST_LOOPBACK, RESTRICT);
    private static final Pattern DNS_FORM = Pattern.compile("([\\d.]+|\\[([\\da-fA-F:.]+)])(?::(\\d{1,5}))?");

    /** @throws IllegalArgumentException for an unknown name or a value that is not of its form, with the way out */
    static Options parse(Map<String, String> given) {
        TreeSet<String> unknown = new TreeSet<>(given.keySet());
        NAMES.forEach(unknown::remove);
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException("Network 'user' has no option '" + unknown.first() + "'; " + Nearest.hint(unknown.first(), NAMES));
        }
        return new Options(forwards(given.getOrDefault(FORWARD, "")), isOn(RESTRICT, given), isOn(HOST_LOOPBACK, given),
                Optional.ofNullable(given.get(DNS)).map(Options::nameServer));
    }

    private static List<Forward> forwards(String text) {
        List<Forward> forwards = text.isEmpty() ? List.of() : Stream.of(text.split("\\+", -1)).map(Forward::parse).toList();
        if (forwards.size() > MOST_FORWARDS) {
            throw new IllegalArgumentException("Option " + FORWARD + ": " + forwards.size() + " ports, give " + MOST_FORWARDS + " at most");
        }
        Set<String> taken = new HashSet<>();
        for (Forward forward : forwards) {
            if (forward.host().getPort() != 0 && !taken.add(forward.protocol() + " " + forward.host())) {
                throw new IllegalArgumentException("Option " + FORWARD + "=" + text + ": the host's " + forward.protocol() + " port " + forward.host().getPort()
                        + " is given twice; give another, or 0 for any free one");
            }
        }
        return forwards;
    }

    private static boolean isOn(String option, Map<String, String> given) {
        String text = given.getOrDefault(option, "off");
        return switch (text) {
            case "on" -> true;
            case "off" -> false;
            default -> throw new IllegalArgumentException("Option " + option + "=" + text + ": write on or off");
        };
    }

    private static InetSocketAddress nameServer(String text) {
        Matcher form = DNS_FORM.matcher(text);
        try {
            if (form.matches()) {
                int port = form.group(3) == null ? Resolver.PORT : Integer.parseInt(form.group(3));
                return new InetSocketAddress(InetAddress.ofLiteral(form.group(2) == null ? form.group(1) : form.group(2)), port);
            }
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(dnsRefusal(text), e);
        }
        throw new IllegalArgumentException(dnsRefusal(text));
    }

    private static String dnsRefusal(String text) {
        return "Option " + DNS + "=" + text + ": write an address, if need be with a port: 192.0.2.1, 192.0.2.1:5353, [2001:db8::1]:53";
    }
}
