package tidemark.machine;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.util.tracker.ServiceTracker;
import org.osgi.util.tracker.ServiceTrackerCustomizer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.api.machine.MachineException;
import tidemark.api.machine.Nearest;
import tidemark.api.machine.Parts;

/** Parts are services with a property {@code tidemark.<kind>}; its value is the name, or several names. */
@Component(service = Parts.class)
public final class PartRegistry implements Parts, ServiceTrackerCustomizer<Object, PartRegistry.Part> {
    private static final Logger LOG = LoggerFactory.getLogger(PartRegistry.class);
    private static final String PREFIX = "tidemark.";
    private static final long ENDS_WITHIN_SECONDS = 5;
    private static final List<String> KINDS = List.of("cpu", "memory", "device", "tracker", "copier", "stop", "protocol", "layout", "guest", "firmware", "disk", "network");

    private final BundleContext context;
    private final ServiceTracker<Object, Part> tracker;
    /** What is deployed, before any listener is told of it. */
    private final Map<ServiceReference<Object>, Part> deployed = new ConcurrentHashMap<>();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final ExecutorService notifier = Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("tidemark-parts").factory());
    private final AtomicBoolean notifying = new AtomicBoolean();

    @Activate
    public PartRegistry(BundleContext context) throws InvalidSyntaxException {
        this.context = context;
        StringBuilder filter = new StringBuilder("(|");
        KINDS.forEach(kind -> filter.append('(').append(PREFIX).append(kind).append("=*)"));
        tracker = new ServiceTracker<>(context, context.createFilter(filter.append(')').toString()), this);
        tracker.open();
    }

    @Deactivate
    void deactivate() {
        listeners.clear();
        tracker.close();
        notifier.shutdown();
        try {
            notifier.awaitTermination(ENDS_WITHIN_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A deployed service that is one or several parts. */
    static final class Part {
        private final ServiceReference<Object> reference;
        private final List<UseOfPart<?>> uses = new CopyOnWriteArrayList<>();

        Part(ServiceReference<Object> reference) {
            this.reference = reference;
        }

        List<String> names(String kind) {
            return switch (reference.getProperty(PREFIX + kind)) {
                case null -> List.of();
                case String[] names -> List.of(names);
                case Object name -> List.of(name.toString());
            };
        }

        PartInfo info(String kind, String name) {
            Bundle bundle = reference.getBundle();
            if (bundle == null) {
                return new PartInfo(kind, name, "", "", "gone", uses.size());
            }
            return new PartInfo(kind, name, bundle.getSymbolicName(), bundle.getVersion().toString(), state(bundle.getState()), uses.size());
        }

        private static String state(int state) {
            String name = switch (state) {
                case Bundle.ACTIVE -> "ACTIVE";
                case Bundle.STARTING -> "STARTING";
                case Bundle.STOPPING -> "STOPPING";
                case Bundle.RESOLVED -> "RESOLVED";
                default -> "UNINSTALLED";
            };
            return name.toLowerCase(Locale.ROOT);
        }
    }

    private final class UseOfPart<T> implements Use<T> {
        private final Part part;
        private final T service;
        private final String kind;
        private final String name;
        private final Runnable gone;
        private final AtomicBoolean open = new AtomicBoolean(true);

        UseOfPart(Part part, T service, String kind, String name, Runnable gone) {
            this.part = part;
            this.service = service;
            this.kind = kind;
            this.name = name;
            this.gone = gone;
        }

        @Override
        public T part() {
            return service;
        }

        @Override
        public PartInfo info() {
            return part.info(kind, name);
        }

        @Override
        public void close() {
            if (open.compareAndSet(true, false)) {
                leave();
            }
        }

        void goes() {
            if (open.compareAndSet(true, false)) {
                try {
                    gone.run();
                } catch (RuntimeException e) {
                    LOG.error("A user of {} part '{}' failed to leave it", kind, name, e);
                }
                leave();
            }
        }

        private void leave() {
            part.uses.remove(this);
            context.ungetService(part.reference);
        }
    }

    // Parts

    @Override
    public List<PartInfo> list() {
        List<PartInfo> infos = new ArrayList<>();
        for (Part part : parts()) {
            KINDS.forEach(kind -> part.names(kind).forEach(name -> infos.add(part.info(kind, name))));
        }
        infos.sort(Comparator.comparing(PartInfo::kind).thenComparing(PartInfo::name));
        return infos;
    }

    @Override
    public List<String> names(String kind) {
        return List.copyOf(new TreeSet<>(parts().stream().flatMap(part -> part.names(kind).stream()).toList()));
    }

    @Override
    public <T> Use<T> use(Class<T> type, String kind, String name, Runnable gone) {
        Part part = parts().stream().filter(p -> p.names(kind).contains(name)).max(Comparator.comparing(p -> p.reference))
                .orElseThrow(() -> new MachineException("No " + kind + " part '" + name + "' is deployed; " + Nearest.hint(name, names(kind))));
        Object service = context.getService(part.reference);
        if (service == null) {
            throw new MachineException("The " + kind + " part '" + name + "' of bundle " + part.info(kind, name).bundle()
                    + " cannot be had: its component does not start; the log says why");
        }
        if (!type.isInstance(service)) {
            context.ungetService(part.reference);
            throw new MachineException("The " + kind + " part '" + name + "' of bundle " + part.info(kind, name).bundle() + " is no " + type.getName());
        }
        UseOfPart<T> use = new UseOfPart<>(part, type.cast(service), kind, name, gone);
        part.uses.add(use);
        if (!parts().contains(part)) {
            use.goes();
        }
        return use;
    }

    @Override
    public AutoCloseable onChange(Runnable change) {
        listeners.add(change);
        return () -> listeners.remove(change);
    }

    private List<Part> parts() {
        return List.copyOf(deployed.values());
    }

    // The tracker's side, synchronous with the service's registration

    @Override
    public Part addingService(ServiceReference<Object> reference) {
        Part part = new Part(reference);
        deployed.put(reference, part);
        changed();
        return part;
    }

    @Override
    public void modifiedService(ServiceReference<Object> reference, Part part) {
        changed();
    }

    /** While the service still answers: ServiceEvent.UNREGISTERING. */
    @Override
    public void removedService(ServiceReference<Object> reference, Part part) {
        deployed.remove(reference);
        part.uses.forEach(UseOfPart::goes);
        changed();
    }

    /** Tells the listeners, on a thread that holds no lock of the framework; once for several changes at a time. */
    private void changed() {
        if (notifying.compareAndSet(false, true)) {
            try {
                notifier.execute(this::tellListeners);
            } catch (RejectedExecutionException e) {
                LOG.debug("Parts change while the platform goes down");
            }
        }
    }

    private void tellListeners() {
        notifying.set(false);
        for (Runnable listener : listeners) {
            try {
                listener.run();
            } catch (RuntimeException e) {
                LOG.error("A listener to parts failed", e);
            }
        }
    }
}
