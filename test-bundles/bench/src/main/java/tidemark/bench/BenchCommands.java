package tidemark.bench;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Parameter;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.api.machine.ConsoleLog;
import tidemark.api.machine.Machine;
import tidemark.api.machine.Machine.Power;
import tidemark.api.machine.MachineSpec;
import tidemark.api.machine.Machines;
import tidemark.api.machine.Parts;
import tidemark.api.shell.CommandError;
import tidemark.api.shell.CommandGroup;
import tidemark.api.shell.Example;
import tidemark.api.shell.Screen;
import tidemark.api.shell.Value;
import tidemark.bench.boot.BootCommand;
import tidemark.bench.cpu.CpuCommand;
import tidemark.bench.handshake.HandshakeCommand;
import tidemark.bench.handshake.HandshakeReport;
import tidemark.bench.programs.ProgramsCommand;
import tidemark.bench.tracking.TrackingCommand;
import tidemark.bench.tracking.TrackingReport;
import tidemark.files.Audience;
import tidemark.files.NewFile;

/** What measures. */
@Component(service = CommandGroup.class)
public final class BenchCommands implements CommandGroup {
    private static final Logger LOG = LoggerFactory.getLogger(BenchCommands.class);
    /** How the name of the thread begins that computes in a process that {@link #guest} has for itself: that of the machine's first hart. */
    public static final String HART = "guest-hart0";
    /** What {@link #guest} prints before it makes the machine. */
    public static final Pattern BEGIN = Pattern.compile("^Guest \\S+ begins$", Pattern.MULTILINE);
    /** What it prints at the end; how many is group 1. */
    public static final Pattern RETIRED = Pattern.compile("^Instructions retired: (\\d+)$", Pattern.MULTILINE);
    private static final String MACHINE = "guest";
    /** How much of the output a match may be in. */
    private static final int SEARCHED = 4096;
    private static final Pattern NEVER = Pattern.compile("(?!)");
    private static final Duration SILENCE_LIMIT = Duration.ofHours(6);
    private final BundleContext context;
    private final Machines machines;
    private final Parts parts;

    @Activate
    public BenchCommands(BundleContext context, @Reference Machines machines, @Reference Parts parts) {
        this.context = context;
        this.machines = machines;
        this.parts = parts;
    }

    @Override
    public String scope() {
        return "bench";
    }

    @Override
    public String title() {
        return "Measurements";
    }

    @Descriptor("runs a guest, its console on the output, to its end or until it prints something; the benchmarks start this in processes of their own")
    @Example({"bench:guest ep.S", "bench:guest cg.W --cpu interpreter --ram 64", "bench:guest debian --harts 2 --until '~ # '"})
    public void guest(CommandSession session, @Descriptor("the guest (part:list guest)") @Value("GUEST") String name,
            @Descriptor("execution engine") @Parameter(names = "--cpu", absentValue = "auto") @Value("CPU") String cpu,
            @Descriptor("guest RAM in MiB (as the guest wants it)") @Parameter(names = {"-r", "--ram"}, absentValue = "") @Value("MIB") String ram,
            @Descriptor("number of harts") @Parameter(names = "--harts", absentValue = "1") @Value("N") int harts,
            @Descriptor("raw image of its first virtio disk") @Parameter(names = "--disk", absentValue = "") @Value("FILE") String disk,
            @Descriptor("types what comes on this process's standard input at its console") @Parameter(names = "--input", absentValue = "false",
            presentValue = "true") boolean input,
            @Descriptor("more of the guest's command line") @Parameter(names = "--args", absentValue = "") @Value("TEXT") String arguments,
            @Descriptor("ends when the guest's output matches") @Parameter(names = {"-u", "--until"}, absentValue = "") @Value("REGEX") String until)
            throws Exception {
        PrintStream out = session.getConsole();
        out.println("Guest " + name + " begins");
        Map<String, String> given = new TreeMap<>(Map.of("name", MACHINE, "guest", name, "cpu", cpu, "harts", Integer.toString(harts), "arguments", arguments));
        if (!ram.isEmpty()) {
            given.put("ram", ram);
        }
        MachineSpec spec = machines.specify(given);
        Machine machine = machines.create(disk.isEmpty() ? spec : withDisk(spec, session.currentDir().resolve(disk)));
        machine.start();
        if (input) {
            Thread.ofPlatform().daemon().name("input of " + MACHINE).start(() -> type(machine.console()));
        }
        boolean matched = copy(machine.console().reader(0), out, until.isEmpty() ? NEVER : Pattern.compile(until, Pattern.MULTILINE));
        out.println((matched ? "\n" : "") + "Instructions retired: " + machine.instructions());
        out.println("Instructions in translated code: " + machine.translatedInstructions());
        Machine.Status end = machine.status();
        machines.destroy(MACHINE);
        if (!matched && (end.exitCode() != 0 || end.power() != Power.OFF)) {
            throw new CommandError("bench:guest: " + name + " ended with code " + end.exitCode() + " " + end.reason());
        }
    }

    private static MachineSpec withDisk(MachineSpec spec, Path disk) {
        Map<String, String> properties = spec.toProperties();
        properties.merge("devices", "disk0=virtio.block,format=raw,file=" + disk, (devices, added) -> devices + "; " + added);
        return MachineSpec.of(properties);
    }

    /** Not System.in: Gogo has replaced it by a stream of its own. */
    private static void type(ConsoleLog console) {
        byte[] chunk = new byte[SEARCHED];
        try (InputStream in = new FileInputStream(FileDescriptor.in)) {
            for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
                console.send(Arrays.copyOf(chunk, n));
            }
        } catch (IOException e) {
            LOG.warn("Nothing more is typed: {}", e.getMessage());
        }
    }

    @Descriptor("compares engines with each other, with QEMU and with the host: ten kernels when steady, whole runs of NPB from cold; for most of an hour")
    @Example({"bench:cpu --quick    # less of everything", "bench:cpu --kernels core,bt --guests none --json cpu.json",
        "bench:cpu --kernels none --guests ep.A,cg.A --peers qemu-system,interpreter --runs 5"})
    public void cpu(CommandSession session,
            @Descriptor("kernels, separated by commas, all or none") @Parameter(names = {"-k", "--kernels"}, absentValue = "all")
            @Value("KERNELS") String kernels,
            @Descriptor("NPB guests likewise; ep and cg of classes S, W and A if not given, S if quick") @Parameter(names = {"-g", "--guests"},
            absentValue = "") @Value("GUESTS") String guests,
            @Descriptor("who is compared, or all who can be") @Parameter(names = {"-p", "--peers"}, absentValue = "all")
            @Value("PEERS") String peers,
            @Descriptor("processes for each guest and peer; 0 for 3") @Parameter(names = {"-n", "--runs"}, absentValue = "0")
            @Value("N") int runs,
            @Descriptor("how much a repetition of a kernel computes") @Parameter(names = "--percent", absentValue = "100") @Value("N") int percent,
            @Descriptor("less of everything") @Parameter(names = {"-q", "--quick"}, absentValue = "false", presentValue = "true") boolean quick,
            @Descriptor("folder for the report") @Parameter(names = {"-o", "--out"}, absentValue = "tidemark-bench") @Value("FILE") String out,
            @Descriptor("writes the JSON there too") @Parameter(names = "--json", absentValue = "") @Value("FILE") String json)
            throws Exception {
        if (percent < 1 || percent > 1000) {
            throw new CommandError("bench:cpu: --percent " + percent + ": give 1 to 1000");
        }
        new CpuCommand(context, parts, Screen.of(session)).run(new CpuCommand.Request(kernels, guests, peers, runs, percent, quick,
                session.currentDir().resolve(out), json.isEmpty() ? null : session.currentDir().resolve(json)));
    }

    @Descriptor("runs real programs on engines and on QEMU, on the same files: whole runs of NPB, and work at Debian's shell; for most of an hour")
    @Example({"bench:programs --quick    # less of everything", "bench:programs --guests none --programs fork,exec,pipes --runs 5",
        "bench:programs --guests bt.W,lu.W --programs none --cpu auto,translator --json programs.json"})
    public void programs(CommandSession session,
            @Descriptor("NPB guests, separated by commas, all or none; classes S and W if not given, S if quick") @Parameter(names = {"-g", "--guests"},
            absentValue = "") @Value("GUESTS") String guests,
            @Descriptor("programs at Debian's shell likewise") @Parameter(names = "--programs", absentValue = "all") @Value("PROGRAMS") String programs,
            @Descriptor("execution engines likewise") @Parameter(names = "--cpu", absentValue = "auto") @Value("CPU") String engines,
            @Descriptor("processes for each; 0 for 3") @Parameter(names = {"-n", "--runs"}, absentValue = "0") @Value("N") int runs,
            @Descriptor("less of everything") @Parameter(names = {"-q", "--quick"}, absentValue = "false", presentValue = "true") boolean quick,
            @Descriptor("folder for the report") @Parameter(names = {"-o", "--out"}, absentValue = "tidemark-bench") @Value("FILE") String out,
            @Descriptor("writes the JSON there too") @Parameter(names = "--json", absentValue = "") @Value("FILE") String json) throws Exception {
        new ProgramsCommand(context, machines, parts, Screen.of(session)).run(new ProgramsCommand.Request(guests, programs, engines, runs, quick,
                session.currentDir().resolve(out), Optional.of(json).filter(j -> !j.isEmpty()).map(session.currentDir()::resolve)));
    }

    @Descriptor("boots a guest to its shell, here and on QEMU with the same kernel, RAM disk, command line and RAM, by turns; medians and ratios")
    @Example({"bench:boot", "bench:boot --cpu interpreter --runs 5 --json boot.json", "bench:boot --harts 2"})
    public void boot(CommandSession session,
            @Descriptor("the guest") @Parameter(names = {"-g", "--guest"}, absentValue = "debian") @Value("GUEST") String guest,
            @Descriptor("execution engines, separated by commas; all that are deployed if not given") @Parameter(names = "--cpu", absentValue = "")
            @Value("CPU") String engines,
            @Descriptor("boots on each") @Parameter(names = {"-n", "--runs"}, absentValue = "3") @Value("N") int runs,
            @Descriptor("guest RAM in MiB (as the guest wants it)") @Parameter(names = {"-r", "--ram"}, absentValue = "") @Value("MIB") String ram,
            @Descriptor("number of harts") @Parameter(names = "--harts", absentValue = "1") @Value("N") int harts,
            @Descriptor("what the guest's shell prints when it has come") @Parameter(names = {"-u", "--until"}, absentValue = "~ # |login: ")
            @Value("REGEX") String until,
            @Descriptor("how long a boot may take") @Parameter(names = "--timeout", absentValue = "600") @Value("SECONDS") int timeout,
            @Descriptor("writes the figures there, as JSON") @Parameter(names = "--json", absentValue = "") @Value("FILE") String json)
            throws Exception {
        new BootCommand(context, machines, parts, Screen.of(session)).run(new BootCommand.Request(guest, engines, Optional.of(ram).filter(r -> !r.isEmpty()),
                harts, until, runs, Duration.ofSeconds(timeout), Optional.of(json).filter(j -> !j.isEmpty()).map(session.currentDir()::resolve)));
    }

    @Descriptor("what dirty trackers cost a guest where nobody takes a checkpoint: its speed with a log and without; some minutes")
    @Example({"bench:tracking", "bench:tracking --trackers mine,writefault --guests cg.A --turns 21 --json tracking.json"})
    public TrackingReport tracking(CommandSession session,
            @Descriptor("guests, separated by commas") @Parameter(names = {"-g", "--guests"}, absentValue = "cg.A,storm") @Value("GUESTS") String guests,
            @Descriptor("trackers likewise, or all") @Parameter(names = {"-t", "--trackers"}, absentValue = "all") @Value("TRACKERS") String trackers,
            @Descriptor("engines likewise, or all") @Parameter(names = "--cpu", absentValue = "all") @Value("CPU") String engines,
            @Descriptor("how many times each is measured") @Parameter(names = {"-n", "--turns"}, absentValue = "11") @Value("N") int turns,
            @Descriptor("for how much CPU time of the hart") @Parameter(names = "--window", absentValue = "400") @Value("MS") int windowMs,
            @Descriptor("at least so much of it for warm-up") @Parameter(names = "--warm-up", absentValue = "2000") @Value("MS") int warmUpMs,
            @Descriptor("writes the figures there") @Parameter(names = "--json", absentValue = "") @Value("FILE") String json) throws Exception {
        TrackingReport report = new TrackingCommand(machines, parts, Screen.of(session)).run(new TrackingCommand.Request(guests, trackers, engines, turns,
                windowMs, warmUpMs));
        write(session, json, report.json());
        return report;
    }

    @Descriptor("how soon all harts of a computing guest stand when they are asked to; some minutes")
    @Example({"bench:handshake", "bench:handshake --guests kernel.store --harts 1,2 --count 10000 --json handshake.json"})
    public HandshakeReport handshake(CommandSession session,
            @Descriptor("guests, separated by commas; those named kernel use all harts") @Parameter(names = {"-g", "--guests"},
            absentValue = "cg.A,ep.A,storm,kernel.core,kernel.store") @Value("GUESTS") String guests,
            @Descriptor("numbers of harts likewise") @Parameter(names = "--harts", absentValue = "1,2,4") @Value("N,N") String harts,
            @Descriptor("engines likewise, or all") @Parameter(names = "--cpu", absentValue = "all") @Value("CPU") String engines,
            @Descriptor("handshakes of each") @Parameter(names = {"-n", "--count"}, absentValue = "4000") @Value("N") int count,
            @Descriptor("how long engines warm up first") @Parameter(names = "--warm-up", absentValue = "5000") @Value("MS") int warmUpMs,
            @Descriptor("writes the figures there") @Parameter(names = "--json", absentValue = "") @Value("FILE") String json) throws Exception {
        HandshakeReport report = new HandshakeCommand(machines, parts, Screen.of(session)).run(new HandshakeCommand.Request(guests, harts, engines, count,
                warmUpMs));
        write(session, json, report.json());
        return report;
    }

    private static void write(CommandSession session, String file, String text) throws IOException {
        if (!file.isEmpty()) {
            NewFile.replace(session.currentDir().resolve(file), Audience.EVERYBODY, text);
        }
    }

    /** @return whether it ended at a match */
    private static boolean copy(ConsoleLog.Reader reader, PrintStream out, Pattern until) throws InterruptedException {
        StringBuilder last = new StringBuilder();
        for (byte[] chunk = reader.next(SILENCE_LIMIT); chunk.length > 0; chunk = reader.next(SILENCE_LIMIT)) {
            out.write(chunk, 0, chunk.length);
            out.flush();
            last.append(new String(chunk, StandardCharsets.UTF_8)).delete(0, Math.max(0, last.length() - SEARCHED));
            if (until.matcher(last).find()) {
                return true;
            }
        }
        return false;
    }
}
