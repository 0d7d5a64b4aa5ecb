package tidemark.admission;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.wiring.FrameworkWiring;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.api.admission.Admission.Origin;
import tidemark.api.admission.AdmissionException;
import tidemark.api.machine.Machine;

/** Puts bundles into the framework, exchanges and removes them. Who calls it sees to it that one change is made at a time. */
final class Deployer {
    private static final Logger LOG = LoggerFactory.getLogger(Deployer.class);

    /** One bundle of a name: a file may be replaced by one that has another bundle in it. */
    private static final String LOCATION = "admission:";

    private final BundleContext context;
    private final BundleContext framework;
    private final Gatekeeper gatekeeper;
    private final Supplier<List<Machine>> machines;
    /** Bundles that the launcher installed: their own jars are always there to go back to. */
    private final Set<Long> platform = new HashSet<>();
    private final Map<Long, Loaded> loaded = new HashMap<>();
    /** What commands brought. It comes back when a file that took its place goes. */
    private final Map<Long, Loaded> commanded = new HashMap<>();

    private record Loaded(Candidate candidate, Origin origin) {}

    /** @param context of the bundle that admits others */
    Deployer(BundleContext context, Gatekeeper gatekeeper, Supplier<List<Machine>> machines) {
        this.context = context;
        this.framework = context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).getBundleContext();
        this.gatekeeper = gatekeeper;
        this.machines = machines;
        Arrays.stream(context.getBundles()).forEach(bundle -> platform.add(bundle.getBundleId()));
    }

    Optional<Bundle> find(String symbolicName) {
        return Arrays.stream(framework.getBundles()).filter(bundle -> symbolicName.equals(bundle.getSymbolicName())).findFirst();
    }

    /** Differs whenever bundles were installed, updated or removed. */
    long changes() {
        return Arrays.stream(framework.getBundles()).mapToLong(bundle -> 31 * bundle.getBundleId() + bundle.getLastModified()).sum();
    }

    Optional<Origin> origin(Bundle bundle) {
        Loaded known = loaded.get(bundle.getBundleId());
        return known != null ? Optional.of(known.origin) : platform.contains(bundle.getBundleId()) ? ofPlatform(bundle) : Optional.empty();
    }

    private static Optional<Origin> ofPlatform(Bundle bundle) {
        String location = bundle.getLocation();
        if (!location.matches("(reference:)?file:.*")) {
            return Optional.empty();
        }
        try {
            Path file = Path.of(java.net.URI.create(location.replaceFirst("^reference:", "")));
            return Optional.of(new Origin(file, Candidate.digest(Files.readAllBytes(file)), Instant.ofEpochMilli(bundle.getLastModified()), false));
        } catch (IOException | IllegalArgumentException e) {
            LOG.debug("Cannot read {}", location, e);
            return Optional.empty();
        }
    }

    /** @throws AdmissionException if it does not start; nothing is left of it */
    Bundle install(Candidate candidate) throws AdmissionException {
        Bundle bundle = put(candidate, false);
        try {
            start(bundle);
            commanded.put(bundle.getBundleId(), loaded.get(bundle.getBundleId()));
            return bundle;
        } catch (AdmissionException e) {
            remove(bundle);
            throw e;
        }
    }

    /** @throws AdmissionException if it does not start; it stays, and may be started when there is more */
    void drop(Candidate candidate) throws AdmissionException {
        start(put(candidate, true));
    }

    private Bundle put(Candidate candidate, boolean dropIn) throws AdmissionException {
        try {
            Bundle bundle = framework.installBundle(LOCATION + candidate.symbolicName(), candidate.open());
            gatekeeper.admit(bundle);
            remember(bundle, candidate, dropIn);
            return bundle;
        } catch (BundleException e) {
            throw new AdmissionException(text(e), e);
        }
    }

    private void remember(Bundle bundle, Candidate candidate, boolean dropIn) {
        loaded.keySet().removeIf(id -> framework.getBundle(id) == null);
        commanded.keySet().removeIf(id -> framework.getBundle(id) == null);
        loaded.put(bundle.getBundleId(), new Loaded(candidate, new Origin(candidate.file(), candidate.sha256(), Instant.now(), dropIn)));
        LOG.info("Admitted {}: bundle {} {}, SHA-256 {}", candidate.file(), candidate.symbolicName(), candidate.version(), candidate.sha256());
    }

    void start(Bundle bundle) throws AdmissionException {
        try {
            if (bundle.getHeaders("").get(Constants.FRAGMENT_HOST) == null) {
                bundle.start(Bundle.START_ACTIVATION_POLICY);
            }
        } catch (BundleException e) {
            throw e.getType() == BundleException.RESOLVE_ERROR ? new UnresolvedException(text(e)) : new AdmissionException("it does not start: " + text(e), e);
        }
    }

    /** Exchanges what is loaded of a bundle, or leaves it as it was. */
    void update(Bundle bundle, Candidate candidate, boolean dropIn) throws AdmissionException, InterruptedException {
        refuseGround(bundle);
        try {
            Optional<String> unresolved = Trial.objection(framework, gatekeeper, candidate);
            if (unresolved.isPresent()) {
                throw new UnresolvedException(unresolved.get());
            }
        } catch (BundleException e) {
            throw new AdmissionException(text(e), e);
        }
        Standing standing = new Standing(machines);
        Optional<String> objection = exchange(bundle, candidate);
        if (objection.isEmpty()) {
            objection = standing.objection();
        }
        if (objection.isPresent()) {
            String put = putBack(bundle, loaded.get(bundle.getBundleId()));
            throw new AdmissionException(objection.get() + put);
        }
        remember(bundle, candidate, dropIn);
        if (!dropIn && !cameFromFolder(bundle)) {
            commanded.put(bundle.getBundleId(), loaded.get(bundle.getBundleId()));
        }
    }

    /** Such a bundle goes with its file, whatever updated it since. */
    private boolean cameFromFolder(Bundle bundle) {
        return !platform.contains(bundle.getBundleId()) && !commanded.containsKey(bundle.getBundleId());
    }

    /** What the platform itself stands on is exchanged by starting another platform. */
    private void refuseGround(Bundle bundle) throws AdmissionException {
        if (wiring().getDependencyClosure(List.of(bundle)).contains(context.getBundle())) {
            throw new AdmissionException("the running platform stands on bundle " + bundle.getSymbolicName() + "; end it to replace that");
        }
    }

    private FrameworkWiring wiring() {
        return framework.getBundle().adapt(FrameworkWiring.class);
    }

    private Optional<String> exchange(Bundle bundle, Candidate candidate) {
        gatekeeper.expect(bundle);
        try {
            bundle.update(candidate.open());
            start(bundle);
            refreshDependents(bundle);
            return Optional.empty();
        } catch (BundleException e) {
            return Optional.of(text(e));
        } catch (AdmissionException e) {
            return Optional.of(e.getMessage());
        } finally {
            gatekeeper.admit(bundle);
        }
    }

    /** Bundles that use its packages would go on with the former ones. */
    private void refreshDependents(Bundle bundle) {
        if (wiring().getRemovalPendingBundles().contains(bundle)) {
            wiring().refreshBundles(List.of(bundle));
        }
    }

    /** @param former null for what the launcher installed */
    private String putBack(Bundle bundle, Loaded former) {
        gatekeeper.expect(bundle);
        try {
            if (former == null) {
                bundle.update();
            } else {
                bundle.update(former.candidate.open());
            }
            start(bundle);
            return "; the former version is back";
        } catch (BundleException | AdmissionException e) {
            LOG.error("The former version of {} does not come back", bundle.getSymbolicName(), e);
            return "; and the former version does not come back: " + e.getMessage();
        } finally {
            gatekeeper.admit(bundle);
        }
    }

    /** What came from the drop-in folder goes. What it replaced comes back: what a command brought, else the platform's own. */
    void withdraw(Bundle bundle) throws AdmissionException {
        Loaded dropped = loaded.remove(bundle.getBundleId());
        Loaded former = commanded.get(bundle.getBundleId());
        if (former != null) {
            loaded.put(bundle.getBundleId(), former);
        }
        if (former != null && dropped != null && former.candidate.sha256().equals(dropped.candidate.sha256())) {
            LOG.info("Bundle {}: its file is gone from the drop-in folder; it stays, since a command brought it", bundle.getSymbolicName());
        } else if (former != null || platform.contains(bundle.getBundleId())) {
            String back = putBack(bundle, former);
            LOG.info("Bundle {}: its file is gone from the drop-in folder{}", bundle.getSymbolicName(), back);
        } else {
            remove(bundle);
            LOG.info("Bundle {} was removed with its file", bundle.getSymbolicName());
        }
    }

    private void remove(Bundle bundle) throws AdmissionException {
        loaded.remove(bundle.getBundleId());
        try {
            bundle.uninstall();
        } catch (BundleException e) {
            throw new AdmissionException("bundle " + bundle.getSymbolicName() + " cannot be removed: " + text(e), e);
        }
    }

    private static String text(BundleException e) {
        if (e.getType() == BundleException.RESOLVE_ERROR) {
            return Trial.unresolved(e);
        }
        Throwable cause = e;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause == e || cause.getMessage() == null ? String.valueOf(e.getMessage()) : e.getMessage() + " (" + cause.getMessage() + ")";
    }
}
