package tidemark.api.machine;

import org.osgi.annotation.versioning.ConsumerType;

/** Service: firmware that the platform itself runs, for a kernel in S-mode. Its name is the service property {@link #NAME}. */
@ConsumerType
public interface FirmwarePart {
    String NAME = "tidemark.firmware";

    /** Makes the firmware of one machine. */
    Firmware create(FirmwareContext context);
}
