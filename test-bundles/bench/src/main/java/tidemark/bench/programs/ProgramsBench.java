package tidemark.bench.programs;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Pattern;
import tidemark.api.machine.MachineSpec;
import tidemark.api.shell.CommandError;
import tidemark.bench.BenchCommands;
import tidemark.bench.Moment;
import tidemark.bench.TimedProcess;
import tidemark.bench.TimedProcess.Line;

/** Has runners run the same programs by turns, one process at a time. */
final class ProgramsBench {
    private static final Duration RUN_LIMIT = Duration.ofHours(2);
    private static final Duration BOOT_LIMIT = Duration.ofMinutes(10);
    private static final Duration PROGRAM_LIMIT = Duration.ofMinutes(20);
    private static final Pattern VERIFICATION = Pattern.compile("(?m)^ Verification +=\\s+(\\w+)$");
    private static final Pattern PROMPT = Pattern.compile("~ # ");
    /** What the kernel says is not part of a result. */
    private static final String QUIET_KERNEL = "echo 1 > /proc/sys/kernel/printk\n";
    private static final long DISK_BYTES = 64L << 20;
    private static final int LAST_WORDS = 600;
    private static final Moment START = new Moment(Duration.ZERO, Duration.ZERO, Duration.ZERO);

    private final List<Runner> runners;
    private final int rounds;
    private final Function<String, MachineSpec> specify;
    private final Path folder;
    private final Consumer<String> progress;
    private final Keeper keeper;

    /** Keeps what was measured, whatever becomes of the rest. */
    interface Keeper {
        /** @param round runs of the same programs by every runner */
        void keep(List<ProgramRun> round) throws IOException;
    }

    /**
     * @param specify of a guest
     * @param folder for disks
     * @param progress is told what is being measured
     */
    ProgramsBench(List<Runner> runners, int rounds, Function<String, MachineSpec> specify, Path folder, Consumer<String> progress, Keeper keeper) {
        this.runners = runners;
        this.rounds = rounds;
        this.specify = specify;
        this.folder = folder;
        this.progress = progress;
        this.keeper = keeper;
    }

    /** Whole runs of guests that compute and verify. */
    void whole(List<String> guests) throws IOException, InterruptedException, CommandError {
        for (String guest : guests) {
            for (int round = 1; round <= rounds; round++) {
                List<ProgramRun> runs = new ArrayList<>();
                for (Runner runner : inTurn(round)) {
                    progress.accept(guest + ", run " + round + " of " + rounds + ", " + runner.name());
                    runs.add(whole(guest, runner, round));
                }
                keeper.keep(runs);
            }
        }
    }

    /** Programs at the shell of a guest, one after the other, a boot for each runner and round. */
    void atShell(String guest, List<SystemProgram> programs) throws IOException, InterruptedException, CommandError {
        for (int round = 1; round <= rounds && !programs.isEmpty(); round++) {
            List<ProgramRun> runs = new ArrayList<>();
            for (Runner runner : inTurn(round)) {
                progress.accept(guest + " boots, run " + round + " of " + rounds + ", " + runner.name());
                runs.addAll(atShell(guest, programs, runner, round));
            }
            keeper.keep(runs);
        }
    }

    /** Another one first in each round: what the host does meanwhile meets all alike. */
    private List<Runner> inTurn(int round) {
        List<Runner> order = new ArrayList<>(runners);
        Collections.rotate(order, 1 - round);
        return order;
    }

    private ProgramRun whole(String guest, Runner runner, int round) throws IOException, InterruptedException, CommandError {
        try (TimedProcess process = runner.start().run(specify.apply(guest), Optional.empty())) {
            TimedProcess.End end = process.awaitEnd(RUN_LIMIT).filter(e -> e.exitCode() == 0).orElseThrow(() -> failed(guest, runner, process));
            Moment begin = begin(runner, process);
            Duration hart = process.lines().stream().map(Line::at).map(Moment::thread).max(Duration::compareTo).orElse(Duration.ZERO);
            String verification = VERIFICATION.matcher(process.output()).results().map(match -> match.group(1)).findFirst().orElse("");
            return new ProgramRun(ProgramRun.NPB, guest, runner.name(), round, end.wall().minus(begin.wall()), hart, verification);
        }
    }

    /** When the machine began to be made: the start of a platform is not the guest's. */
    private static Moment begin(Runner runner, TimedProcess process) throws InterruptedException {
        return runner.isQemu() ? START : process.await(BenchCommands.BEGIN, Duration.ZERO).orElse(START);
    }

    private List<ProgramRun> atShell(String guest, List<SystemProgram> programs, Runner runner, int round) throws IOException, InterruptedException,
            CommandError {
        List<ProgramRun> runs = new ArrayList<>();
        Path disk = disk();
        try (TimedProcess process = runner.start().run(specify.apply(guest), Optional.of(disk))) {
            if (process.await(PROMPT, BOOT_LIMIT).isEmpty()) {
                throw failed(guest, runner, process);
            }
            process.send(QUIET_KERNEL);
            for (SystemProgram program : programs) {
                progress.accept(program.name() + ", run " + round + " of " + rounds + ", " + runner.name());
                process.send(program.typed());
                Moment end = process.await(program.end(), PROGRAM_LIMIT).orElseThrow(() -> failed(program.name(), runner, process));
                Moment begin = process.await(program.begin(), Duration.ZERO).orElseThrow(() -> failed(program.name(), runner, process));
                runs.add(new ProgramRun(ProgramRun.SYSTEM, program.name(), runner.name(), round, end.wall().minus(begin.wall()),
                        end.thread().minus(begin.thread()), program.result(process.output())));
            }
        } finally {
            Files.delete(disk);
        }
        return runs;
    }

    /** An empty one. */
    private Path disk() throws IOException {
        Path disk = Files.createTempFile(folder, "disk", ".img");
        try (RandomAccessFile file = new RandomAccessFile(disk.toFile(), "rw")) {
            file.setLength(DISK_BYTES);
        }
        return disk;
    }

    private static CommandError failed(String program, Runner runner, TimedProcess process) {
        String output = process.output().strip();
        return new CommandError("bench:programs: " + program + " does not run on " + runner.name() + "; its last words: "
                + output.substring(Math.max(0, output.length() - LAST_WORDS)));
    }
}
