package tidemark.shell.why;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.wiring.FrameworkWiring;
import tidemark.api.admission.Admission;
import tidemark.api.admission.Admission.Refusal;

/** Why bundles do not run. */
final class BundleCauses {
    private final BundleContext context;
    private final Admission admission;

    BundleCauses(BundleContext context, Admission admission) {
        this.context = context;
        this.admission = admission;
    }

    static boolean runs(Bundle bundle) {
        return bundle.getState() == Bundle.ACTIVE || bundle.getState() == Bundle.STARTING || isFragment(bundle) && bundle.getState() == Bundle.RESOLVED;
    }

    private static boolean isFragment(Bundle bundle) {
        return bundle.getHeaders("").get(Constants.FRAGMENT_HOST) != null;
    }

    static String label(Bundle bundle) {
        return "bundle " + bundle.getSymbolicName() + " " + bundle.getVersion();
    }

    /** Of one that does not. */
    Cause of(Bundle bundle) {
        return of(bundle, new HashSet<>());
    }

    private Cause of(Bundle bundle, Set<Bundle> seen) {
        if (!seen.add(bundle)) {
            return Cause.fact(label(bundle) + " is not resolved, as above");
        }
        if (bundle.getState() == Bundle.INSTALLED) {
            return Cause.because(label(bundle) + " is not resolved", unresolved(bundle, seen));
        }
        List<Cause> refused = refusals(bundle);
        return new Cause(label(bundle) + " is not started", refused.isEmpty() ? "felix:start " + bundle.getBundleId() : "", refused);
    }

    private List<Cause> unresolved(Bundle bundle, Set<Bundle> seen) {
        FrameworkWiring framework = context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).adapt(FrameworkWiring.class);
        List<Cause> causes = new ArrayList<>();
        for (Need need : Need.of(bundle)) {
            List<Bundle> providers = need.providers(framework);
            if (providers.isEmpty()) {
                causes.add(missing(need));
            } else if (providers.stream().noneMatch(provider -> provider.equals(bundle) || provider.getState() != Bundle.INSTALLED)) {
                causes.add(Cause.because("it needs " + need + ", which another bundle would offer", providers.stream().map(provider -> of(provider, seen))
                        .toList()));
            }
        }
        return causes.isEmpty() ? List.of(Cause.last("all that it needs is there", "felix:start " + bundle.getBundleId())) : causes;
    }

    private Cause missing(Need need) {
        List<Cause> others = need.alternatives(context.getBundles()).stream().map(Cause::fact).toList();
        return new Cause("it needs " + need + ", which nobody offers", "part:install a bundle that offers " + need + (others.isEmpty() ? ""
                : ", or part:update one that is there"), others);
    }

    private List<Cause> refusals(Bundle bundle) {
        return admission.refusals().stream().filter(refusal -> refusal.bundle().equals(bundle.getSymbolicName())).map(BundleCauses::of).toList();
    }

    /** A file that was turned away. */
    static Cause of(Refusal refusal) {
        return Cause.last("file " + refusal.file() + ": " + refusal.why(), refusal.why().contains("chmod") ? refusal.why().replaceFirst(".*(?=chmod)", "")
                : "put another file in its place, or remove it");
    }
}
