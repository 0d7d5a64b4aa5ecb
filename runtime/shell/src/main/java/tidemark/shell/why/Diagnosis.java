package tidemark.shell.why;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;
import tidemark.api.admission.Admission;
import tidemark.api.admission.Admission.Refusal;
import tidemark.api.machine.Machine;
import tidemark.api.machine.Machine.Power;
import tidemark.api.machine.Parts;
import tidemark.api.machine.Parts.PartInfo;
import tidemark.shell.why.Uses.Use;

/** Finds out why parts, bundles and machines are as they are, down to the causes. */
public final class Diagnosis {
    /** Kinds of which one part does what another does. */
    private static final List<String> EXCHANGEABLE = List.of("cpu", "memory", "firmware", "network");

    private final BundleContext context;
    private final Parts parts;
    private final Admission admission;
    private final ServiceComponentRuntime runtime;
    private final Uses uses;
    private final BundleCauses bundles;
    private final ComponentCauses components;
    private final MachineFiles files;

    public Diagnosis(BundleContext context, Parts parts, Admission admission, ServiceComponentRuntime runtime, Uses uses) {
        this.context = context;
        this.parts = parts;
        this.admission = admission;
        this.runtime = runtime;
        this.uses = uses;
        bundles = new BundleCauses(context, admission);
        components = new ComponentCauses(context, runtime, bundles);
        files = new MachineFiles(context);
    }

    /** Of everything that is not as it should be. */
    public String ofAll() {
        List<Cause> causes = new ArrayList<>(admission.refusals().stream().filter(refusal -> installed(refusal).isEmpty()).map(BundleCauses::of).toList());
        for (Bundle bundle : context.getBundles()) {
            causes.addAll(of(bundle));
        }
        uses.machines().stream().filter(machine -> stands(machine.status())).map(this::of).forEach(causes::add);
        causes.addAll(files.all());
        return causes.isEmpty() ? "Nothing is missing: " + context.getBundles().length
                + " bundles run, every component has what it needs, no machine is frozen" : Cause.render(causes);
    }

    /** What is refused but installed is explained with its bundle. */
    private Optional<Bundle> installed(Refusal refusal) {
        return Arrays.stream(context.getBundles()).filter(bundle -> refusal.bundle().equals(bundle.getSymbolicName()) && !BundleCauses.runs(bundle))
                .findFirst();
    }

    private List<Cause> of(Bundle bundle) {
        if (!BundleCauses.runs(bundle)) {
            return List.of(bundles.of(bundle));
        }
        return descriptions(bundle).filter(component -> !components.isIdle(component)).flatMap(component -> components.of(component).stream()).toList();
    }

    private Stream<ComponentDescriptionDTO> descriptions(Bundle bundle) {
        return runtime.getComponentDescriptionDTOs(bundle).stream().sorted(Comparator.comparing(component -> component.name));
    }

    /**
     * Of what a name stands for: a machine, a part of one, a part, a file that was turned away, a bundle.
     *
     * @return empty if it stands for nothing
     */
    public Optional<String> of(String name) {
        List<Cause> causes = new ArrayList<>();
        uses.machine(name).map(this::of).ifPresent(causes::add);
        causes.addAll(files.of(name));
        uses.slots(name).stream().map(this::of).forEach(causes::add);
        if (causes.isEmpty()) {
            causes.addAll(part(name));
        }
        if (causes.isEmpty()) {
            causes.addAll(bundle(name));
        }
        admission.refusals().stream().filter(refusal -> isCalled(refusal, name)).map(BundleCauses::of).filter(cause -> !mentions(causes, cause))
                .forEach(causes::add);
        return causes.isEmpty() ? Optional.empty() : Optional.of(Cause.render(causes));
    }

    /** The machines that files describe but that are not there. */
    public List<String> failedMachines() {
        return files.names();
    }

    private static boolean mentions(List<Cause> causes, Cause cause) {
        return Cause.render(causes).contains(cause.text());
    }

    private static boolean isCalled(Refusal refusal, String name) {
        String file = refusal.file().getFileName().toString();
        return name.equals(file) || name.equals(file.replaceFirst("\\.jar$", "")) || refusal.bundle().equals(name) || refusal.bundle().equals("tidemark."
                + name)
                || refusal.bundle().endsWith("." + name);
    }

    // Machines

    /** Not by its user's wish. */
    private static boolean stands(Machine.Status status) {
        return status.power() == Power.FROZEN || status.power() == Power.PAUSED && !status.reason().isEmpty();
    }

    private Cause of(Machine machine) {
        Machine.Status status = machine.status();
        String text = "machine " + machine.name() + " is " + status.power().name().toLowerCase(Locale.ROOT) + (status.reason().isEmpty() ? "" : ": "
                + status.reason());
        List<Cause> missing = machine.parts().stream().map(part -> new Use(machine, part)).filter(this::isMissing).map(this::of).toList();
        return status.power() != Power.FROZEN || !missing.isEmpty() ? Cause.because(text, missing) : Cause.last(text, "vm:reset " + machine.name());
    }

    private boolean isMissing(Use use) {
        return !parts.names(use.part().kind()).contains(use.part().name());
    }

    private Cause of(Use use) {
        String label = use.machine().name() + "." + use.part().part() + " is " + use.part().kind() + " '" + use.part().name() + "'";
        if (!isMissing(use)) {
            return Cause.because(label + ", which is there", part(use.part().name(), use.part().kind()));
        }
        List<String> others = EXCHANGEABLE.contains(use.part().kind()) ? parts.names(use.part().kind()) : List.of();
        return new Cause(label + ", which is not there", others.isEmpty() ? "" : "vm:use " + use.machine().name() + " " + use.part().part() + "="
                + others.getFirst(),
                absent(use.part().name(), use.part().kind()));
    }

    // Parts

    private List<Cause> part(String name) {
        List<Cause> there = new ArrayList<>();
        for (String kind : parts.list().stream().filter(part -> part.name().equals(name) || name.equals(part.kind() + "." + part.name()))
                .map(PartInfo::kind).distinct().toList()) {
            there.addAll(part(name.startsWith(kind + ".") ? name.substring(kind.length() + 1) : name, kind));
        }
        return there.isEmpty() ? declared(name) : there;
    }

    /** One that is there: who offers it, the one in use first. */
    private List<Cause> part(String name, String kind) {
        List<Cause> causes = new ArrayList<>();
        String used = String.join(", ", uses.of(kind, name));
        for (ServiceReference<?> offer : offers(kind, name)) {
            boolean first = causes.isEmpty();
            String rank = String.valueOf(Optional.ofNullable(offer.getProperty(Constants.SERVICE_RANKING)).orElse(0));
            String text = kind + " '" + name + "' is offered by " + BundleCauses.label(offer.getBundle()) + ", ranking " + rank
                    + (first ? used.isEmpty() ? "; nobody uses it" : "; used by " + used : "; not taken, the one above is before it");
            causes.add(Cause.because(text, failures(offer.getBundle(), name)));
        }
        return causes;
    }

    private List<Cause> failures(Bundle bundle, String name) {
        return descriptions(bundle).filter(component -> DeclaredParts.offers(component.properties, name))
                .flatMap(component -> components.of(component).stream()).toList();
    }

    private List<ServiceReference<?>> offers(String kind, String name) {
        try {
            ServiceReference<?>[] found = context.getAllServiceReferences(null, "(tidemark." + kind + "=" + name.replaceAll("([\\\\*()])", "\\\\$1") + ")");
            return found == null ? List.of() : Stream.<ServiceReference<?>>of(found).sorted(Comparator.reverseOrder()).toList();
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** One that is not there. */
    private List<Cause> absent(String name, String kind) {
        List<Cause> declared = declared(name);
        return declared.isEmpty() ? List.of(Cause.last("no bundle here has a " + kind + " part '" + name + "'", "part:install a bundle that has it"))
                : declared;
    }

    /** The bundles that would offer it. */
    private List<Cause> declared(String name) {
        return Arrays.stream(context.getBundles()).filter(bundle -> DeclaredParts.offers(bundle, name, runtime)).flatMap(bundle -> {
            List<Cause> causes = BundleCauses.runs(bundle) ? failures(bundle, name) : List.of(bundles.of(bundle));
            return causes.isEmpty() ? Stream.of(Cause.fact(BundleCauses.label(bundle) + " runs, and is about to offer it")) : causes.stream();
        }).toList();
    }

    // Bundles

    private List<Cause> bundle(String name) {
        return Arrays.stream(context.getBundles()).filter(bundle -> isCalled(bundle, name)).map(bundle -> {
            List<Cause> causes = of(bundle);
            if (!causes.isEmpty() && !BundleCauses.runs(bundle)) {
                return causes.getFirst();
            }
            List<Cause> offered = parts.list().stream().filter(part -> part.bundle().equals(bundle.getSymbolicName())).flatMap(part -> part(part.name(),
                    part.kind()).stream())
                    .distinct().toList();
            return Cause.because(BundleCauses.label(bundle) + " runs" + (causes.isEmpty() && offered.isEmpty() ? ", and has no part" : ""),
                    Stream.concat(causes.stream(), offered.stream()).distinct().toList());
        }).toList();
    }

    private static boolean isCalled(Bundle bundle, String name) {
        return name.equals(bundle.getSymbolicName()) || ("tidemark." + name).equals(bundle.getSymbolicName());
    }
}
