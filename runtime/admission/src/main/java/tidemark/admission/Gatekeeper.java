package tidemark.admission;

import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.hooks.resolver.ResolverHook;
import org.osgi.framework.hooks.resolver.ResolverHookFactory;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleRequirement;
import org.osgi.framework.wiring.BundleRevision;

/**
 * Keeps the framework from resolving what was not admitted, whoever installed it: the platform's own commands, Gogo's, another bundle. What is not resolved has
 * no classes.
 */
final class Gatekeeper implements ResolverHookFactory, ResolverHook {
    private final Set<BundleRevision> admitted = Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));
    /** Bundles whose next revision is admitted. */
    private final Set<Long> coming = ConcurrentHashMap.newKeySet();

    /** Admits what the launcher installed. */
    Gatekeeper(BundleContext context) {
        Arrays.stream(context.getBundles()).forEach(this::admit);
    }

    /** Whatever comes into this bundle until {@link #admit} is admitted. */
    void expect(Bundle bundle) {
        coming.add(bundle.getBundleId());
    }

    void admit(Bundle bundle) {
        BundleRevision revision = bundle.adapt(BundleRevision.class);
        if (revision != null) {
            admitted.add(revision);
        }
        coming.remove(bundle.getBundleId());
    }

    @Override
    public ResolverHook begin(Collection<BundleRevision> triggers) {
        return this;
    }

    @Override
    public void filterResolvable(Collection<BundleRevision> candidates) {
        candidates.removeIf(revision -> !admitted.contains(revision) && !coming.contains(revision.getBundle().getBundleId()));
    }

    @Override
    public void filterSingletonCollisions(BundleCapability singleton, Collection<BundleCapability> collisions) {}

    @Override
    public void filterMatches(BundleRequirement requirement, Collection<BundleCapability> candidates) {}

    @Override
    public void end() {}
}
