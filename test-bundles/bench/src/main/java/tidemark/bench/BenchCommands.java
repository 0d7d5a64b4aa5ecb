package tidemark.bench;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Parameter;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import tidemark.api.machine.ConsoleLog;
import tidemark.api.machine.Machine;
import tidemark.api.machine.Machine.Power;
import tidemark.api.machine.MachineSpec;
import tidemark.api.machine.Machines;
import tidemark.api.shell.CommandError;
import tidemark.api.shell.CommandGroup;
import tidemark.api.shell.Example;
import tidemark.api.shell.Value;

/** What measures. */
@Component(service = CommandGroup.class)
public final class BenchCommands implements CommandGroup {
    /** Its hart's thread is the computing one of a process that {@link #guest} has for itself. */
    private static final String MACHINE = "guest";
    private static final Duration SILENCE_LIMIT = Duration.ofHours(6);
    private final Machines machines;

    @Activate
    public BenchCommands(@Reference Machines machines) {
        this.machines = machines;
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
        Machine.Status end = machine.status();
        machines.destroy(MACHINE);
        if (end.exitCode() != 0 || end.power() != Power.OFF) {
            throw new CommandError("bench:guest: " + name + " ended with code " + end.exitCode() + " " + end.reason());
        }
    }

    private static void copy(ConsoleLog.Reader reader, PrintStream out) throws InterruptedException {
        for (byte[] chunk = reader.next(SILENCE_LIMIT); chunk.length > 0; chunk = reader.next(SILENCE_LIMIT)) {
            out.write(chunk, 0, chunk.length);
            out.flush();
        }
    }
}
