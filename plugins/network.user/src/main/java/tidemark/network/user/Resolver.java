package tidemark.network.user;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The host's name server: a given one, or the first that resolv.conf(5) names, which is read again when it has changed. */
final class Resolver {
    static final int PORT = 53;
    private static final Logger LOG = LoggerFactory.getLogger(Resolver.class);

    private static final InetAddress LOCAL = Subnet.inet(Outside.LOOPBACK);

    private final Optional<InetSocketAddress> given;
    private final Path configuration;
    private FileTime read;
    private InetSocketAddress found;

    Resolver(Optional<InetSocketAddress> given, Path configuration) {
        this.given = given;
        this.configuration = configuration;
    }

    InetSocketAddress address() {
        return given.orElseGet(this::configured);
    }

    private InetSocketAddress configured() {
        try {
            FileTime modified = Files.getLastModifiedTime(configuration);
            if (!modified.equals(read)) {
                found = new InetSocketAddress(firstNameServer().orElse(LOCAL), PORT);
                read = modified;
            }
        } catch (IOException e) {
            LOG.debug("{} cannot be read: the name server is taken to be on this host", configuration, e);
            found = new InetSocketAddress(LOCAL, PORT);
        }
        return found;
    }

    /** "If no nameserver entries are present, the default is to use the name server on the local machine." */
    private Optional<InetAddress> firstNameServer() throws IOException {
        return Files.readAllLines(configuration).stream().map(line -> line.strip().split("\\s+")).filter(words -> words.length > 1 && words[0].equals("nameserver"))
                .flatMap(words -> literal(words[1]).stream()).findFirst();
    }

    private static Optional<InetAddress> literal(String text) {
        try {
            return Optional.of(InetAddress.ofLiteral(text));
        } catch (IllegalArgumentException e) {
            LOG.debug("resolv.conf: nameserver {} is not an address", text, e);
            return Optional.empty();
        }
    }
}
