package tidemark.shell;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import tidemark.api.machine.Parts;
import tidemark.api.machine.Parts.PartInfo;
import tidemark.api.shell.CommandError;

/** The bundles of the platform by what people call them: symbolic name, with or without {@code tidemark.}, or the name of a part. */
final class Bundles {
    private static final String PREFIX = "tidemark.";

    private final BundleContext context;
    private final Parts parts;

    Bundles(BundleContext context, Parts parts) {
        this.context = context;
        this.parts = parts;
    }

    static String shortName(Bundle bundle) {
        return bundle.getSymbolicName().startsWith(PREFIX) ? bundle.getSymbolicName().substring(PREFIX.length()) : bundle.getSymbolicName();
    }

    Bundle get(String name) throws CommandError {
        List<Bundle> found = named(name);
        if (found.isEmpty()) {
            found = parts.list().stream().filter(p -> p.name().equals(name)).map(PartInfo::bundle).distinct().flatMap(this::find).toList();
        }
        if (found.size() > 1) {
            throw new CommandError("'" + name + "' may be any of " + found.stream().map(Bundle::getSymbolicName).toList()
                    + "; give the symbolic name");
        }
        if (found.isEmpty()) {
            throw new CommandError("There is no bundle or part '" + name + "'" + Near.hint(name, names()) + " part:list shows all parts");
        }
        return found.getFirst();
    }

    List<Bundle> named(String name) {
        return Stream.of(name, PREFIX + name).flatMap(this::find).toList();
    }

    List<Bundle> all() {
        return Arrays.stream(context.getBundles()).filter(bundle -> bundle.getSymbolicName() != null).toList();
    }

    /** All that {@link #get} knows. */
    List<String> names() {
        return Stream.concat(all().stream().map(Bundles::shortName), parts.list().stream().map(PartInfo::name)).distinct().toList();
    }

    private Stream<Bundle> find(String symbolicName) {
        return all().stream().filter(bundle -> symbolicName.equals(bundle.getSymbolicName()));
    }
}
