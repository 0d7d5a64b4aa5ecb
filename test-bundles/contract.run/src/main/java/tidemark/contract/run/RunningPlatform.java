package tidemark.contract.run;

import java.io.File;
import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Hashtable;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import tidemark.api.checkpoint.Checkpoints;
import tidemark.api.machine.Machines;
import tidemark.api.machine.Parts;
import tidemark.contract.protocol.Platform;

/** The platform that this bundle is deployed in. */
record RunningPlatform(BundleContext context, Machines machines, Parts parts, Checkpoints checkpoints) implements Platform {
    @Override
    public <T> Deployment deploy(Class<T> type, String property, String name, T part) {
        ServiceRegistration<T> registration = context.registerService(type, part, new Hashtable<>(Map.of(property, name)));
        AtomicBoolean deployed = new AtomicBoolean(true);
        return () -> {
            if (deployed.getAndSet(false)) {
                registration.unregister();
            }
        };
    }

    /** Bundles are installed from files, by URL; the framework is on the launcher's own class path. */
    @Override
    public String classPath() {
        Stream<String> bundles = Arrays.stream(context.getBundles()).map(Bundle::getLocation).map(location -> location.replaceFirst("^reference:", ""))
                .filter(location -> location.startsWith("file:")).map(location -> Path.of(URI.create(location)).toString());
        return Stream.concat(bundles, Stream.of(System.getProperty("java.class.path"))).collect(Collectors.joining(File.pathSeparator));
    }
}
