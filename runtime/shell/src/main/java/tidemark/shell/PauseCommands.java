package tidemark.shell;

import java.time.Duration;
import java.util.List;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Parameter;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import tidemark.api.machine.Machine.UsedPart;
import tidemark.api.machine.Machines;
import tidemark.api.shell.CommandError;
import tidemark.api.shell.CommandGroup;
import tidemark.api.shell.Example;
import tidemark.api.shell.Units;
import tidemark.api.shell.Value;

/** What exchanges of parts cost a guest. */
@Component(service = CommandGroup.class)
public final class PauseCommands implements CommandGroup {
    private final Machines machines;

    @Activate
    public PauseCommands(@Reference Machines machines) {
        this.machines = machines;
    }

    @Override
    public String scope() {
        return "vm";
    }

    @Override
    public String title() {
        return "Machines";
    }

    @Descriptor("shows how often vm:use has replaced each part of a running machine and for how long its guest stood; scripts can have it fail")
    @Example({"vm:pauses m1",
        "vm:pauses m1 --least 3 --within 20    # fails if a part was replaced less often, or the median of engine and devices is longer than 20 ms"})
    public Pauses pauses(@Descriptor("name of the machine") @Value("MACHINE") String name,
            @Descriptor("exchanges that each part must have had") @Parameter(names = "--least", absentValue = "0") @Value("N") int least,
            @Descriptor("limit for the median of engine and devices; 0: none") @Parameter(names = "--within", absentValue = "0") @Value("MS") double within)
            throws CommandError {
        Pauses pauses = new Pauses(machines.get(name).parts());
        List<String> seldom = pauses.parts().stream().filter(part -> part.pauses().size() < least).map(UsedPart::part).toList();
        if (!seldom.isEmpty()) {
            throw new CommandError("Machine " + name + ": " + String.join(", ", seldom) + " replaced less than " + least + " times while it ran; vm:use " + name
                    + " PART=NAME replaces one");
        }
        Duration median = Pauses.quantile(pauses.ofEngineAndDevices(), 0.5);
        if (within > 0 && median.toNanos() > within * 1e6) {
            throw new CommandError("Machine " + name + ": its guest stood " + Units.time(median) + " (median) for an exchange of engine or device, not "
                    + within + " ms at most");
        }
        return pauses;
    }
}
