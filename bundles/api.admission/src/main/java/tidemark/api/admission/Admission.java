package tidemark.api.admission;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;
import org.osgi.framework.Bundle;

/**
 * Service: lets bundles into the running platform, from the drop-in folder by itself and from elsewhere when asked. The bytes that are checked and digested are
 * those that are loaded. Any thread; one change at a time.
 */
@ProviderType
public interface Admission {
    /**
     * Installs and starts a bundle, until the platform ends.
     *
     * @throws AdmissionException for what is no bundle, is not on the allow list, is installed already, or does not resolve or start; nothing is left of it
     */
    Bundle install(Path jar) throws AdmissionException;

    /**
     * Replaces a bundle by another version of it. If that does not resolve or start, or a machine that used it stands without it afterwards, the former version
     * is put back.
     *
     * @throws AdmissionException which says so
     */
    void update(Bundle bundle, Path jar) throws AdmissionException, InterruptedException;

    /** Where what is loaded of a bundle came from; empty for what neither this service nor the launcher brought in. */
    Optional<Origin> origin(Bundle bundle);

    /** What is in the drop-in folder and is not in use, and the folder itself if it is ignored. */
    List<Refusal> refusals();

    /**
     * @param sha256 of the bytes that were loaded, in hexadecimal
     * @param since when they came
     * @param dropIn whether they are from the drop-in folder
     */
    record Origin(Path file, String sha256, Instant since, boolean dropIn) {}

    /**
     * @param file a jar, or the drop-in folder
     * @param bundle symbolic name, empty if the file has none
     * @param why with the way out
     */
    record Refusal(Path file, String bundle, String why) {}
}
