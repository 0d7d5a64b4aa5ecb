package tidemark.contract.run;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
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

    /** The platform's own bundles are files, others are unpacked; the framework is on the launcher's own class path. */
    @Override
    public String classPath(Path folder) throws IOException {
        List<String> places = new ArrayList<>();
        for (Bundle bundle : context.getBundles()) {
            String location = bundle.getLocation().replaceFirst("^reference:", "");
            if (location.startsWith("file:")) {
                places.add(Path.of(URI.create(location)).toString());
            } else if (bundle.getBundleId() != Constants.SYSTEM_BUNDLE_ID) {
                places.add(unpack(bundle, folder.resolve(Long.toString(bundle.getBundleId()))).toString());
            }
        }
        places.add(System.getProperty("java.class.path"));
        return String.join(File.pathSeparator, places);
    }

    /** OSGi says null for none. */
    private static List<URL> entries(Enumeration<URL> found) {
        return found == null ? List.of() : Collections.list(found);
    }

    private static Path unpack(Bundle bundle, Path folder) throws IOException {
        for (URL entry : entries(bundle.findEntries("/", "*.class", true))) {
            Path file = folder.resolve(entry.getPath().substring(1));
            Files.createDirectories(file.getParent());
            try (InputStream in = entry.openStream()) {
                Files.copy(in, file);
            }
        }
        return folder;
    }
}
