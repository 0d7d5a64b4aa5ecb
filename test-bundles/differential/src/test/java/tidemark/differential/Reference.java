package tidemark.differential;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;

/** QEMU, for tests. */
final class Reference {
    private Reference() {}

    /** Skips the test where there is no QEMU, but fails it in continuous integration. */
    static Qemu qemu() throws IOException, InterruptedException {
        String version = Qemu.version();
        boolean present = version != null && version.contains("version 7.2");
        String message = "The differential tests need qemu-system-riscv64 7.2 (Debian: qemu-system-misc), found " + version;
        if (Boolean.parseBoolean(System.getenv("CI"))) {
            assertTrue(present, message);
        }
        if (!present) {
            System.out.println("Skipped: " + message);
        }
        assumeTrue(present, message);
        return new Qemu();
    }
}
