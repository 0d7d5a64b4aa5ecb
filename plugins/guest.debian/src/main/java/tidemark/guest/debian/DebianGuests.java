package tidemark.guest.debian;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import tidemark.api.machine.GuestPart;
import tidemark.api.machine.Machines;

/** Debian 13, made of the packages that the host's apt client fetches. */
@Component(property = {GuestPart.NAME + "=" + Linux.NAME, GuestPart.NAME + "=" + Full.NAME})
public final class DebianGuests implements GuestPart {
    private static final Path APT_SETTINGS = Path.of("/etc/apt");
    private static final Path KEYRINGS = Path.of("/usr/share/keyrings");
    private final Map<String, String> environment;
    /** Of the platform, which may have none yet: guests are there before machines. */
    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    private volatile Machines machines;

    @Activate
    public DebianGuests() {
        this(System.getenv(), Optional.empty());
    }

    DebianGuests(Map<String, String> environment, Optional<Machines> machines) {
        this.environment = environment;
        this.machines = machines.orElse(null);
    }

    @Override
    public Optional<Guest> guest(String name) {
        Cache cache = Cache.ofUser(environment);
        Function<Consumer<String>, Apt> client = progress -> new Apt("apt-get", cache.apt(), Mirror.archive(environment, APT_SETTINGS),
                Mirror.keyring(KEYRINGS), progress);
        Linux linux = new Linux(cache, client);
        return Stream.of(linux, new Full(linux, client, () -> Optional.ofNullable(machines)))
                .filter(guest -> guest.name().equals(name)).map(Guest.class::cast).findFirst();
    }
}
