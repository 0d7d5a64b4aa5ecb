package tidemark.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.felix.service.command.CommandSession;
import org.junit.jupiter.api.Test;
import tidemark.api.machine.GuestPart;
import tidemark.api.machine.GuestPart.FetchableGuest;
import tidemark.api.machine.GuestPart.Guest;
import tidemark.api.machine.Parts;
import tidemark.api.machine.Parts.PartInfo;
import tidemark.api.shell.CommandError;

class GuestCommandsTest {
    private final List<Boolean> fetches = new ArrayList<>();
    private boolean interrupted;
    private boolean there;
    private int uses;
    private final CommandSession session = Fakes.of(CommandSession.class, new Fakes.FakeSession(Path.of("/")));
    private final GuestCommands commands = new GuestCommands(Fakes.of(Parts.class, new FakeParts()));

    @Test
    void theListTellsWhatHasToBeFetched() throws Exception {
        assertEquals(List.of(new GuestInfo("cg", "computes", 9, "there"), new GuestInfo("linux", "a shell", 128, "not fetched yet: guest:fetch linux")), commands.list());
        there = true;
        assertEquals("Linux 6.12", commands.list().getLast().state());
        assertEquals(0, uses);
    }

    @Test
    void fetchingTellsWhatIsThereThen() throws Exception {
        assertEquals("linux: Linux 6.12", commands.fetch(session, "linux", false));
        assertEquals("linux: Linux 6.12", commands.fetch(session, "linux", true));
        assertEquals(List.of(false, true), fetches);
        assertEquals("cg comes with the platform", commands.fetch(session, "cg", false));
        assertEquals(0, uses);
    }

    @Test
    void anInterruptedFetchSaysHowItGoesOn() {
        interrupted = true;
        assertEquals("guest:fetch: interrupted; what was fetched is kept, guest:fetch linux goes on from there",
                assertThrows(CommandError.class, () -> commands.fetch(session, "linux", false)).getMessage());
        assertEquals(0, uses);
    }

    public final class FakeParts {
        public List<String> names(String kind) {
            return List.of("cg", "linux");
        }

        public Parts.Use<GuestPart> use(Class<GuestPart> type, String kind, String name, Runnable gone) {
            uses++;
            return new Parts.Use<>() {
                @Override
                public GuestPart part() {
                    return wanted -> Optional.of(wanted.equals("linux") ? Fakes.of(FetchableGuest.class, new Linux()) : Fakes.of(Guest.class, new Cg()));
                }

                @Override
                public PartInfo info() {
                    return new PartInfo(kind, name, "tidemark.guest", "0.1.0", "active", 1);
                }

                @Override
                public void close() {
                    uses--;
                }
            };
        }
    }

    public static class Cg {
        public String name() {
            return "cg";
        }

        public String description() {
            return "computes";
        }

        public int minimumRamMiB() {
            return 9;
        }
    }

    public final class Linux {
        public String name() {
            return "linux";
        }

        public String description() {
            return "a shell";
        }

        public int minimumRamMiB() {
            return 128;
        }

        public Optional<String> fetched() {
            return there ? Optional.of("Linux 6.12") : Optional.empty();
        }

        public String fetch(boolean update, Consumer<String> progress) throws InterruptedException {
            if (interrupted) {
                throw new InterruptedException();
            }
            fetches.add(update);
            progress.accept("fetching");
            return "Linux 6.12";
        }
    }
}
