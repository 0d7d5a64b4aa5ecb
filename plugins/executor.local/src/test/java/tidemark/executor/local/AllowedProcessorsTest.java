package tidemark.executor.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class AllowedProcessorsTest {
    @Test
    void listsOfRangesAreRead() {
        assertEquals(List.of(0, 1, 2, 3, 8, 10, 11), AllowedProcessors.parse("0-3,8,10-11"));
        assertEquals(List.of(5), AllowedProcessors.parse("5"));
    }

    @Test
    void thisProcessMayUseAsManyAsTheJvmSees() {
        assumeTrue(Files.exists(Path.of("/proc/self/status")));
        assertEquals(Runtime.getRuntime().availableProcessors(), AllowedProcessors.ofThisProcess().size());
    }
}
