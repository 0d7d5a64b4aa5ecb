package tidemark.shell;

import java.util.List;
import java.util.Optional;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Parameter;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import tidemark.api.machine.GuestPart;
import tidemark.api.machine.GuestPart.FetchableGuest;
import tidemark.api.machine.GuestPart.Guest;
import tidemark.api.machine.Parts;
import tidemark.api.shell.CommandError;
import tidemark.api.shell.CommandGroup;
import tidemark.api.shell.Example;
import tidemark.api.shell.Interruption;
import tidemark.api.shell.ProgressLine;
import tidemark.api.shell.Screen;
import tidemark.api.shell.Value;

/** The guests that machines can be made with. */
@Component(service = CommandGroup.class)
public final class GuestCommands implements CommandGroup {
    private static final String KIND = "guest";
    private final Parts parts;

    @Activate
    public GuestCommands(@Reference Parts parts) {
        this.parts = parts;
    }

    @Override
    public String scope() {
        return KIND;
    }

    @Override
    public String title() {
        return "Guests: what machines run";
    }

    @Descriptor("lists the guests: what they are, the RAM that they need, whether they have to be fetched")
    @Example("guest:list")
    public List<GuestInfo> list() throws CommandError {
        List<GuestInfo> guests = new java.util.ArrayList<>();
        for (String name : parts.names(KIND)) {
            try (var use = parts.use(GuestPart.class, KIND, name, () -> { })) {
                guests.add(GuestInfo.of(guest(use, name)));
            }
        }
        return guests;
    }

    @Descriptor("fetches a guest that does not come with the platform, once for all machines; goes on where it was interrupted")
    @Example({"guest:fetch debian", "guest:fetch debian --update    # takes a newer version if there is one", "guest:fetch debian-full    # with systemd and apt, on a disk"})
    public String fetch(CommandSession session, @Descriptor("name of the guest") @Value("GUEST") String name,
            @Descriptor("look for a newer version, too") @Parameter(names = {"-u", "--update"}, absentValue = "false", presentValue = "true") boolean update)
            throws CommandError, InterruptedException {
        try (var use = parts.use(GuestPart.class, KIND, name, () -> { })) {
            if (!(guest(use, name) instanceof FetchableGuest guest)) {
                return name + " comes with the platform";
            }
            try (var line = new ProgressLine(Screen.of(session), name); var _ = Interruption.ofThisThread(session)) {
                return name + ": " + guest.fetch(update, line::show);
            } catch (InterruptedException e) {
                throw new CommandError("guest:fetch: interrupted; what was fetched is kept, guest:fetch " + name + " goes on from there", e);
            }
        }
    }

    private static Guest guest(Parts.Use<GuestPart> use, String name) throws CommandError {
        Optional<Guest> guest = use.part().guest(name);
        return guest.orElseThrow(() -> new CommandError("Bundle " + use.info().bundle() + " has no guest " + name));
    }
}
