package tidemark.api.device;

import org.osgi.annotation.versioning.ConsumerType;

/** The host's end of a network cable. Any thread. */
@ConsumerType
public interface Network extends AutoCloseable {
    /**
     * The guest sends an Ethernet frame, without frame check sequence. Never blocks; a frame that finds no room is lost. Nothing in it is trusted.
     *
     * @param frame the network's from now on
     */
    void transmit(byte[] frame);

    @Override
    void close();
}
