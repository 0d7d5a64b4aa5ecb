package tidemark.shell;

import java.util.Optional;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Parameter;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import tidemark.api.checkpoint.Checkpoints;
import tidemark.api.checkpoint.Checkpoints.Rollback;
import tidemark.api.shell.CommandGroup;
import tidemark.api.shell.Example;
import tidemark.api.shell.Value;

/** Machines that go back in time. */
@Component(service = CommandGroup.class)
public final class RollbackCommands implements CommandGroup {
    private final Checkpoints checkpoints;
    private final Images images;

    @Activate
    public RollbackCommands(BundleContext context, @Reference Checkpoints checkpoints) {
        this.checkpoints = checkpoints;
        this.images = Images.of(context);
    }

    @Override
    public String scope() {
        return "vm";
    }

    @Override
    public String title() {
        return "Machines";
    }

    @Descriptor("takes a machine back to the newest of its increments, or one before it, while it runs: only pages that were written since are copied")
    @Example({"checkpoint:series cg --every 200ms --count 4; vm:rollback cg    # to the newest",
        "checkpoint:series cg --every 200ms --count 4; vm:rollback cg --back 2; vm:rollback cg cg-incremental-1"})
    public Rollback rollback(CommandSession session, @Descriptor("name of the machine") @Value("MACHINE") String machine,
            @Descriptor("path or name of an image of its line") @Value("[IMAGE]") String image,
            @Descriptor("so many images further back") @Parameter(names = {"-b", "--back"}, absentValue = "0") @Value("N") int back) throws Exception {
        return checkpoints.rollback(machine, image.isEmpty() ? Optional.empty() : Optional.of(images.find(session, image)), back);
    }
}
