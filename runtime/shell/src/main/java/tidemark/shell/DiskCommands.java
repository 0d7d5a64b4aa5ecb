package tidemark.shell;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Parameter;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import tidemark.api.device.Disk;
import tidemark.api.device.DiskPart;
import tidemark.api.device.DiskPart.Backing;
import tidemark.api.machine.Grants;
import tidemark.api.machine.Machines;
import tidemark.api.machine.Parts;
import tidemark.api.shell.CommandError;
import tidemark.api.shell.CommandGroup;
import tidemark.api.shell.Example;
import tidemark.api.shell.Value;
import tidemark.disk.layers.LayerRegister;

/** Files with the contents of disks, in the formats that are deployed. */
@Component(service = CommandGroup.class)
public final class DiskCommands implements CommandGroup {
    private final DiskFormats formats;
    private final Machines machines;

    @Activate
    public DiskCommands(@Reference Parts parts, @Reference Machines machines) {
        this.formats = new DiskFormats(parts);
        this.machines = machines;
    }

    @Override
    public String scope() {
        return "disk";
    }

    @Override
    public String title() {
        return "Disk files";
    }

    @Descriptor("makes a disk file: empty, or a layer over another file, which must not be written any more")
    @Example({"disk:create data.img 64M", "disk:create root.qcow2 4G --format qcow2", "disk:create try.qcow2 --backing root.img    # of the same size"})
    public DiskFile create(CommandSession session, @Descriptor("where; it must not exist") @Value("FILE") String path,
            @Descriptor("size of the disk: 64M, 1G; may be left out with --backing") @Value("[SIZE]") String size,
            @Descriptor("its format (as its name ends, else raw; qcow2 with --backing)") @Parameter(names = {"-f", "--format"}, absentValue = "")
            @Value("FORMAT") Optional<String> format,
            @Descriptor("the file that it lies over") @Parameter(names = {"-b", "--backing"}, absentValue = "") @Value("FILE") Optional<String> backing,
            @Descriptor("a file that the backing file, and the files below it, may lie over, wherever it is; remembered")
            @Parameter(names = "--allow", absentValue = "") @Value("FILE") List<String> allow)
            throws CommandError, IOException {
        if (backing.isPresent()) {
            DiskFormats.allow(session.currentDir().resolve(backing.get()), allow.stream().map(each -> session.currentDir().resolve(each)).toList());
        }
        Path file = session.currentDir().resolve(path);
        String name = format.orElseGet(() -> formats.forName(file, backing.isPresent()));
        Optional<DiskFile> below = backing.isPresent() ? Optional.of(read(session.currentDir().resolve(backing.get()))) : Optional.empty();
        if (size.isEmpty() && below.isEmpty()) {
            throw new CommandError("disk:create: SIZE is missing, as in disk:create " + path + " 1G");
        }
        long bytes = size.isEmpty() ? below.get().size() : Sizes.bytes("disk:create: SIZE", size, "");
        if (bytes == 0 || bytes % Disk.SECTOR != 0) {
            throw new CommandError("disk:create: SIZE '" + size + "': a disk has whole sectors of " + Disk.SECTOR + " bytes; write it as 64M or 1G");
        }
        try (Parts.Use<DiskPart> use = formats.use(name)) {
            use.part().create(file, bytes, below.map(layer -> new Backing(layer.file(), layer.format())));
        }
        if (below.isPresent()) {
            Grants.ofPlatform().letLieOver(file, below.get().file());
            LayerRegister.laidOver(file, below.get().file());
        }
        return read(file);
    }

    @Descriptor("shows a disk file: its format, the disk's size, the files that it lies over, the machine that writes it; such a machine flushes it first")
    @Example({"disk:info root.qcow2"})
    public DiskFile info(CommandSession session, @Descriptor("the file") @Value("FILE") String path,
            @Descriptor("its format, if its first bytes do not tell") @Parameter(names = {"-f", "--format"}, absentValue = "")
            @Value("FORMAT") Optional<String> format,
            @Descriptor("a file that it, and the files below it, may lie over, wherever it is; remembered. Without it, only what lies beside a disk file")
            @Parameter(names = "--allow", absentValue = "") @Value("FILE") List<String> allow) throws IOException {
        Path file = session.currentDir().resolve(path);
        DiskFormats.allow(file, allow.stream().map(each -> session.currentDir().resolve(each)).toList());
        Optional<DiskInUse> use = DiskInUse.of(file, machines.list());
        if (use.isPresent()) {
            return read(file, use.get());
        }
        return format.isPresent() ? read(file, format.get()) : read(file);
    }

    private DiskFile read(Path file, DiskInUse use) throws IOException {
        use.flush();
        List<Backing> below = new ArrayList<>();
        for (Path layer : use.below()) {
            below.add(new Backing(layer, formats.of(layer)));
        }
        String name = use.format().isPresent() ? use.format().get() : formats.of(file);
        return new DiskFile(file, name, use.disk().disk().size(), Files.size(file), List.copyOf(below), use.toString());
    }

    private DiskFile read(Path file) throws IOException {
        return read(file, formats.of(file));
    }

    private DiskFile read(Path file, String format) throws IOException {
        List<Backing> chain = new ArrayList<>();
        try (Disk disk = formats.open(new Backing(file, format), chain)) {
            return new DiskFile(file, format, disk.size(), Files.size(file), List.copyOf(chain.subList(1, chain.size())), "");
        }
    }
}
