package tidemark.guest.debian;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import tidemark.api.machine.GuestPart;

/** Debian 13, made of the packages that the host's apt client fetches. */
@Component(property = GuestPart.NAME + "=" + Linux.NAME)
public final class DebianGuests implements GuestPart {
    private static final Path APT_SETTINGS = Path.of("/etc/apt");
    private static final Path KEYRINGS = Path.of("/usr/share/keyrings");
    private final Map<String, String> environment;

    @Activate
    public DebianGuests() {
        this(System.getenv());
    }

    DebianGuests(Map<String, String> environment) {
        this.environment = environment;
    }

    @Override
    public Optional<Guest> guest(String name) {
        Cache cache = Cache.ofUser(environment);
        Linux linux = new Linux(cache, progress -> new Apt("apt-get", cache.apt(), Mirror.archive(environment, APT_SETTINGS), Mirror.keyring(KEYRINGS), progress));
        return List.of(linux).stream().filter(guest -> guest.name().equals(name)).map(Guest.class::cast).findFirst();
    }
}
