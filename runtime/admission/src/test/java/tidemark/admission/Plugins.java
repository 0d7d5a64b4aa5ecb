package tidemark.admission;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.function.Supplier;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.hooks.resolver.ResolverHookFactory;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;
import tidemark.api.machine.Machine;
import tidemark.api.machine.Machine.Power;
import tidemark.api.machine.Machine.Status;

/** A framework with a drop-in folder, and a bundle that stands for the one that admits others. */
final class Plugins {
    final Framework framework;
    final Path folder;
    final List<Machine> machines = new ArrayList<>();
    final StrictModes modes;
    Deployer deployer;
    DropIn dropIn;
    private final Path base;

    Plugins(Path base) throws Exception {
        this.base = base;
        framework = ServiceLoader.load(FrameworkFactory.class).findFirst().orElseThrow().newFramework(Map.of(Constants.FRAMEWORK_STORAGE,
                base.resolve("cache").toString(),
                "felix.bootdelegation.implicit", "false"));
        framework.start();
        folder = Files.createDirectory(base.resolve("plug ins"));
        modes = new StrictModes((Integer) Files.getAttribute(folder, "unix:uid"), base);
    }

    /** From now on, with the bundles that are there as the platform's. */
    Plugins admit(AllowList allowed) throws Exception {
        BundleContext own = platform("self", "Import-Package: ground");
        Gatekeeper gatekeeper = new Gatekeeper(own);
        deployer = new Deployer(own, gatekeeper, () -> machines);
        dropIn = new DropIn(folder, modes, allowed, deployer);
        if (allowed.isPresent()) {
            own.registerService(ResolverHookFactory.class, gatekeeper, new Hashtable<>());
        }
        dropIn.look();
        return this;
    }

    /** A bundle that the launcher installed. */
    BundleContext platform(String name, String... headers) throws Exception {
        if (find("ground").isEmpty()) {
            install("ground", "Export-Package: ground");
        }
        return install(name, headers).getBundleContext();
    }

    private Bundle install(String name, String... headers) throws Exception {
        Path file = Files.write(base.resolve(name + ".jar"), jar(name, "1", headers));
        Bundle bundle = framework.getBundleContext().installBundle(file.toUri().toString());
        bundle.start();
        return bundle;
    }

    Path drop(String file, byte[] bytes) throws Exception {
        Path path = folder.resolve(file);
        Files.move(Files.write(folder.resolve("." + file), bytes), path, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        look();
        return path;
    }

    /** Often enough for whatever is there to be taken. */
    void look() throws Exception {
        for (int i = 0; i < 3; i++) {
            dropIn.look();
        }
    }

    Optional<Bundle> find(String name) {
        return java.util.Arrays.stream(framework.getBundleContext().getBundles()).filter(bundle -> name.equals(bundle.getSymbolicName())).findFirst();
    }

    /** The version that runs, or an empty text. */
    String runs(String name) {
        return find(name).filter(bundle -> bundle.getState() == Bundle.ACTIVE).map(bundle -> bundle.getVersion().toString()).orElse("");
    }

    String refusals() {
        return String.join("\n", dropIn.refusals().stream().map(refusal -> refusal.file().getFileName() + ": " + refusal.why()).toList());
    }

    /** A machine whose status is as asked for. */
    void machine(Supplier<Power> power) {
        machines.add((Machine) Proxy.newProxyInstance(Machine.class.getClassLoader(), new Class<?>[] {Machine.class}, (proxy, method,
                arguments) -> switch (method.getName()) {
            case "name" -> "m1";
            case "status" -> new Status(power.get(), "it does not fit", 0);
            default -> throw new UnsupportedOperationException(method.toString());
        }));
    }

    static byte[] jar(String name, String version, String... headers) throws IOException {
        StringBuilder text = new StringBuilder("Manifest-Version: 1.0\nBundle-ManifestVersion: 2\nBundle-SymbolicName: " + name + "\nBundle-Version: "
                + version + "\n");
        for (String header : headers) {
            text.append(header).append('\n');
        }
        return jar(text.toString());
    }

    static byte[] jar(String manifest) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JarOutputStream jar = new JarOutputStream(bytes,
                new Manifest(new java.io.ByteArrayInputStream(manifest.getBytes(java.nio.charset.StandardCharsets.UTF_8))));
                InputStream activator = FailingActivator.class.getResourceAsStream("FailingActivator.class")) {
            jar.putNextEntry(new ZipEntry("tidemark/admission/FailingActivator.class"));
            jar.write(activator.readAllBytes());
        }
        return bytes.toByteArray();
    }

    void close() throws Exception {
        framework.stop();
        framework.waitForStop(10_000);
    }
}
