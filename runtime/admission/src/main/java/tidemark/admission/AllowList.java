package tidemark.admission;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.osgi.framework.BundleContext;
import tidemark.api.admission.AdmissionException;

/**
 * The digests that are admitted, as the launcher read them from the file of {@code --allow-list} when the platform started.
 *
 * @param file empty if there is no list: then every bundle is admitted
 */
record AllowList(Optional<Path> file, Set<String> digests) {
    static final String FILE = "tidemark.allow.list";
    static final String DIGESTS = "tidemark.allow.digests";
    static final AllowList NONE = new AllowList(Optional.empty(), Set.of());

    static AllowList of(BundleContext context) {
        String file = context.getProperty(FILE);
        return file == null ? NONE : new AllowList(Optional.of(Path.of(file)), words(context.getProperty(DIGESTS)));
    }

    private static Set<String> words(String text) {
        return text == null ? Set.of() : Arrays.stream(text.split(" ")).filter(word -> !word.isEmpty()).collect(Collectors.toUnmodifiableSet());
    }

    boolean isPresent() {
        return file.isPresent();
    }

    /** A list that others may write to lists what they want. @return why it is not to be trusted, empty if it is */
    Optional<String> objection(StrictModes modes) throws IOException {
        return file.isEmpty() ? Optional.empty() : modes.objection(file.get());
    }

    void require(Candidate candidate) throws AdmissionException {
        if (isPresent() && !digests.contains(candidate.sha256())) {
            throw new AdmissionException("its SHA-256 " + candidate.sha256() + " is not on the allow list " + file.get()
                    + ", which is read when the platform starts; sha256sum writes its lines");
        }
    }
}
