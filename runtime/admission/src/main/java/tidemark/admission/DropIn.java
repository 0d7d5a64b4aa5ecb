package tidemark.admission;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.api.admission.Admission.Refusal;
import tidemark.api.admission.AdmissionException;

/**
 * The drop-in folder: what is in it is deployed. Of several files of one bundle the newest version that is not refused is; a file whose bundle is the
 * platform's
 * own takes its place, until the file goes. A file is taken when it did not change between two looks at it and is a whole jar. One thread at a time.
 */
final class DropIn {
    private static final Logger LOG = LoggerFactory.getLogger(DropIn.class);
    private static final String SUFFIX = ".jar";
    private static final int MAX_PASSES = 10;
    private static final Comparator<Candidate> NEWEST = Comparator.comparing(Candidate::version).thenComparing(candidate -> candidate.file().toString());

    private final Path folder;
    private final StrictModes modes;
    private final AllowList allowed;
    private final Deployer deployer;
    private final Map<Path, DroppedFile> entries = new TreeMap<>();
    /** By symbolic name: what this folder has deployed last. */
    private final Map<String, Candidate> deployed = new HashMap<>();
    private String folderRefusal = "";
    private boolean watching;
    private long bundlesSeen;

    DropIn(Path folder, StrictModes modes, AllowList allowed, Deployer deployer) {
        this.folder = folder;
        this.modes = modes;
        this.allowed = allowed;
        this.deployer = deployer;
    }

    /** Takes what came and changed, gives up what went. */
    void look() throws InterruptedException {
        try {
            if (isTrusted()) {
                lookAt(jars());
                deployAll();
                report();
            }
        } catch (IOException e) {
            refuseFolder("cannot be read: " + e);
        }
        watching = true;
    }

    private boolean isTrusted() throws IOException {
        if (!Files.exists(folder)) {
            return true;
        }
        Optional<String> objection = modes.objection(folder);
        if (objection.isEmpty()) {
            objection = allowed.objection(modes).map(list -> "the allow list is not to be trusted, " + list);
        }
        refuseFolder(objection.map(why -> "is ignored: " + why).orElse(""));
        return objection.isEmpty();
    }

    private void refuseFolder(String why) {
        if (!why.isEmpty() && !why.equals(folderRefusal)) {
            LOG.warn("The folder {} {}", folder, why);
        }
        folderRefusal = why;
    }

    private List<Path> jars() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(file -> file.getFileName().toString().endsWith(SUFFIX) && !file.getFileName().toString().startsWith(".")).sorted().toList();
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }

    // Files

    private void lookAt(List<Path> files) {
        entries.keySet().retainAll(files);
        for (Path file : files) {
            DroppedFile entry = entries.computeIfAbsent(file, DroppedFile::new);
            try {
                entry.look(modes, allowed, watching);
            } catch (IOException e) {
                LOG.debug("{} went while it was looked at", file, e);
            }
        }
    }

    // Bundles

    /** Until nothing more comes of it: what was refused may have what it needs now. */
    private void deployAll() throws InterruptedException {
        long seen = bundlesSeen;
        for (int pass = 0; pass < MAX_PASSES && (pass == 0 || seen != deployer.changes()); pass++) {
            if (seen != deployer.changes()) {
                entries.values().forEach(DroppedFile::tryAgain);
            }
            seen = deployer.changes();
            for (String name : names()) {
                deploy(name);
            }
        }
        bundlesSeen = deployer.changes();
    }

    /** Those that are new first: others may need them. */
    private List<String> names() {
        TreeSet<String> names = new TreeSet<>(deployed.keySet());
        entries.values().stream().filter(entry -> entry.candidate() != null).forEach(entry -> names.add(entry.candidate().symbolicName()));
        return names.stream().sorted(Comparator.comparing(name -> deployer.find(name).isPresent())).toList();
    }

    private void deploy(String name) throws InterruptedException {
        Optional<DroppedFile> newest = entries.values().stream().filter(entry -> entry.isFor(name)
                && !entry.hasFailed()).max(Comparator.comparing(entry -> entry.candidate(), NEWEST));
        Candidate former = deployed.get(name);
        try {
            if (newest.isPresent()) {
                exchange(newest.get(), former);
            } else if (former != null && !isStillThere(former)) {
                deployed.remove(name);
                withdraw(name);
            }
        } catch (AdmissionException e) {
            newest.ifPresentOrElse(entry -> entry.failedTo(e), () -> LOG.error("{} stays: {}", name, e.getMessage()));
        }
    }

    private void exchange(DroppedFile entry, Candidate former) throws AdmissionException, InterruptedException {
        Candidate next = entry.candidate();
        if (former != null && former.sha256().equals(next.sha256()) && entry.refusal().isEmpty()
                || former != null && isStillThere(former) && !former.file().equals(next.file()) && NEWEST.compare(next, former) < 0) {
            return;
        }
        Optional<Bundle> bundle = deployer.find(next.symbolicName());
        if (bundle.isEmpty()) {
            deployed.put(next.symbolicName(), next);
            deployer.drop(next);
        } else if (deployer.origin(bundle.get()).filter(origin -> origin.sha256().equals(next.sha256())).isPresent()) {
            deployed.put(next.symbolicName(), next);
            deployer.start(bundle.get());
        } else {
            deployer.update(bundle.get(), next, true);
            deployed.put(next.symbolicName(), next);
        }
        entry.taken();
    }

    /** A bad file in the place of a good one does not take the good one away. */
    private boolean isStillThere(Candidate former) {
        DroppedFile entry = entries.get(former.file());
        return entry != null && (entry.candidate() == null || entry.isFor(former.symbolicName()));
    }

    private void withdraw(String name) throws AdmissionException {
        Optional<Bundle> bundle = deployer.find(name);
        if (bundle.isPresent()) {
            deployer.withdraw(bundle.get());
        }
    }

    // What is refused

    private void report() {
        entries.values().forEach(DroppedFile::report);
    }

    List<Refusal> refusals() {
        List<Refusal> refusals = new ArrayList<>();
        if (!folderRefusal.isEmpty()) {
            refusals.add(new Refusal(folder, "", folderRefusal));
        }
        entries.forEach((file, entry) -> {
            String name = entry.candidate() == null ? "" : entry.candidate().symbolicName();
            Candidate used = deployed.get(name);
            if (!entry.refusal().isEmpty()) {
                refusals.add(new Refusal(file, name, entry.refusal()));
            } else if (used != null && !used.file().equals(file)) {
                refusals.add(new Refusal(file, name, "version " + entry.candidate().version() + " is not used: " + used.file() + " has version "
                        + used.version()));
            }
        });
        return refusals;
    }
}
