package tidemark.shell.why;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleRequirement;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.FrameworkWiring;
import org.osgi.resource.Namespace;

/** What a bundle needs of others to be resolved. */
record Need(BundleRequirement requirement) {
    private static final Pattern VERSIONS = Pattern.compile("\\((?:bundle-)?version>=([^)]*)\\)(?:\\(!\\((?:bundle-)?version>=([^)]*)\\)\\))?");

    /** Those that must be fulfilled. */
    static List<Need> of(Bundle bundle) {
        BundleRevision revision = bundle.adapt(BundleRevision.class);
        return revision == null ? List.of() : revision.getDeclaredRequirements(null).stream().map(Need::new).filter(Need::isMandatory).toList();
    }

    private boolean isMandatory() {
        String resolution = directive(Namespace.REQUIREMENT_RESOLUTION_DIRECTIVE);
        return directive(Namespace.REQUIREMENT_EFFECTIVE_DIRECTIVE).matches("|" + Namespace.EFFECTIVE_RESOLVE) && resolution.matches("|"
                + Namespace.RESOLUTION_MANDATORY);
    }

    private String directive(String name) {
        return requirement.getDirectives().getOrDefault(name, "");
    }

    /** The bundles that offer it, resolved or not. */
    List<Bundle> providers(FrameworkWiring framework) {
        return framework.findProviders(requirement).stream().map(capability -> capability.getRevision().getBundle()).filter(Objects::nonNull).distinct()
                .toList();
    }

    /** What bundles offer under the same name that is not it: {@code version 1.0.0 of bundle b}. */
    List<String> alternatives(Bundle[] bundles) {
        String name = name();
        return Arrays.stream(bundles).map(bundle -> bundle.adapt(BundleRevision.class)).filter(Objects::nonNull)
                .flatMap(revision -> revision.getDeclaredCapabilities(requirement.getNamespace()).stream())
                .filter(capability -> name.equals(String.valueOf(capability.getAttributes().get(requirement.getNamespace())))).map(Need::offer).distinct()
                        .toList();
    }

    private static String offer(BundleCapability capability) {
        Object version = Optional.ofNullable(capability.getAttributes().get(Constants.VERSION_ATTRIBUTE)).orElse(capability.getRevision().getVersion());
        return "version " + version + " of it is offered by bundle " + capability.getRevision().getSymbolicName();
    }

    private String name() {
        Matcher matcher = Pattern.compile("\\(" + Pattern.quote(requirement.getNamespace()) + "=([^)]*)\\)").matcher(filter());
        return matcher.find() ? matcher.group(1) : "";
    }

    private String filter() {
        return directive(Namespace.REQUIREMENT_FILTER_DIRECTIVE);
    }

    /** As in {@code package a.b [1.0.0,2.0.0)}. */
    @Override
    public String toString() {
        if (name().isEmpty()) {
            return requirement.getNamespace() + " " + filter();
        }
        Matcher versions = VERSIONS.matcher(filter());
        String range = !versions.find() ? "" : versions.group(2) == null ? " " + versions.group(1) + " or newer" : " [" + versions.group(1) + ","
                + versions.group(2) + ")";
        return (requirement.getNamespace().equals(PackageNamespace.PACKAGE_NAMESPACE) ? "package" : requirement.getNamespace()) + " " + name() + range;
    }
}
