package tidemark.admission;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Hashtable;
import java.util.List;
import java.util.Optional;
import java.util.zip.ZipException;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.hooks.resolver.ResolverHookFactory;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.api.admission.Admission;
import tidemark.api.admission.AdmissionException;
import tidemark.api.machine.Machine;
import tidemark.api.machine.Machines;

/** Watches {@code plugins/} of the platform's home, and lets in what commands bring. */
@Component(immediate = true)
public final class AdmissionService implements Admission {
    private static final Logger LOG = LoggerFactory.getLogger(AdmissionService.class);
    private static final String HOME = "tidemark.home";
    private static final String FOLDER = "plugins";
    private static final long LOOK_EVERY_MS = 100;
    private static final long ENDS_WITHIN_MS = 2000;

    private final BundleContext context;
    private final AllowList allowed;
    private final StrictModes modes;
    private final Deployer deployer;
    private final Optional<DropIn> dropIn;
    private final Thread watcher = Thread.ofPlatform().daemon().name("tidemark-plugins").unstarted(this::watch);
    private volatile boolean ended;

    @Activate
    public AdmissionService(BundleContext context) throws IOException, InterruptedException {
        this.context = context;
        allowed = AllowList.of(context);
        // the framework's own folder is whose process this is
        int user = (Integer) Files.getAttribute(context.getDataFile("").toPath(), "unix:uid");
        modes = new StrictModes(user, Path.of(System.getProperty("user.home")));
        Gatekeeper gatekeeper = new Gatekeeper(context);
        deployer = new Deployer(context, gatekeeper, this::machines);
        if (allowed.isPresent()) {
            context.registerService(ResolverHookFactory.class, gatekeeper, new Hashtable<>());
            LOG.info("Only the {} bundles on the allow list {} are admitted", allowed.digests().size(), allowed.file().orElseThrow());
        }
        dropIn = Optional.ofNullable(context.getProperty(HOME)).map(home -> new DropIn(Path.of(home, FOLDER), modes, allowed, deployer));
        // what is there already is deployed before anybody asks for it
        look();
        watcher.start();
    }

    @Deactivate
    void deactivate() throws InterruptedException {
        ended = true;
        watcher.interrupt();
        watcher.join(ENDS_WITHIN_MS);
    }

    private void watch() {
        try {
            while (!ended) {
                Thread.sleep(LOOK_EVERY_MS);
                look();
            }
        } catch (InterruptedException e) {
            LOG.debug("The drop-in folder is not watched any more");
        } catch (IllegalStateException e) {
            LOG.debug("The platform goes down", e);
        }
    }

    private synchronized void look() throws InterruptedException {
        if (dropIn.isPresent()) {
            dropIn.get().look();
        }
    }

    private List<Machine> machines() {
        ServiceReference<Machines> reference = context.getServiceReference(Machines.class);
        Machines machines = reference == null ? null : context.getService(reference);
        return machines == null ? List.of() : machines.list();
    }

    // Admission

    @Override
    public synchronized Bundle install(Path jar) throws AdmissionException {
        Candidate candidate = read(jar);
        Optional<Bundle> installed = deployer.find(candidate.symbolicName());
        if (installed.isPresent()) {
            throw new AdmissionException("Bundle " + candidate.symbolicName() + " is installed already; write part:update " + candidate.symbolicName() + " "
                    + jar);
        }
        try {
            return deployer.install(candidate);
        } catch (AdmissionException e) {
            throw refused(jar, e);
        }
    }

    @Override
    public synchronized void update(Bundle bundle, Path jar) throws AdmissionException, InterruptedException {
        Candidate candidate = read(jar);
        if (!candidate.symbolicName().equals(bundle.getSymbolicName())) {
            throw new AdmissionException(jar + " is bundle " + candidate.symbolicName() + ", not " + bundle.getSymbolicName());
        }
        try {
            deployer.update(bundle, candidate, false);
        } catch (AdmissionException e) {
            throw refused(jar, e);
        }
    }

    private Candidate read(Path jar) throws AdmissionException {
        if (!Files.exists(jar)) {
            throw new AdmissionException("There is no file " + jar);
        }
        try {
            Optional<String> objection = allowed.objection(modes);
            if (objection.isPresent()) {
                throw new AdmissionException("the allow list is not to be trusted, " + objection.get());
            }
            Candidate candidate = Candidate.read(jar);
            allowed.require(candidate);
            return candidate;
        } catch (ZipException e) {
            throw new AdmissionException(jar + " is no jar, or not all of one: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new AdmissionException("Cannot read " + jar + ": " + e.getMessage(), e);
        } catch (AdmissionException e) {
            throw refused(jar, e);
        }
    }

    private static AdmissionException refused(Path jar, AdmissionException e) {
        return new AdmissionException(jar + " is not taken: " + e.getMessage(), e);
    }

    @Override
    public synchronized Optional<Origin> origin(Bundle bundle) {
        return deployer.origin(bundle);
    }

    @Override
    public synchronized List<Refusal> refusals() {
        return dropIn.map(DropIn::refusals).orElse(List.of());
    }
}
