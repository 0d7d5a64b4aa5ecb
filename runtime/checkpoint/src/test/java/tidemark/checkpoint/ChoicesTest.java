package tidemark.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidemark.api.checkpoint.CheckpointException;

class ChoicesTest {
    private Fixture f;

    @BeforeEach
    void begin(@TempDir Path folder) {
        f = new Fixture(folder);
    }

    @AfterEach
    void end() {
        f.close();
    }

    @Test
    void whatIsChosenIsOfOneMachineAndOnlyWhatIsDeployed() throws Exception {
        String machine = f.machines.list().getFirst().name();
        assertEquals(List.of("protocol", "tracker", "copier", "layout", "stop"), List.copyOf(f.service.chosen(machine).keySet()));
        assertEquals("thread", f.service.chosen(machine).get("protocol"));
        f.service.choose(machine, "protocol", "live");
        assertEquals("live", f.service.chosen(machine).get("protocol"));
        assertTrue(assertThrows(CheckpointException.class, () -> f.service.choose(machine, "protocol", "liv")).getMessage()
                .startsWith("No protocol part 'liv' is deployed; did you mean live?"));
        assertTrue(assertThrows(CheckpointException.class, () -> f.service.choose(machine, "cpu",
                "x")).getMessage().startsWith("Checkpoints have no cpu; they have protocol, "));
        assertThrows(CheckpointException.class, () -> f.service.chosen("nobody"));
        assertEquals("live", f.service.chosen(machine).get("protocol"));
    }
}
