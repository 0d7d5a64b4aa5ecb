package tidemark.bench.cpu;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tidemark.api.shell.CommandError;
import tidemark.bench.Choice;
import tidemark.bench.FreshPlatform;
import tidemark.bench.Qemu;
import tidemark.bench.TimedProcess;

/**
 * Those who can be compared on this host.
 *
 * @param missing those who cannot, and why
 */
record Peers(List<Peer> present, List<Missing> missing) {
    /** Of the hart that computes, in a machine of the name that {@code bench:guest} gives. */
    private static final String HART = "guest-hart0";
    private static final String HOST_COMPILER = "gcc";
    private static final String CROSS_COMPILER = "riscv64-linux-gnu-gcc";
    private static final String CROSS_COMPILER_PACKAGE = "gcc-riscv64-linux-gnu";
    private static final Duration SHORT = Duration.ofSeconds(1);

    /** @param why what is to be done about it, in words */
    record Missing(String peer, String why) {}

    /** What a program of the host says of its version; empty if it is not installed. */
    interface Programs {
        Optional<String> version(String program) throws InterruptedException;
    }

    /**
     * @param engines names of deployed CPU parts
     * @param warmUp the least CPU time that an engine is given
     */
    static Peers find(Workshop workshop, Programs programs, FreshPlatform platform, List<String> engines, Duration warmUp) throws InterruptedException {
        Search search = new Search(workshop, programs);
        search.onHost();
        search.inUserMode();
        search.onBoard();
        for (String engine : engines) {
            search.present.add(new Peer(engine, "CPU part " + engine + " of this platform", true, warmUp, (guest, arguments) ->
                    platform.exec("bench:guest '" + guest + "' --cpu '" + engine + "' --ram " + workshop.ramMiB(guest) + " --args '" + arguments + "'", HART)));
        }
        return new Peers(search.present, search.missing);
    }

    /**
     * Some of them.
     *
     * @param names separated by commas, or all
     */
    Peers only(String names) throws CommandError {
        List<String> wanted = Choice.of("bench:cpu: --peers", names, present.stream().map(Peer::name).toList());
        return new Peers(present.stream().filter(peer -> wanted.contains(peer.name())).toList(), missing);
    }

    private record Search(Workshop workshop, Programs programs, List<Peer> present, List<Missing> missing) {
        Search(Workshop workshop, Programs programs) {
            this(workshop, programs, new ArrayList<>(), new ArrayList<>());
        }

        void onHost() throws InterruptedException {
            if (has(Peer.HOST, HOST_COMPILER, HOST_COMPILER)) {
                present.add(new Peer(Peer.HOST, version(HOST_COMPILER), false, SHORT, (guest, arguments) -> run(List.of(), "native", guest, arguments)));
            }
        }

        void inUserMode() throws InterruptedException {
            if (has(Peer.QEMU_USER, Qemu.USER, Qemu.USER_PACKAGE) && has(Peer.QEMU_USER, CROSS_COMPILER, CROSS_COMPILER_PACKAGE)) {
                present.add(new Peer(Peer.QEMU_USER, version(Qemu.USER), false, SHORT, (guest, arguments) -> run(List.of(Qemu.USER), "user", guest, arguments)));
            }
        }

        void onBoard() throws InterruptedException {
            if (has(Peer.QEMU_SYSTEM, Qemu.SYSTEM, Qemu.SYSTEM_PACKAGE)) {
                present.add(new Peer(Peer.QEMU_SYSTEM, version(Qemu.SYSTEM), false, SHORT, (guest, arguments) -> Qemu.board(workshop.ramMiB(guest),
                        "-bios", "none", "-kernel", workshop.board(guest).toString(), "-append", arguments)));
            }
        }

        private boolean has(String peer, String program, String debianPackage) throws InterruptedException {
            boolean has = programs.version(program).isPresent();
            if (!has) {
                missing.add(new Missing(peer, program + " is not installed; on Debian: apt-get install " + debianPackage));
            }
            return has;
        }

        private String version(String program) throws InterruptedException {
            return programs.version(program).orElse(program);
        }

        private TimedProcess run(List<String> emulator, String form, String guest, String arguments) throws IOException, InterruptedException,
                CommandError {
            Stream<String> words = Stream.of(arguments.split(" ")).filter(word -> !word.isEmpty());
            return TimedProcess.start(Stream.of(emulator.stream(), Stream.of(workshop.compiled(form, guest).toString()), words).flatMap(s -> s).toList(), "");
        }
    }
}
