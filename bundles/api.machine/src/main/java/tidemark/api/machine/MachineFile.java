package tidemark.api.machine;

import org.osgi.annotation.versioning.ProviderType;

/** Service: a file that describes a machine, in {@code machines/} of the platform's home. Any thread. */
@ProviderType
public interface MachineFile {
    /** Its name, without the folder. */
    String file();

    /** Of the machine. */
    String machine();

    /** Why there is no machine of it; empty if there is one. */
    String refusal();
}
