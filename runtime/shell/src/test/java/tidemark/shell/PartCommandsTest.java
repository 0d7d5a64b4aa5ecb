package tidemark.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import tidemark.api.machine.Parts.PartInfo;
import tidemark.api.shell.CommandError;

class PartCommandsTest {
    private static final PartInfo CARD = new PartInfo("tracker", "card", "tidemark.tracker.card", "0.1.0", "active", 0);
    private static final PartInfo STOP = new PartInfo("protocol", "stop", "tidemark.protocol.stop", "0.1.0", "active", 1);

    @Test
    void partsAreListedByKindAndUnknownKindsAreNamed() throws CommandError {
        PartCommands commands = new PartCommands(null, Fakes.parts(CARD, STOP), null, null, null);
        assertEquals(2, commands.list("").size());
        assertEquals(java.util.List.of(STOP), commands.list("protocol"));
        assertEquals("There is no part of kind 'protocl'; did you mean protocol? Deployed are tracker, protocol",
                assertThrows(CommandError.class, () -> commands.list("protocl")).getMessage());
    }
}
