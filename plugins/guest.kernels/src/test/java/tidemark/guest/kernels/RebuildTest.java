package tidemark.guest.kernels;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidemark.testkit.Rebuild;

class RebuildTest {
    @Test
    void theCommittedElfFilesAreWhatTheirSourcesCompileTo(@TempDir Path out) throws Exception {
        Rebuild.requireSame(Path.of("src/main/c/build.sh"), Path.of("../../bundles/guest/src/main/c/compiler.txt"),
                Path.of("src/main/resources/tidemark/guest/kernels"), out);
    }
}
