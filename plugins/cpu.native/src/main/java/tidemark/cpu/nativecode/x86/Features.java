package tidemark.cpu.nativecode.x86;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** What of x86-64 beyond its base this host's processor has. @param fma fused multiply-add */
record Features(boolean fma) {
    static final Features HOST = read(Path.of("/proc/cpuinfo"));

    static Features read(Path cpuinfo) {
        try (var lines = Files.lines(cpuinfo)) {
            String flags = lines.filter(line -> line.startsWith("flags")).findFirst().orElse("");
            return new Features(Arrays.asList(flags.split("\\s+")).contains("fma"));
        } catch (IOException e) {
            return new Features(false); // without the file only what every processor has is used
        }
    }
}
