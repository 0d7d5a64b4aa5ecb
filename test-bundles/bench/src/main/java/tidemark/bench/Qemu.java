package tidemark.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** QEMU of this host, by translation (TCG): the peer that this platform is compared with. */
public final class Qemu {
    public static final String SYSTEM = "qemu-system-riscv64";
    public static final String USER = "qemu-riscv64";
    /** Where Debian has them. */
    public static final String SYSTEM_PACKAGE = "qemu-system-misc";
    public static final String USER_PACKAGE = "qemu-user";
    private static final String FIRST_VCPU = "CPU 0/TCG";
    private static final Duration ANSWERS_WITHIN = Duration.ofSeconds(20);

    private Qemu() {}

    /** Starts a {@code virt} board, its console at the process's input and output; the first vCPU's thread is the computing one. */
    public static TimedProcess board(int ramMiB, String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of(SYSTEM, "-M", "virt", "-nographic", "-monitor", "none", "-name", "debug-threads=on",
                "-m", ramMiB + "M"));
        command.addAll(List.of(options));
        return TimedProcess.start(command, FIRST_VCPU);
    }

    /** What a program says of its version, in one line; empty if it is not installed. */
    public static Optional<String> version(String program) throws InterruptedException {
        try (TimedProcess process = TimedProcess.start(List.of(program, "--version"), "")) {
            return process.awaitEnd(ANSWERS_WITHIN).flatMap(end -> firstLine(process));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> firstLine(TimedProcess process) {
        return Stream.of(process.output().split("\n")).findFirst();
    }
}
