package tidemark.api.device;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.osgi.annotation.versioning.ConsumerType;

/** Service: something to plug a guest's network card into. Its name is the service property {@link #NAME}. */
@ConsumerType
public interface NetworkPart {
    String NAME = "tidemark.network";

    /**
     * @param options those of the network card that name neither the card nor this part, for example {@code forward=tcp:2222:22}
     * @param guest takes Ethernet frames for the guest, on any thread, and never blocks; a frame is its own from then on
     * @throws IllegalArgumentException for options that it does not know or cannot serve, with the way out
     */
    Network connect(Map<String, String> options, Consumer<byte[]> guest);

    /**
     * What a network of these options does on the host, for a user who is asked whether a stranger's machine may have it. By default, whatever the options say.
     *
     * @param options as for {@link #connect}
     * @throws IllegalArgumentException as {@link #connect}
     */
    default List<HostUse> hostUses(Map<String, String> options) {
        return List.of(new HostUse("uses the host's network as its options say: " + options, false));
    }

    /**
     * A use of the host.
     *
     * @param words what it does, as in "listens on tcp 127.0.0.1:2222"
     * @param exclusive whether only one on the host can do so at a time
     */
    record HostUse(String words, boolean exclusive) {}
}
