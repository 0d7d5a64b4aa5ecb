package tidemark.api.device;

import org.osgi.annotation.versioning.ProviderType;

/** Requests of the guest about the whole machine. On a hart thread; carried out at the next instruction boundary. */
@ProviderType
public interface Power {
    /** @param code 0 for success, otherwise the guest's error code */
    void off(int code);

    void reset();
}
