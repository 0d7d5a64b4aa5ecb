package tidemark.shell;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.felix.service.command.Descriptor;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import tidemark.api.admission.Admission;
import tidemark.api.checkpoint.Checkpoints;
import tidemark.api.machine.Machine;
import tidemark.api.machine.Machines;
import tidemark.api.machine.Parts;
import tidemark.api.shell.CommandError;
import tidemark.api.shell.CommandGroup;
import tidemark.api.shell.Example;
import tidemark.api.shell.Value;
import tidemark.shell.why.Diagnosis;
import tidemark.shell.why.Uses;

/** Why a part is not there. */
@Component(service = CommandGroup.class)
public final class WhyCommands implements CommandGroup {
    private final Diagnosis diagnosis;
    private final Bundles bundles;
    private final Machines machines;

    @Activate
    public WhyCommands(BundleContext context, @Reference Parts parts, @Reference Machines machines, @Reference Checkpoints checkpoints,
            @Reference Admission admission,
            @Reference ServiceComponentRuntime runtime) {
        diagnosis = new Diagnosis(context, parts, admission, runtime, new Uses(machines, checkpoints));
        bundles = new Bundles(context, parts);
        this.machines = machines;
    }

    @Override
    public String scope() {
        return "part";
    }

    @Override
    public String title() {
        return PartCommands.TITLE;
    }

    @Descriptor("explains why a part, a bundle or a machine is not as it should be, down to the cause, and what to do; without a name: all that are not")
    @Example({"part:why", "part:why card", "part:why m1    # a machine that stands, or whose file failed", "part:why m1.uart0",
            "part:why protocol.mine    # a bundle, or its file in plugins/"})
    public String why(@Descriptor("a machine, a part of one, a part, a bundle or a file of plugins/") @Value("[NAME_OF_PART]") String name)
            throws CommandError {
        if (name.isEmpty()) {
            return diagnosis.ofAll();
        }
        Optional<String> causes = diagnosis.of(name);
        List<String> known = Stream.concat(bundles.names().stream(), Stream.concat(machines.list().stream().map(Machine::name), diagnosis.failedMachines().stream()))
                .toList();
        return causes.orElseThrow(() -> new CommandError("There is no part, bundle, machine or file in plugins/ called '" + name + "'" + Near.hint(name, known)
                + " part:list shows all parts"));
    }
}
