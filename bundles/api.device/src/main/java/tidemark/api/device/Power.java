package tidemark.api.device;

import org.osgi.annotation.versioning.ProviderType;

/** Requests about the whole machine: of the guest, on a hart thread, or of a device. Carried out at the next instruction boundary. */
@ProviderType
public interface Power {
    /** @param code 0 for success, otherwise the guest's error code */
    void off(int code);

    void reset();

    /**
     * Pauses the machine until its user resumes it. Any thread; does not wait. What a device {@linkplain DeviceContext#post posts} meanwhile is done
     * when the machine goes on.
     *
     * @param reason what is wrong, and the way out; for the user
     */
    void pause(String reason);
}
