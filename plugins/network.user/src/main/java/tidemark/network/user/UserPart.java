package tidemark.network.user;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.osgi.service.component.annotations.Component;
import tidemark.api.device.Network;
import tidemark.api.device.NetworkPart;

/** User-mode networking: the guest reaches what the host's user reaches, by sockets, without root. */
@Component(property = NetworkPart.NAME + "=user")
public final class UserPart implements NetworkPart {
    @Override
    public Network connect(Map<String, String> options, Consumer<byte[]> guest) {
        try {
            return new UserNetwork(Options.parse(options), guest, System::nanoTime).start();
        } catch (IOException e) {
            throw new IllegalArgumentException("Network 'user': the host has no sockets left: " + e.getMessage() + "; close something, or take backend=none", e);
        }
    }

    @Override
    public List<HostUse> hostUses(Map<String, String> given) {
        Options options = Options.parse(given);
        List<HostUse> uses = new ArrayList<>();
        if (!options.restrict()) {
            uses.add(new HostUse("connects to whatever this host's user can", false));
            options.dns().ifPresent(server -> uses.add(new HostUse("asks the name server " + server, false)));
            if (options.hostLoopback()) {
                uses.add(new HostUse("connects to services on this host's loopback", false));
            }
        }
        for (Forward forward : options.forwards()) {
            uses.add(new HostUse("listens on " + forward.listening(), forward.host().getPort() != 0));
        }
        return uses;
    }
}
