package tidemark.shell;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Parameter;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import tidemark.api.machine.DeviceSpec;
import tidemark.api.machine.Grants;
import tidemark.api.machine.Machine;
import tidemark.api.machine.MachineSpec;
import tidemark.api.machine.Machines;
import tidemark.api.machine.Nearest;
import tidemark.api.machine.Parts;
import tidemark.api.shell.CommandError;
import tidemark.api.shell.CommandGroup;
import tidemark.api.shell.Example;
import tidemark.api.shell.Value;

/** Machines: make them. */
@Component(service = CommandGroup.class)
public final class CreateCommands implements CommandGroup {
    private final Machines machines;
    private final Parts parts;

    @Activate
    public CreateCommands(@Reference Machines machines, @Reference Parts parts) {
        this.machines = machines;
        this.parts = parts;
    }

    @Override
    public String scope() {
        return "vm";
    }

    @Override
    public String title() {
        return "Machines";
    }

    @Descriptor("makes a machine, as its guest wants it where no option says otherwise; it is off until it is started")
    @Example({"vm:create cg --guest cg.B --start", "vm:create mine --kernel build/mine.elf --ram 64",
        "vm:create linux --kernel Image --initrd rd.img --firmware sbi --ram 512M --disk root.qcow2 --args 'root=/dev/vda'",
        "vm:create web --guest debian --harts 2 --disk data.img,format=raw,access=scratch --net user,forward=tcp:8080:80",
        "vm:create exact --guest ep.S --clock instructions    # runs repeat to the bit",
        "vm:create ticking --guest cg.S --device my-device",
        "vm:create bare --guest cg.S --devices \"uart0=uart; power0=power\""})
    public MachineInfo create(CommandSession session, @Descriptor("name of the machine") @Value("NAME") String name,
            @Descriptor("a deployed guest to load (part:list guest)") @Parameter(names = {"-g", "--guest"}, absentValue = "")
            @Value("GUEST") Optional<String> guest,
            @Descriptor("a RISC-V ELF file or Linux Image to load instead") @Parameter(names = {"-k", "--kernel"}, absentValue = "")
            @Value("FILE") Optional<String> kernel,
            @Descriptor("an initial RAM disk for the kernel") @Parameter(names = "--initrd", absentValue = "")
            @Value("FILE") Optional<String> initrd,
            @Descriptor("a deployed firmware, or a file that M-mode enters first (none)") @Parameter(names = "--firmware", absentValue = "")
            @Value("FIRMWARE") Optional<String> firmware,
            @Descriptor("guest RAM, in MiB or as 512M, 2G (256)") @Parameter(names = {"-r", "--ram"}, absentValue = "")
            @Value("SIZE") Optional<String> ram,
            @Descriptor("number of harts (1)") @Parameter(names = "--harts", absentValue = "") @Value("N") Optional<String> harts,
            @Descriptor("a disk more: FILE[,format=FORMAT][,access=ACCESS][,werror=WHAT]; the format if the file does not tell, access rw (as if not given), ro, or "
                + "scratch: what is written then goes with the machine. When a write fails the guest is told (werror=report), or the machine pauses and tries "
                + "again when it is resumed (stop); enospc, the default, pauses only for a full host disk") @Parameter(names = {"-d", "--disk"}, absentValue = "")
            @Value("DISK") List<String> disks,
            @Descriptor("a file that those of --disk may lie over, wherever it is; remembered. Without it, only what lies beside a disk file")
            @Parameter(names = "--allow", absentValue = "") @Value("FILE") List<String> allow,
            @Descriptor("a network card more: user[,forward=tcp:PORT:PORT]... to reach what the host reaches, and guest ports from ports of the host; or none")
            @Parameter(names = {"-n", "--net"}, absentValue = "") @Value("NETWORK") List<String> networks,
            @Descriptor("a device more: KIND[,key=value]... (part:list device)") @Parameter(names = "--device", absentValue = "")
            @Value("DEVICES") List<String> more,
            @Descriptor("the guest's command line") @Parameter(names = {"-a", "--args"}, absentValue = "") @Value("TEXT") Optional<String> arguments,
            @Descriptor("execution engine (auto: the fastest that works on this host)") @Parameter(names = "--cpu", absentValue = "") @Value("CPU") Optional<String> cpu,
            @Descriptor("kind of memory (flat)") @Parameter(names = "--memory", absentValue = "") @Value("MEMORY") Optional<String> memory,
            @Descriptor("what drives mtime: host or instructions (host)") @Parameter(names = "--clock", absentValue = "")
            @Value("CLOCK") Optional<String> clock,
            @Descriptor("all devices, as name=kind[@address][#interrupt][,option=value]..., separated by semicolons (" + MachineSpec.DEFAULT_DEVICES + ")")
            @Parameter(names = "--devices", absentValue = "") @Value("LIST") Optional<String> devices,
            @Descriptor("start it at once")
            @Parameter(names = {"-s", "--start"}, absentValue = "false", presentValue = "true") boolean start) throws CommandError {
        Map<String, String> given = new TreeMap<>(Map.of("name", name));
        put(given, "guest", guest);
        put(given, "kernel", kernel.map(file -> path(session, file)));
        put(given, "initrd", initrd.map(file -> path(session, file)));
        put(given, "harts", harts);
        put(given, "arguments", arguments);
        put(given, "cpu", cpu);
        put(given, "memory", memory);
        put(given, "clock", clock);
        put(given, "devices", devices);
        if (ram.isPresent()) {
            given.put("ram", mebibytes(ram.get()));
        }
        if (firmware.isPresent()) {
            given.put("firmware", firmware(session, firmware.get()));
        }
        MachineSpec spec = withDevices(given, added(session, disks, networks, more));
        allow(spec, allow.stream().map(file -> session.currentDir().resolve(file)).toList());
        Machine machine = machines.create(spec);
        if (start) {
            machine.start();
        }
        return MachineInfo.of(machine);
    }

    private static void allow(MachineSpec spec, List<Path> files) throws CommandError {
        try {
            Grants.ofPlatform().letLieOver(spec, files);
        } catch (IOException e) {
            throw new CommandError("vm:create: --allow " + files + ": " + e, e);
        }
    }

    private static void put(Map<String, String> given, String key, Optional<String> value) {
        value.ifPresent(text -> given.put(key, text));
    }

    private static String path(CommandSession session, String file) {
        return session.currentDir().resolve(file).toString();
    }

    private static String mebibytes(String ram) throws CommandError {
        long bytes = Sizes.bytes("vm:create: --ram", ram, "M");
        if (bytes % (1 << 20) != 0) {
            throw new CommandError("vm:create: --ram " + ram + ": give whole mebibytes, as 64M or 1G");
        }
        return Long.toString(bytes >> 20);
    }

    private String firmware(CommandSession session, String text) throws CommandError {
        List<String> names = parts.names("firmware");
        Path file = session.currentDir().resolve(text);
        if (!names.contains(text) && !text.isEmpty() && !Files.isRegularFile(file)) {
            throw new CommandError("vm:create: --firmware " + text + " is neither a file nor a deployed firmware; " + Nearest.hint(text, names));
        }
        return names.contains(text) || text.isEmpty() ? text : file.toString();
    }

    private List<AddedDevice> added(CommandSession session, List<String> disks, List<String> networks, List<String> devices) throws CommandError {
        List<AddedDevice> added = new ArrayList<>();
        for (String disk : disks) {
            added.add(AddedDevice.disk(disk, session.currentDir(), parts.names("disk")));
        }
        for (String network : networks) {
            added.add(AddedDevice.network(network, parts.names("network")));
        }
        for (String device : devices) {
            added.add(AddedDevice.device(device, parts.names("device")));
        }
        return added;
    }

    /** Devices are added to those that the machine would have without them, which may be its guest's own. */
    private MachineSpec withDevices(Map<String, String> given, List<AddedDevice> added) {
        MachineSpec spec = machines.specify(given);
        if (added.isEmpty()) {
            return spec;
        }
        List<DeviceSpec> devices = new ArrayList<>(spec.devices());
        added.forEach(device -> devices.add(device.beside(devices)));
        given.put("devices", String.join("; ", devices.stream().map(DeviceSpec::toString).toList()));
        return machines.specify(given);
    }
}
