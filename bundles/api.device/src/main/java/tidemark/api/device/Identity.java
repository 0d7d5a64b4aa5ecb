package tidemark.api.device;

import org.osgi.annotation.versioning.ConsumerType;

/** Of a {@link Device}: it has something in which machines that are restored from one image must differ. */
@ConsumerType
public interface Identity {
    /** Becomes different from every other machine's, and tells the guest. After {@link Device#load}, while no hart runs. */
    void renew();
}
