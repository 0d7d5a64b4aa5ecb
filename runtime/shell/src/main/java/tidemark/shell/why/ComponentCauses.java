package tidemark.shell.why;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;
import org.osgi.service.component.runtime.dto.UnsatisfiedReferenceDTO;

/** Why components of bundles that run offer nothing: as DS sees it, down the references that are not satisfied. */
final class ComponentCauses {
    private static final String REQUIRE = "require";

    private final BundleContext context;
    private final ServiceComponentRuntime runtime;
    private final BundleCauses bundles;

    ComponentCauses(BundleContext context, ServiceComponentRuntime runtime, BundleCauses bundles) {
        this.context = context;
        this.runtime = runtime;
        this.bundles = bundles;
    }

    /** Empty for one that offers what it should. */
    Optional<Cause> of(ComponentDescriptionDTO component) {
        return of(component, new HashSet<>());
    }

    /** Whether it waits for a configuration that nobody has to give: it is a kind of thing of which there may be none. */
    boolean isIdle(ComponentDescriptionDTO component) {
        return REQUIRE.equals(component.configurationPolicy) && runtime.getComponentConfigurationDTOs(component).isEmpty()
                && DeclaredParts.of(component.properties).isEmpty();
    }

    private Optional<Cause> of(ComponentDescriptionDTO component, Set<String> seen) {
        String label = "component " + component.name;
        if (!seen.add(component.bundle.id + "/" + component.name)) {
            return Optional.of(Cause.fact(label + " waits for itself"));
        }
        if (!runtime.isComponentEnabled(component)) {
            return Optional.of(Cause.last(label + " is disabled", "scr:enable " + component.name));
        }
        List<ComponentConfigurationDTO> configurations = List.copyOf(runtime.getComponentConfigurationDTOs(component));
        if (configurations.isEmpty() && REQUIRE.equals(component.configurationPolicy)) {
            return Optional.of(unconfigured(label, component));
        }
        List<Cause> causes = configurations.stream().flatMap(configuration -> of(label, configuration, seen).stream()).toList();
        return causes.isEmpty() ? Optional.empty() : Optional.of(causes.size() == 1 ? causes.getFirst() : Cause.because(label, causes));
    }

    private static Cause unconfigured(String label, ComponentDescriptionDTO component) {
        String pid = component.configurationPid == null || component.configurationPid.length == 0 ? component.name : component.configurationPid[0];
        return Cause.last(label + " has no configuration " + pid, "write " + pid + ".config into machines/ of the platform's home");
    }

    private Optional<Cause> of(String label, ComponentConfigurationDTO configuration, Set<String> seen) {
        return switch (configuration.state) {
            case ComponentConfigurationDTO.UNSATISFIED_CONFIGURATION -> Optional.of(unconfigured(label, configuration.description));
            case ComponentConfigurationDTO.UNSATISFIED_REFERENCE -> Optional.of(Cause.because(label + " is not satisfied",
                    Arrays.stream(configuration.unsatisfiedReferences).map(reference -> of(reference, configuration.description, seen)).toList()));
            case ComponentConfigurationDTO.FAILED_ACTIVATION -> Optional.of(Cause.last(label + " failed when it was activated: "
                    + message(configuration.failure),
                    update(configuration.description)));
            case ComponentConfigurationDTO.SATISFIED -> idle(label, configuration.description);
            default -> Optional.empty();
        };
    }

    private static String update(ComponentDescriptionDTO component) {
        return "mend that and part:update " + component.bundle.symbolicName.replaceFirst("^tidemark\\.", "") + " FILE";
    }

    /** One that is not immediate is activated when somebody uses it. */
    private static Optional<Cause> idle(String label, ComponentDescriptionDTO component) {
        return component.immediate ? Optional.of(Cause.last(label + " was not activated: there is no class " + component.implementationClass
                + " in it, or it fails; the log says more",
                update(component))) : Optional.empty();
    }

    /** The last cause in a stack trace. */
    static String message(String trace) {
        List<String> lines = trace == null ? List.of() : trace.lines().toList();
        return Stream.concat(lines.reversed().stream().filter(line -> line.startsWith("Caused by: ")), lines.stream()).findFirst().orElse("it does not say why")
                .replaceFirst("^Caused by: ", "");
    }

    // References

    private Cause of(UnsatisfiedReferenceDTO reference, ComponentDescriptionDTO component, Set<String> seen) {
        String wanted = Arrays.stream(component.references).filter(each -> each.name.equals(reference.name)).map(each -> each.interfaceName).findFirst()
                .orElse("?");
        String target = reference.target == null ? "" : reference.target;
        List<Cause> suppliers = suppliers(wanted, target, seen);
        String text = "it has nobody for " + reference.name + ": a service " + wanted + (target.isEmpty() ? "" : " with " + target);
        return suppliers.isEmpty() ? Cause.last(text + "; no bundle here offers one", "part:install a bundle that offers " + wanted + (target.isEmpty() ? ""
                : " with " + target))
                : Cause.because(text, suppliers);
    }

    /** Who offers such a service, or would. */
    private List<Cause> suppliers(String wanted, String target, Set<String> seen) {
        List<Cause> causes = new ArrayList<>();
        for (ComponentDescriptionDTO component : runtime.getComponentDescriptionDTOs()) {
            if (component.serviceInterfaces != null && List.of(component.serviceInterfaces).contains(wanted)) {
                supplier(component, target, seen).ifPresent(causes::add);
            }
        }
        Arrays.stream(context.getBundles()).filter(bundle -> !BundleCauses.runs(bundle) && offers(bundle, wanted)).map(bundles::of).forEach(causes::add);
        return causes;
    }

    private Optional<Cause> supplier(ComponentDescriptionDTO component, String target, Set<String> seen) {
        if (!matches(target, component.properties)) {
            Map<String, Object> own = new TreeMap<>(component.properties);
            return Optional.of(Cause.last("component " + component.name + " offers one with " + own, "part:install a bundle that offers one with " + target));
        }
        return of(component, seen);
    }

    private static boolean matches(String target, Map<String, Object> properties) {
        try {
            return target.isEmpty() || FrameworkUtil.createFilter(target).matches(properties);
        } catch (InvalidSyntaxException e) {
            // DS has warned of it; it matches nobody
            return false;
        }
    }

    /** As bnd writes it for components. */
    private static boolean offers(Bundle bundle, String service) {
        String capabilities = bundle.getHeaders("").get("Provide-Capability");
        return capabilities != null && capabilities.contains("osgi.service;") && capabilities.matches("(?s).*[\"',]" + java.util.regex.Pattern.quote(service)
                + "[\"',].*");
    }
}
