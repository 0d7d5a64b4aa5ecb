package tidemark.machine;

import java.util.function.Consumer;
import tidemark.api.device.Network;
import tidemark.api.device.NetworkPart;
import tidemark.api.machine.DeviceSpec;

/** A network card's cable, which stays the same object while what it leads to is exchanged. Frames that lead nowhere are lost, as on a real one. */
final class NetworkCable extends Slot<NetworkPart> {
    private final DeviceSpec device;
    private final Consumer<byte[]> guest;
    private volatile Network network;

    NetworkCable(DeviceSpec device, Consumer<byte[]> guest) {
        super(NetworkPart.class, "network", device.backend());
        this.device = device;
        this.guest = guest;
    }

    @Override
    String name() {
        return device.name() + "." + DeviceSpec.BACKEND;
    }

    @Override
    void enter(NetworkPart part) {
        network = part.connect(device.networkOptions(), guest);
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
