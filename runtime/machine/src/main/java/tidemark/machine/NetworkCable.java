package tidemark.machine;

import java.util.function.Consumer;
import tidemark.api.device.Network;

/** A device's cable; stays the same object while the network's part goes and comes back. While it is unplugged, frames are lost. */
final class NetworkCable implements Network {
    private final Consumer<byte[]> guest;
    private volatile Network network;

    NetworkCable(Consumer<byte[]> guest) {
        this.guest = guest;
    }

    interface Socket {
        Network connect(Consumer<byte[]> guest);
    }

    void plugIn(Socket socket) {
        network = socket.connect(guest);
    }

    void unplug() {
        Network was = network;
        network = null;
        if (was != null) {
            was.close();
        }
    }

    @Override
    public void transmit(byte[] frame) {
        Network now = network;
        if (now != null) {
            now.transmit(frame);
        }
    }

    @Override
    public void close() {
        unplug();
    }
}
