package tidemark.shell;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Parameter;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import tidemark.api.machine.Machine;
import tidemark.api.machine.Machine.Power;
import tidemark.api.machine.MachineSpec;
import tidemark.api.machine.Machines;
import tidemark.api.shell.CommandError;
import tidemark.api.shell.CommandGroup;
import tidemark.api.shell.Example;
import tidemark.api.shell.Interruption;
import tidemark.api.shell.Units;
import tidemark.api.shell.Value;

/** Machines: make, run, look, talk to. */
@Component(service = CommandGroup.class)
public final class VmCommands implements CommandGroup {
    private static final long RATE_WINDOW_MS = 250;
    private final Machines machines;

    @Activate
    public VmCommands(@Reference Machines machines) {
        this.machines = machines;
    }

    @Override
    public String scope() {
        return "vm";
    }

    @Override
    public String title() {
        return "Machines";
    }

    @Descriptor("makes a machine; it is off until it is started")
    @Example({"vm:create cg --guest cg.W --start", "vm:create mine --kernel build/mine.elf --ram 64",
        "vm:create exact --guest ep.S --clock instructions    # runs repeat to the bit",
        "vm:create bare --guest cg.S --devices \"uart0=uart; power0=power\""})
    public MachineInfo create(@Descriptor("name of the machine") @Value("NAME") String name,
            @Descriptor("a deployed guest to load (part:list guest)") @Parameter(names = {"-g", "--guest"}, absentValue = "")
            @Value("GUEST") String guest,
            CommandSession session,
            @Descriptor("a RISC-V ELF file to load instead") @Parameter(names = {"-k", "--kernel"}, absentValue = "")
            @Value("FILE") String kernel,
            @Descriptor("an ELF file that M-mode enters first") @Parameter(names = "--firmware", absentValue = "")
            @Value("FILE") String firmware,
            @Descriptor("guest RAM in MiB") @Parameter(names = {"-r", "--ram"}, absentValue = "256") @Value("MIB") int ram,
            @Descriptor("execution engine") @Parameter(names = "--cpu", absentValue = "interpreter") @Value("CPU") String cpu,
            @Descriptor("kind of memory") @Parameter(names = "--memory", absentValue = "flat") @Value("MEMORY") String memory,
            @Descriptor("number of harts") @Parameter(names = "--harts", absentValue = "1") @Value("N") int harts,
            @Descriptor("what drives mtime: host or instructions") @Parameter(names = "--clock", absentValue = "host")
            @Value("CLOCK") String clock,
            @Descriptor("devices, as name=kind[@address][#interrupt], separated by semicolons")
            @Parameter(names = "--devices", absentValue = MachineSpec.DEFAULT_DEVICES) @Value("LIST") String devices,
            @Descriptor("the guest's command line") @Parameter(names = "--args", absentValue = "") @Value("TEXT") String arguments,
            @Descriptor("start it at once")
            @Parameter(names = {"-s", "--start"}, absentValue = "false", presentValue = "true") boolean start) {
        Map<String, String> p = new TreeMap<>(Map.of("name", name, "guest", guest, "ram", Integer.toString(ram), "cpu", cpu, "memory",
                memory, "harts", Integer.toString(harts), "clock", clock, "devices", devices, "arguments", arguments));
        p.put("kernel", file(session, kernel));
        p.put("firmware", file(session, firmware));
        Machine machine = machines.create(MachineSpec.of(p));
        if (start) {
            machine.start();
        }
        return MachineInfo.of(machine);
    }

    @Descriptor("lists the machines")
    @Example({"vm:list", "each (vm:list) { vm:pause $it }"})
    public List<MachineInfo> list() {
        return machines.list().stream().map(MachineInfo::of).toList();
    }

    @Descriptor("powers a machine on, or lets a paused one go on")
    @Example("vm:start cg")
    public MachineInfo start(@Descriptor("name of the machine") @Value("MACHINE") String name) {
        return after(name, Machine::start);
    }

    @Descriptor("stops a machine at an instruction boundary; vm:resume lets it go on")
    @Example("vm:pause cg")
    public MachineInfo pause(@Descriptor("name of the machine") @Value("MACHINE") String name) {
        return after(name, Machine::pause);
    }

    @Descriptor("lets a paused machine go on")
    @Example("vm:resume cg")
    public MachineInfo resume(@Descriptor("name of the machine") @Value("MACHINE") String name) {
        return after(name, Machine::resume);
    }

    @Descriptor("powers a machine off")
    @Example("vm:stop cg")
    public MachineInfo stop(@Descriptor("name of the machine") @Value("MACHINE") String name) {
        return after(name, Machine::powerOff);
    }

    private MachineInfo after(String name, Consumer<Machine> change) {
        Machine machine = machines.get(name);
        change.accept(machine);
        return MachineInfo.of(machine);
    }

    @Descriptor("powers a machine off and forgets it")
    @Example("vm:destroy cg")
    public void destroy(@Descriptor("name of the machine") @Value("MACHINE") String name) {
        machines.destroy(name);
    }

    @Descriptor("shows a machine: state, rate, what it is made of")
    @Example("vm:info cg")
    public MachineInfo info(@Descriptor("name of the machine") @Value("MACHINE") String name) throws InterruptedException {
        Machine machine = machines.get(name);
        double mips = 0;
        if (machine.status().power() == Power.RUNNING) {
            long begin = System.nanoTime();
            long before = machine.instructions();
            Thread.sleep(RATE_WINDOW_MS);
            mips = (machine.instructions() - before) * 1e3 / (System.nanoTime() - begin);
        }
        return MachineInfo.of(machine, mips);
    }

    @Descriptor("shows a machine's console, sends to it, waits for output")
    @Example({"vm:console cg", "vm:console cg --follow    # until Ctrl-C",
    "vm:console linux --send \"uname -a\" --expect \"riscv64.*\"    # the answer"})
    public String console(CommandSession session, @Descriptor("name of the machine") @Value("MACHINE") String name,
            @Descriptor("sends this and a line end") @Parameter(names = {"-s", "--send"}, absentValue = "") @Value("TEXT") String send,
            @Descriptor("waits for output that matches, after what was sent; returns the match")
            @Parameter(names = {"-e", "--expect"}, absentValue = "") @Value("REGEX") String expect,
            @Descriptor("how long to wait") @Parameter(names = "--timeout", absentValue = "60") @Value("SECONDS") double timeout,
            @Descriptor("lines to show") @Parameter(names = {"-n", "--lines"}, absentValue = "20") @Value("N") int lines,
            @Descriptor("shows what comes until Ctrl-C or power-off")
            @Parameter(names = {"-f", "--follow"}, absentValue = "false", presentValue = "true") boolean follow) throws Exception {
        Machine machine = machines.get(name);
        long position = send.isEmpty() ? 0 : machine.console().position();
        if (!send.isEmpty()) {
            machine.console().send((send + "\n").getBytes(StandardCharsets.UTF_8));
        }
        if (!expect.isEmpty()) {
            return expect(session, machine, expect, position, seconds(timeout)).group();
        }
        if (follow) {
            follow(session, machine, lines);
            return null;
        }
        return send.isEmpty() ? lastLines(machine.console().text(), lines) : null;
    }

    @Descriptor("waits until a machine is off, in another state, or has printed something")
    @Example({"vm:wait cg    # until it is off", "vm:wait cg --for \"Verification *= *SUCCESSFUL\" --timeout 120",
    "vm:wait cg --until paused"})
    public String wait_(CommandSession session, @Descriptor("name of the machine") @Value("MACHINE") String name,
            @Descriptor("until its console has a match, which is returned") @Parameter(names = {"-f", "--for"}, absentValue = "")
            @Value("REGEX") String regex,
            @Descriptor("until it is off, running, paused or frozen") @Parameter(names = {"-u", "--until"}, absentValue = "off")
            @Value("POWER") String until,
            @Descriptor("how long to wait") @Parameter(names = {"-t", "--timeout"}, absentValue = "600") @Value("SECONDS") double timeout)
            throws CommandError, InterruptedException {
        Machine machine = machines.get(name);
        if (!regex.isEmpty()) {
            return expect(session, machine, regex, 0, seconds(timeout)).group();
        }
        Power power = Arrays.stream(Power.values()).filter(p -> p.name().equalsIgnoreCase(until)).findFirst()
                .orElseThrow(() -> new CommandError("vm:wait: --until " + until + ": give off, running, paused or frozen"));
        try (var _ = Interruption.ofThisThread(session)) {
            if (!machine.await(power, seconds(timeout))) {
                throw new CommandError("vm:wait: machine " + name + " is " + MachineInfo.of(machine).power() + ", not " + until + ", after "
                        + Units.time(seconds(timeout)));
            }
        }
        return power.name().toLowerCase(Locale.ROOT);
    }

    private static MatchResult expect(CommandSession session, Machine machine, String regex, long position, Duration timeout)
            throws CommandError, InterruptedException {
        try (var _ = Interruption.ofThisThread(session)) {
            return machine.console().expect(Pattern.compile(regex), position, timeout).orElseThrow(() -> new CommandError("Machine "
                    + machine.name() + " has printed nothing that matches '" + regex + "' " + (machine.status().power() == Power.OFF
                    ? "before it went off" : "within " + Units.time(timeout)) + "; vm:console " + machine.name()
                    + " shows its last lines"));
        } catch (PatternSyntaxException e) {
            throw new CommandError("'" + regex + "' is no regular expression: " + e.getDescription() + " at " + e.getIndex(), e);
        }
    }

    private static void follow(CommandSession session, Machine machine, int lines) throws Exception {
        var out = session.getConsole();
        out.print(lastLines(machine.console().text(), lines));
        try (var _ = machine.console().follow(bytes -> {
            out.write(bytes, 0, bytes.length);
            out.flush();
        }); var _ = Interruption.ofThisThread(session)) {
            while (!machine.await(Power.OFF, Duration.ofHours(1))) {
                // an hour more
            }
        } catch (InterruptedException e) {
            out.println();
        }
    }

    private static String lastLines(String text, int lines) {
        List<String> all = new ArrayList<>(text.lines().toList());
        return String.join("\n", all.subList(Math.clamp((long) all.size() - lines, 0, all.size()), all.size()));
    }

    private static Duration seconds(double seconds) throws CommandError {
        if (!(seconds >= 0)) {
            throw new CommandError("--timeout " + seconds + ": give a number of seconds, 0 or more");
        }
        return Duration.ofNanos((long) (seconds * 1e9));
    }

    private static String file(CommandSession session, String path) {
        return path.isEmpty() ? "" : session.currentDir().resolve(path).toString();
    }
}
