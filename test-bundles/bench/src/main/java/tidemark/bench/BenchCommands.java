package tidemark.bench;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Parameter;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
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
import tidemark.bench.cpu.CpuCommand;

/** What measures. */
@Component(service = CommandGroup.class)
public final class BenchCommands implements CommandGroup {
    /** Its hart's thread is the computing one of a process that {@link #guest} has for itself. */
    private static final String MACHINE = "guest";
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

    @Descriptor("runs a guest to its end, its console on the output; the benchmarks start this in processes of their own")
    @Example({"bench:guest ep.S", "bench:guest cg.W --cpu interpreter --ram 64"})
    public void guest(CommandSession session, @Descriptor("the guest (part:list guest)") @Value("GUEST") String name,
            @Descriptor("execution engine") @Parameter(names = "--cpu", absentValue = "interpreter") @Value("CPU") String cpu,
            @Descriptor("guest RAM in MiB") @Parameter(names = {"-r", "--ram"}, absentValue = "256") @Value("MIB") int ram,
            @Descriptor("the guest's command line") @Parameter(names = "--args", absentValue = "") @Value("TEXT") String arguments)
            throws Exception {
        Machine machine = machines.create(MachineSpec.of(new TreeMap<>(Map.of("name", MACHINE, "guest", name, "cpu", cpu, "ram",
                Integer.toString(ram), "arguments", arguments))));
        machine.start();
        copy(machine.console().reader(0), session.getConsole());
        session.getConsole().println("Instructions retired: " + machine.instructions());
        Machine.Status end = machine.status();
        machines.destroy(MACHINE);
        if (end.exitCode() != 0 || end.power() != Power.OFF) {
            throw new CommandError("bench:guest: " + name + " ended with code " + end.exitCode() + " " + end.reason());
        }
    }

    @Descriptor("compares engines with each other, with QEMU and with the host: ten kernels when steady, whole runs of NPB from cold; for most of an hour")
    @Example({"bench:cpu --quick    # some minutes", "bench:cpu --kernels core,bt --guests none --json cpu.json",
        "bench:cpu --kernels none --guests ep.A,cg.A --peers qemu-system,interpreter --runs 5"})
    public void cpu(CommandSession session,
            @Descriptor("kernels, separated by commas, all or none") @Parameter(names = {"-k", "--kernels"}, absentValue = "all")
            @Value("KERNELS") String kernels,
            @Descriptor("NPB guests likewise; ep and cg of classes S, W and A if not given, S if quick") @Parameter(names = {"-g", "--guests"},
            absentValue = "") @Value("GUESTS") String guests,
            @Descriptor("who is compared; all who can be if not given") @Parameter(names = {"-p", "--peers"}, absentValue = "")
            @Value("PEERS") String peers,
            @Descriptor("processes for each guest and peer; 0 for 3, or 1 if quick") @Parameter(names = {"-n", "--runs"}, absentValue = "0")
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

    private static void copy(ConsoleLog.Reader reader, PrintStream out) throws InterruptedException {
        for (byte[] chunk = reader.next(SILENCE_LIMIT); chunk.length > 0; chunk = reader.next(SILENCE_LIMIT)) {
            out.write(chunk, 0, chunk.length);
            out.flush();
        }
    }
}
