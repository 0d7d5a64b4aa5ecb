package tidemark.shell;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.ZipException;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import tidemark.api.machine.Parts;
import tidemark.api.machine.Parts.PartInfo;
import tidemark.api.shell.CommandError;
import tidemark.api.shell.CommandGroup;
import tidemark.api.shell.Example;
import tidemark.api.shell.Value;

/** The bundles that machines and checkpoints are made of. */
@Component(service = CommandGroup.class)
public final class PartCommands implements CommandGroup {
    private static final long APPEARS_WITHIN_MS = 2000;
    private final BundleContext context;
    private final Parts parts;

    @Activate
    public PartCommands(BundleContext context, @Reference Parts parts) {
        this.context = context;
        this.parts = parts;
    }

    @Override
    public String scope() {
        return "part";
    }

    @Override
    public String title() {
        return "Parts: the bundles that machines and checkpoints are made of";
    }

    @Descriptor("lists the parts that are deployed, their bundles and how many use them")
    @Example({"part:list", "part:list protocol"})
    public List<PartInfo> list(@Descriptor("only this kind: cpu, memory, device, tracker, copier, stop, protocol, layout, guest")
            @Value("[KIND]") String kind)
            throws CommandError {
        List<String> kinds = parts.list().stream().map(PartInfo::kind).distinct().toList();
        if (!kind.isEmpty() && !kinds.contains(kind)) {
            throw new CommandError("There is no part of kind '" + kind + "'" + Near.hint(kind, kinds) + " Deployed are "
                    + String.join(", ", kinds));
        }
        return parts.list().stream().filter(part -> kind.isEmpty() || part.kind().equals(kind)).toList();
    }

    @Descriptor("installs and starts a bundle, until the platform ends; for good: copy it into plugins/ of the platform's home")
    @Example("part:install target/protocol.mine-0.1.0-SNAPSHOT.jar")
    public List<PartInfo> install(CommandSession session, @Descriptor("the bundle's jar") @Value("FILE") String file)
            throws CommandError, IOException, InterruptedException {
        Path jar = session.currentDir().resolve(file);
        String name = symbolicName(jar);
        if (find(name).findAny().isPresent()) {
            throw new CommandError("Bundle " + name + " is installed already; write part:update " + name + " " + file);
        }
        try (InputStream in = Files.newInputStream(jar)) {
            Bundle bundle = context.installBundle(jar.toUri().toString(), in);
            start(bundle, true);
            return partsOf(bundle);
        } catch (BundleException e) {
            throw refused(jar, e);
        }
    }

    @Descriptor("replaces a bundle by another version of it; machines that use its parts stand until they are back")
    @Example({"part:update protocol.mine target/protocol.mine-0.1.1.jar",
    "part:update tracker.card tracker.card.jar    # the prefix tidemark. may be left out"})
    public List<PartInfo> update(CommandSession session, @Descriptor("symbolic name of the bundle, or name of a part")
            @Value("PART") String name,
            @Descriptor("the new jar") @Value("FILE") String file) throws CommandError, IOException, InterruptedException {
        Bundle bundle = bundle(name);
        Path jar = session.currentDir().resolve(file);
        String newName = symbolicName(jar);
        if (!newName.equals(bundle.getSymbolicName())) {
            throw new CommandError(jar + " is bundle " + newName + ", not " + bundle.getSymbolicName());
        }
        try (InputStream in = Files.newInputStream(jar)) {
            bundle.update(in);
            start(bundle, false);
            return partsOf(bundle);
        } catch (BundleException e) {
            throw refused(jar, e);
        }
    }

    @Descriptor("uninstalls a bundle; machines that use its parts stand until a replacement is there")
    @Example("part:remove protocol.mine")
    public void remove(@Descriptor("symbolic name of the bundle, or name of a part") @Value("PART") String name) throws CommandError {
        try {
            bundle(name).uninstall();
        } catch (BundleException e) {
            throw new CommandError("Cannot uninstall " + name + ": " + e.getMessage(), e);
        }
    }

    private Bundle bundle(String name) throws CommandError {
        List<String> ofPart = parts.list().stream().filter(p -> p.name().equals(name)).map(PartInfo::bundle).distinct().toList();
        List<Bundle> found = Stream.of(name, "tidemark." + name).flatMap(this::find).toList();
        if (found.isEmpty()) {
            found = ofPart.stream().flatMap(this::find).toList();
        }
        if (found.size() > 1) {
            throw new CommandError("'" + name + "' may be any of " + found.stream().map(Bundle::getSymbolicName).toList()
                    + "; give the symbolic name");
        }
        if (found.isEmpty()) {
            Stream<String> bundles = Arrays.stream(context.getBundles()).map(b -> b.getSymbolicName().replaceFirst("^tidemark\\.", ""));
            throw new CommandError("There is no bundle or part '" + name + "'"
                    + Near.hint(name, Stream.concat(bundles, parts.list().stream().map(PartInfo::name)).toList())
                    + " part:list shows all parts");
        }
        return found.getFirst();
    }

    private Stream<Bundle> find(String symbolicName) {
        return Arrays.stream(context.getBundles()).filter(bundle -> symbolicName.equals(bundle.getSymbolicName()));
    }

    private static void start(Bundle bundle, boolean isNew) throws BundleException {
        try {
            if (bundle.getHeaders("").get(Constants.FRAGMENT_HOST) == null) {
                bundle.start();
            }
        } catch (BundleException e) {
            if (isNew) {
                bundle.uninstall();
            }
            throw e;
        }
    }

    /** Its parts, which come some time after its start. */
    private List<PartInfo> partsOf(Bundle bundle) throws CommandError, InterruptedException {
        long end = System.nanoTime() + APPEARS_WITHIN_MS * 1_000_000;
        while (System.nanoTime() < end) {
            List<PartInfo> found = parts.list().stream().filter(part -> part.bundle().equals(bundle.getSymbolicName())).toList();
            if (!found.isEmpty()) {
                return found;
            }
            Thread.sleep(20);
        }
        throw new CommandError("Bundle " + bundle.getSymbolicName() + " " + bundle.getVersion()
                + " is started but offers no part: it has no component"
                + " with a name property such as tidemark.protocol=NAME, or one whose references are not there; part:remove "
                + bundle.getSymbolicName() + " removes it");
    }

    static String symbolicName(Path jar) throws CommandError, IOException {
        if (!Files.isRegularFile(jar)) {
            throw new CommandError("There is no file " + jar);
        }
        try (JarFile file = new JarFile(jar.toFile())) {
            Manifest manifest = file.getManifest();
            String name = manifest == null ? null : manifest.getMainAttributes().getValue(Constants.BUNDLE_SYMBOLICNAME);
            if (name == null) {
                throw new CommandError(jar + " is a jar but no OSGi bundle: its manifest has no " + Constants.BUNDLE_SYMBOLICNAME
                        + "; build it with bnd-maven-plugin");
            }
            return name.replaceFirst(";.*", "").strip();
        } catch (ZipException e) {
            throw new CommandError(jar + " is no jar: " + e.getMessage(), e);
        }
    }

    static CommandError refused(Path jar, BundleException e) {
        String why = e.getType() == BundleException.RESOLVE_ERROR ? "a package or service that it needs is not there: " : "";
        String message = String.valueOf(e.getMessage()).replaceFirst("(?s)\\s*Unresolved requirements:.*", "");
        String cause = e.getCause() == null || e.getCause().getMessage() == null ? "" : " (" + e.getCause().getMessage() + ")";
        return new CommandError("The framework refuses " + jar + ": " + why + message + cause, e);
    }
}
