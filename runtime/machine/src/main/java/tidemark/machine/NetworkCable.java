package tidemark.machine;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import tidemark.api.device.Network;
import tidemark.api.device.NetworkPart;
import tidemark.api.machine.DeviceSpec;

/** A network card's cable, which stays the same object while what it leads to is exchanged. Frames that lead nowhere are lost, as on a real one. */
final class NetworkCable extends Slot<NetworkPart> {
    static final String BACKEND = "backend";
    /** The card's own options. */
    private static final List<String> NOT_THE_NETWORKS = List.of(BACKEND, "mac");

    private final DeviceSpec device;
    private final Consumer<byte[]> guest;
    private volatile Network network;

    NetworkCable(DeviceSpec device, Consumer<byte[]> guest) {
        super(NetworkPart.class, "network", device.options().getOrDefault(BACKEND, "user"));
        this.device = device;
        this.guest = guest;
    }

    @Override
    String name() {
        return device.name() + "." + BACKEND;
    }

    @Override
    void enter(NetworkPart part) {
        Map<String, String> options = new TreeMap<>(device.options());
        options.keySet().removeAll(NOT_THE_NETWORKS);
        network = part.connect(options, guest);
    }

    @Override
    void leave() {
        Network former = network;
        network = null;
        if (former != null) {
            former.close();
        }
    }

    /** What the card is given. The cable stays when the card goes. */
    Network cardEnd() {
        return new Network() {
            @Override
            public void transmit(byte[] frame) {
                Network now = network;
                if (now != null) {
                    now.transmit(frame);
                }
            }

            @Override
            public void close() {}
        };
    }
}
