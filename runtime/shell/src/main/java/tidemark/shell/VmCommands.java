package tidemark.shell;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Parameter;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import tidemark.api.checkpoint.CheckpointException;
import tidemark.api.checkpoint.Checkpoints;
import tidemark.api.machine.Machine;
import tidemark.api.machine.Machine.Power;
import tidemark.api.machine.Machines;
import tidemark.api.shell.CommandError;
import tidemark.api.shell.CommandGroup;
import tidemark.api.shell.Example;
import tidemark.api.shell.Interruption;
import tidemark.api.shell.Units;
import tidemark.api.shell.Value;

/** Machines: run them, look at them. */
@Component(service = CommandGroup.class)
public final class VmCommands implements CommandGroup {
    static final String EXCHANGED = "cpu, memory, firmware, a device, DEVICE.backend for a network, DEVICE.image for a disk's format; or protocol, tracker, "
            + "copier, layout, stop for the checkpoints that are taken from then on; and the part to take";
    private static final long RATE_WINDOW_MS = 250;
    private final Machines machines;
    private final Checkpoints checkpoints;
    private final Exchanges exchanges;

    @Activate
    public VmCommands(@Reference Machines machines, @Reference Checkpoints checkpoints) {
        this.machines = machines;
        this.checkpoints = checkpoints;
        exchanges = new Exchanges(machines, checkpoints);
    }

    @Override
    public String scope() {
        return "vm";
    }

    @Override
    public String title() {
        return "Machines";
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

    @Descriptor("presses the reset button: RAM, harts and devices as after power-on, the guest loaded anew; running or paused as before")
    @Example("vm:reset cg")
    public MachineInfo reset(@Descriptor("name of the machine") @Value("MACHINE") String name) {
        return after(name, Machine::reset);
    }

    @Descriptor("replaces parts of a machine while it runs, at a handshake each; without PART=NAME lists those that it has")
    @Example({"vm:use m1", "vm:use m1 cpu=translator    # the engine of a running guest",
            "vm:use m1 uart0=uart disk0.image=raw    # the same name again makes a fresh one",
        "vm:use m1 tracker=card copier=pool    # what checkpoint:take takes from now on where it is not told otherwise"})
    public List<?> use(@Descriptor("name of the machine") @Value("MACHINE") String name,
            @Descriptor(EXCHANGED) @Value("[PART=NAME]") List<String> parts) throws CommandError, CheckpointException {
        return exchanges.make("vm:use", name, parts);
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

    @Descriptor("shows a machine: state, rate, what it is made of, its disks and consoles")
    @Example("vm:info cg")
    public MachineInfo info(@Descriptor("name of the machine") @Value("MACHINE") String name) throws InterruptedException, CheckpointException {
        Machine machine = machines.get(name);
        double mips = 0;
        double share = Double.NaN;
        if (machine.status().power() == Power.RUNNING) {
            long begin = System.nanoTime();
            long before = machine.instructions();
            long translated = machine.translatedInstructions();
            Thread.sleep(RATE_WINDOW_MS);
            long executed = machine.instructions() - before;
            mips = executed * 1e3 / (System.nanoTime() - begin);
            share = executed == 0 ? Double.NaN : Math.clamp((double) (machine.translatedInstructions() - translated) / executed, 0, 1);
        }
        return MachineInfo.of(machine, mips, share).with(checkpoints.chosen(name));
    }

    @Descriptor("waits until a machine is off, in another state, or has printed something; fails as soon as the machine pauses itself, for a full host disk")
    @Example({"vm:wait cg    # until it is off", "vm:wait cg --for \"Verification *= *SUCCESSFUL\" --timeout 120",
    "vm:wait cg --until paused", "vm:wait cg --code    # fails if the guest ended with another code than 0; a script then ends with that code"})
    public String wait_(CommandSession session, @Descriptor("name of the machine") @Value("MACHINE") String name,
            @Descriptor("until its console has a match, which is returned") @Parameter(names = {"-f", "--for"}, absentValue = "")
            @Value("REGEX") String regex,
            @Descriptor("until it is off, running, paused or frozen") @Parameter(names = {"-u", "--until"}, absentValue = "off")
            @Value("POWER") String until,
            @Descriptor("how long to wait") @Parameter(names = {"-t", "--timeout"}, absentValue = "600") @Value("SECONDS") double timeout,
            @Descriptor("fails if the guest powered off with a code that is not 0") @Parameter(names = {"-c", "--code"}, absentValue = "false",
            presentValue = "true") boolean code) throws CommandError, InterruptedException {
        Machine machine = machines.get(name);
        if (code && (!regex.isEmpty() || !until.equalsIgnoreCase(Power.OFF.name()))) {
            throw new CommandError("vm:wait: --code goes with waiting until the machine is off, not with --for or --until");
        }
        if (!regex.isEmpty()) {
            return match(session, machine, regex, seconds(timeout));
        }
        Power power = Arrays.stream(Power.values()).filter(p -> p.name().equalsIgnoreCase(until)).findFirst()
                .orElseThrow(() -> new CommandError("vm:wait: --until " + until + ": give off, running, paused or frozen"));
        try (var _ = Interruption.ofThisThread(session)) {
            if (!new Waiting(machine, seconds(timeout)).until(power)) {
                throw new CommandError("vm:wait: machine " + name + " is " + MachineInfo.of(machine).power() + ", not " + until + ", after "
                        + Units.time(seconds(timeout)));
            }
        }
        int ended = machine.status().exitCode();
        if (code && ended != 0) {
            throw new CommandError("vm:wait: the guest of machine " + name + " ended with code " + ended, ended);
        }
        return power.name().toLowerCase(Locale.ROOT);
    }

    private static String match(CommandSession session, Machine machine, String regex, Duration timeout)
            throws CommandError, InterruptedException {
        Pattern pattern = Dialogue.pattern(regex);
        try (var _ = Interruption.ofThisThread(session)) {
            return new Waiting(machine, timeout).output(pattern).orElseThrow(() -> new CommandError("Machine " + machine.name()
                    + " has printed nothing that matches '" + regex + "' " + (machine.status().power() == Power.OFF
                    ? "before it went off" : "within " + Units.time(timeout)) + "; vm:console " + machine.name() + " shows its last lines"))
                    .group();
        }
    }

    static Duration seconds(double seconds) throws CommandError {
        if (!(seconds >= 0)) {
            throw new CommandError("--timeout " + seconds + ": give a number of seconds, 0 or more");
        }
        return Duration.ofNanos((long) (seconds * 1e9));
    }
}
