package tidemark.admission;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.api.admission.AdmissionException;

/** One file of the drop-in folder, read again whenever it has changed: the bundle in it, or why there is none to take. */
final class DroppedFile {
    private static final Logger LOG = LoggerFactory.getLogger(DroppedFile.class);
    /** So long a file that is no whole jar may still be on its way. */
    private static final Duration UNDERWAY = Duration.ofSeconds(2);

    private final Path file;
    private Stamp seen;
    private Stamp read;
    private Candidate candidate;
    private String refusal = "";
    private String reported = "";
    /** Its bundle was refused, for good or until there are other bundles. */
    private boolean failed;
    private boolean mayResolve;

    DroppedFile(Path file) {
        this.file = file;
    }

    /** What a look at a file's attributes gives: two that are equal are of the same content. */
    private record Stamp(Map<String, Object> attributes) {
        static Stamp of(Path file) throws IOException {
            return new Stamp(Files.readAttributes(file, "unix:ino,size,lastModifiedTime,ctime,uid,mode"));
        }

        boolean youngerThan(Duration age) {
            return ((FileTime) attributes.get("lastModifiedTime")).toInstant().isAfter(Instant.now().minus(age));
        }
    }

    /**
     * Reads it if it has changed, and stays as it is since the last look.
     *
     * @param mayChange whether to wait for that: false for what was there before anybody looked
     */
    void look(StrictModes modes, AllowList allowed, boolean mayChange) throws IOException {
        Stamp now;
        try {
            now = Stamp.of(file);
        } catch (NoSuchFileException e) {
            refusal = "it is a link that leads nowhere";
            return;
        }
        boolean stable = now.equals(seen) || !mayChange;
        seen = now;
        if (stable && !now.equals(read)) {
            Content content = read(modes, allowed);
            if (Stamp.of(file).equals(now) && !(content.unfinished && mayChange && now.youngerThan(UNDERWAY))) {
                read = now;
                candidate = content.candidate;
                refusal = content.refusal;
                failed = false;
            }
        }
    }

    /** @param unfinished whether what is wrong may be that more is to come */
    private record Content(Candidate candidate, String refusal, boolean unfinished) {}

    private Content read(StrictModes modes, AllowList allowed) throws IOException {
        try {
            Optional<String> objection = modes.objection(file);
            if (objection.isPresent()) {
                return new Content(null, objection.get(), false);
            }
            Candidate whole = Candidate.read(file);
            allowed.require(whole);
            return new Content(whole, "", false);
        } catch (ZipException e) {
            return new Content(null, "it is no jar, or not all of one: " + e.getMessage(), true);
        } catch (AdmissionException e) {
            return new Content(null, e.getMessage(), false);
        }
    }

    /** Null if there is none. */
    Candidate candidate() {
        return candidate;
    }

    boolean isFor(String symbolicName) {
        return candidate != null && candidate.symbolicName().equals(symbolicName);
    }

    /** Its bundle is in use. */
    void taken() {
        refusal = "";
    }

    /** Its bundle was refused. */
    void failedTo(AdmissionException why) {
        failed = true;
        mayResolve = why instanceof UnresolvedException;
        refusal = why.getMessage();
    }

    boolean hasFailed() {
        return failed;
    }

    /** There are other bundles now, on which it may depend. */
    void tryAgain() {
        failed &= !mayResolve;
    }

    /** Empty if it was not refused. */
    String refusal() {
        return refusal;
    }

    /** Says once why it is not taken. */
    void report() {
        if (!refusal.isEmpty() && !refusal.equals(reported)) {
            LOG.warn("{} is not taken: {}", file, refusal);
        }
        reported = refusal;
    }
}
