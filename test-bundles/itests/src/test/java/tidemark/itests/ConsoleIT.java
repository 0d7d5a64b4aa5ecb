package tidemark.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tidemark.testkit.HostTool;

/** The shell at a terminal of the host's, which {@code script} of util-linux makes. */
@Timeout(180)
class ConsoleIT {
    private static final String PROMPT = "tidemark> ";

    @TempDir
    Path home;

    @Test
    void everyKeyReachesTheGuestUntilTheShellIsBackAsItWas() throws Exception {
        HostTool.require("script", "bsdutils");
        try (Terminal terminal = new Terminal(home, "stty rows 24 cols 100; " + Platform.ROOT.resolve("launch/tidemark") + "; stty -a; echo code $?")) {
            terminal.awaits(PROMPT);
            terminal.type("vm:create m1 --guest echo --ram 16 --start\r");
            terminal.awaits("uart0");
            terminal.awaits(PROMPT);
            terminal.type("vm:console m1\r");
            terminal.awaits("Ctrl-] detaches. In Linux: resize, or stty rows 24 cols 100");
            terminal.awaits("Echo until q");
            terminal.type("<\u0003\u0004\u001a\u0011\u0016\u001b[Aü>");
            terminal.awaits("<\u0003\u0004\u001a\u0011\u0016\u001b[Aü>");
            terminal.type("\u001d");
            terminal.awaits("Detached from m1, which is running.");
            terminal.awaits(PROMPT);
            terminal.type("vm:console m1 | grep Echo\r");
            terminal.awaits(" until q");
            terminal.awaits(PROMPT);
            terminal.type("vm:console m1\r");
            terminal.awaits("detaches");
            terminal.type("q");
            terminal.awaits("SUCCESSFUL");
            terminal.awaits("m1 is off (powered off by the guest).");
            terminal.awaits(PROMPT);
            terminal.type("\u0004");
            terminal.awaits("code 0");
            assertEquals(0, terminal.awaitEnd());
            String modes = terminal.shown().substring(terminal.shown().lastIndexOf("speed"));
            for (String mode : new String[] {"isig", "icanon", "iexten", "echo", "icrnl", "ixon", "opost", "onlcr"}) {
                assertFalse(modes.contains("-" + mode + " "), mode + " in " + modes);
            }
        }
    }
}
