package tidemark.network.none;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.osgi.service.component.annotations.Component;
import tidemark.api.device.Network;
import tidemark.api.device.NetworkPart;

/** A cable to nowhere: what the guest sends is lost, and nothing comes. */
@Component(property = NetworkPart.NAME + "=none")
public final class NonePart implements NetworkPart {
    @Override
    public Network connect(Map<String, String> options, Consumer<byte[]> guest) {
        if (!options.isEmpty()) {
            throw new IllegalArgumentException("Network 'none' has no options, and " + String.join(", ", options.keySet())
                    + " is given: leave it out, or take another network with backend=user");
        }
        return new Nowhere();
    }

    @Override
    public List<HostUse> hostUses(Map<String, String> options) {
        return List.of();
    }

    private static final class Nowhere implements Network {
        @Override
        public void transmit(byte[] frame) {
            // There is nobody at the other end.
        }

        @Override
        public void close() {
            // It holds nothing.
        }
    }
}
