package tidemark.api.device;

import org.osgi.annotation.versioning.ProviderType;

/** The host's end of a serial line. */
@ProviderType
public interface Console {
    /** The guest sends a byte. Never blocks. On a hart thread. */
    void transmit(byte value);

    /** The next byte that the host sent, 0 to 255, or -1 if there is none now. Any thread. */
    int receive();

    /** Has {@code inputArrived} called, on any thread, whenever input comes in that was not there before. */
    void onInput(Runnable inputArrived);
}
