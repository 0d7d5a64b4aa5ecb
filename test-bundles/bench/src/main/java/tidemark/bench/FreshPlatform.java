package tidemark.bench;

import java.io.IOException;
import java.nio.file.Path;

/** This platform once more, cold, as a process whose output is timed. Linux names threads by 15 characters. */
public final class FreshPlatform {
    private final tidemark.report.FreshPlatform platform;

    private FreshPlatform(tidemark.report.FreshPlatform platform) {
        this.platform = platform;
    }

    /**
     * @param home of this platform
     * @param folder becomes the home of the fresh ones; exists
     */
    public static FreshPlatform of(Path home, Path folder) throws IOException {
        return new FreshPlatform(tidemark.report.FreshPlatform.of(home, folder));
    }

    /**
     * Starts it on a script.
     *
     * @param thread how the name of the computing thread begins
     */
    public TimedProcess exec(String script, String thread) throws IOException {
        return TimedProcess.start(platform.command(script), thread);
    }
}
