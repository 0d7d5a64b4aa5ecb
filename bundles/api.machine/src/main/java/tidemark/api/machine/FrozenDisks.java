package tidemark.api.machine;

import java.io.IOException;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** The contents of a machine's disks at one instant. */
@ProviderType
public interface FrozenDisks {
    /** Brings them to stable storage, beside the running guest. Any thread. */
    List<DiskLayer> force() throws IOException;
}
