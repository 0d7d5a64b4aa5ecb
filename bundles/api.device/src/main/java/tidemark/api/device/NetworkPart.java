package tidemark.api.device;

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
}
