package tidemark.cpu.nativecode.cache;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Tells Linux's {@code perf} what machine code stands for: a line for each block in {@code /tmp/perf-PID.map}. */
public final class PerfMap {
    private final Path file = Path.of("/tmp/perf-" + ProcessHandle.current().pid() + ".map");

    public void add(long address, int length, int hart, long pc) {
        String line = String.format("%x %x hart%d:0x%x%n", address, length, hart, pc);
        try {
            Files.writeString(file, line, StandardCharsets.US_ASCII, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write " + file + "; leave out tidemark.native.perfMap", e);
        }
    }
}
