package tidemark.bench.cpu;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import tidemark.bench.Moment;
import tidemark.bench.cpu.KernelRun.Repetition;
import tidemark.report.Host;

/** Figures that were not measured. */
final class Canned {
    static final Host HOST = new Host(2, "A & B", 4L << 30, "Linux 6", "a JVM 25");

    private Canned() {}

    static Peer peer(String name) {
        boolean engine = name.equals(Peer.INTERPRETER) || name.equals(Peer.TRANSLATOR);
        return new Peer(name, "version of " + name, engine, Duration.ZERO, (guest, arguments) -> {
            throw new AssertionError("nothing is started");
        });
    }

    /** Repetitions of the given CPU seconds, which take twice as long on the wall; other threads are idle. */
    static List<Repetition> repetitions(String checksum, long instructions, double... seconds) {
        return repetitions(0, checksum, instructions, seconds);
    }

    /** @param others CPU seconds that other threads take for each second of the computing one */
    static List<Repetition> repetitions(double others, String checksum, long instructions, double... seconds) {
        List<Repetition> all = new ArrayList<>();
        double thread = 0;
        for (double s : seconds) {
            thread += s;
            all.add(new Repetition(checksum, instructions, new Moment(time(2 * thread), time(thread), time((1 + others) * thread))));
        }
        return all;
    }

    static KernelRun kernel(String kernel, String peer, int round, double... seconds) {
        return new KernelRun(kernel, peer, round, repetitions("00ff", peer.startsWith("qemu") ? 77 : 100_000_000, seconds), 3, true);
    }

    static WholeRun whole(String guest, String peer, int round, double seconds) {
        return new WholeRun(guest, peer, round, time(seconds), time(seconds / 2), time(seconds * 1.25), peer.startsWith("qemu") ? 0 : 2_000_000_000L,
                peer.equals(Peer.TRANSLATOR) ? 1_960_000_000L : 0, WholeRun.SUCCESSFUL);
    }

    static Duration time(double seconds) {
        return Duration.ofNanos(Math.round(seconds * 1e9));
    }

    /** Two kernels, one guest, three peers, two rounds. */
    static CpuReport report() {
        Peers peers = new Peers(Stream.of(Peer.QEMU_SYSTEM, Peer.INTERPRETER, Peer.TRANSLATOR).map(Canned::peer).toList(),
                List.of(new Peers.Missing(Peer.HOST, "gcc is not installed")));
        return new CpuReport(HOST, 0.5, peers, 100, List.of(
                kernel("core", Peer.QEMU_SYSTEM, 1, 5, 1, 1, 1), kernel("core", Peer.INTERPRETER, 1, 9, 4, 4, 4), kernel("core", Peer.TRANSLATOR, 1, 9, .5, .5, .5),
                kernel("core", Peer.INTERPRETER, 2, 9, 4, 4, 4), kernel("core", Peer.TRANSLATOR, 2, 9, .3, .3, .3), kernel("core", Peer.QEMU_SYSTEM, 2, 5, 1.2, 1.2, 1.2),
                kernel("sieve", Peer.QEMU_SYSTEM, 1, 5, 1, 1, 1), kernel("sieve", Peer.INTERPRETER, 1, 9, 4, 4, 4), kernel("sieve", Peer.TRANSLATOR, 1, 9, 1, 1, 1)),
                List.of(whole("cg.A", Peer.QEMU_SYSTEM, 1, 10), whole("cg.A", Peer.INTERPRETER, 1, 50), whole("cg.A", Peer.TRANSLATOR, 1, 8)));
    }
}
