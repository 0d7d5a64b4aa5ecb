package tidemark.shell;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Parameter;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.wiring.FrameworkWiring;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import tidemark.api.machine.Machines;
import tidemark.api.shell.CommandError;
import tidemark.api.shell.CommandGroup;
import tidemark.api.shell.Example;
import tidemark.api.shell.Value;

/** Stand before Felix's own commands, which stop whatever bundle they are told, and whatever depends on it, without a word: also what machines live in. */
@Component(service = CommandGroup.class)
public final class FrameworkCommands implements CommandGroup {
    private final BundleContext context;
    private final Endangered endangered;

    @Activate
    public FrameworkCommands(BundleContext context, @Reference Machines machines, @Reference ServiceComponentRuntime runtime) {
        this.context = context;
        endangered = new Endangered(context, machines, runtime);
    }

    @Override
    public String scope() {
        return "felix";
    }

    @Override
    public String title() {
        return "The framework";
    }

    @Descriptor("restarts bundles and all that depend on them, so that they take new packages; asks if machines would end")
    @Example({"felix:refresh", "felix:refresh tidemark.tracker.card"})
    public void refresh(CommandSession session, @Descriptor("ids or symbolic names (all that wait for it)") @Value("[BUNDLE]") List<String> names,
            @Descriptor("does not ask") @Parameter(names = {"-y", "--yes"}, absentValue = "false", presentValue = "true") boolean yes) throws CommandError {
        FrameworkWiring wiring = context.getBundle(0).adapt(FrameworkWiring.class);
        List<Bundle> named = named(names);
        Collection<Bundle> restarted = wiring.getDependencyClosure(names.isEmpty() ? wiring.getRemovalPendingBundles() : named);
        endangered.ask(session, restarted, yes, command("refresh", names));
        wiring.refreshBundles(names.isEmpty() ? null : named);
    }

    @Descriptor("stops bundles; asks if machines would end")
    @Example("felix:stop tidemark.tracker.card")
    public void stop(CommandSession session, @Descriptor("ids or symbolic names") @Value("BUNDLE") List<String> names,
            @Descriptor("they start again with the framework") @Parameter(names = {"-t", "--transient"}, absentValue = "false", presentValue = "true")
            boolean transient_,
            @Descriptor("does not ask") @Parameter(names = {"-y", "--yes"}, absentValue = "false", presentValue = "true") boolean yes) throws CommandError {
        List<Bundle> named = some("stop", names);
        endangered.ask(session, named, yes, command("stop", names));
        each(named, bundle -> bundle.stop(transient_ ? Bundle.STOP_TRANSIENT : 0));
    }

    @Descriptor("uninstalls bundles; asks if machines would end")
    @Example("felix:uninstall tidemark.tracker.card")
    public void uninstall(CommandSession session, @Descriptor("ids or symbolic names") @Value("BUNDLE") List<String> names,
            @Descriptor("does not ask") @Parameter(names = {"-y", "--yes"}, absentValue = "false", presentValue = "true") boolean yes) throws CommandError {
        List<Bundle> named = some("uninstall", names);
        endangered.ask(session, named, yes, command("uninstall", names));
        each(named, Bundle::uninstall);
    }

    @Descriptor("takes a bundle anew from where it came, or from a file; asks if machines would end. part:update gives the former one back if that fails")
    @Example("felix:update tidemark.tracker.card tracker.card.jar")
    public void update(CommandSession session, @Descriptor("id or symbolic name") @Value("BUNDLE") String name,
            @Descriptor("the new jar") @Value("[FILE]") String file,
            @Descriptor("does not ask") @Parameter(names = {"-y", "--yes"}, absentValue = "false", presentValue = "true") boolean yes)
            throws CommandError, IOException {
        List<Bundle> named = named(List.of(name));
        endangered.ask(session, named, yes, command("update", file.isEmpty() ? List.of(name) : List.of(name, file)));
        if (file.isEmpty()) {
            each(named, Bundle::update);
            return;
        }
        try (InputStream jar = Files.newInputStream(session.currentDir().resolve(file))) {
            each(named, bundle -> bundle.update(jar));
        }
    }

    private static String command(String verb, List<String> words) {
        return String.join(" ", Stream.concat(Stream.of("felix:" + verb), words.stream()).toList());
    }

    private List<Bundle> some(String verb, List<String> names) throws CommandError {
        if (names.isEmpty()) {
            throw new CommandError("felix:" + verb + ": BUNDLE is missing; felix:lb lists all");
        }
        return named(names);
    }

    private List<Bundle> named(List<String> names) throws CommandError {
        List<Bundle> named = names.stream().flatMap(name -> Arrays.stream(context.getBundles()).filter(bundle -> isCalled(bundle, name))).toList();
        if (named.size() < names.size()) {
            throw new CommandError("There is no bundle of one of these names: " + String.join(", ", names) + "; felix:lb lists all");
        }
        return named;
    }

    private interface Act {
        void on(Bundle bundle) throws BundleException;
    }

    private static void each(List<Bundle> bundles, Act act) throws CommandError {
        for (Bundle bundle : bundles) {
            try {
                act.on(bundle);
            } catch (BundleException e) {
                throw new CommandError("Bundle " + bundle.getSymbolicName() + ": " + e.getMessage(), e);
            }
        }
    }

    private static boolean isCalled(Bundle bundle, String name) {
        return name.equals(Long.toString(bundle.getBundleId())) || name.equals(bundle.getSymbolicName()) || ("tidemark." + name).equals(bundle.getSymbolicName());
    }
}
