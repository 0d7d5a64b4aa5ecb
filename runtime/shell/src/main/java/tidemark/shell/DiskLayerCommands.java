package tidemark.shell;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Parameter;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import tidemark.api.checkpoint.CheckpointException;
import tidemark.api.checkpoint.Checkpoints;
import tidemark.api.device.DiskPart.Backing;
import tidemark.api.machine.Machines;
import tidemark.api.machine.Parts;
import tidemark.api.shell.CommandError;
import tidemark.api.shell.CommandGroup;
import tidemark.api.shell.Example;
import tidemark.api.shell.Value;
import tidemark.disk.layers.LayerFiles;
import tidemark.disk.layers.LayerRegister;
import tidemark.disk.layers.LayerTree;

/** The layers that checkpoints leave beside a disk file. */
@Component(service = CommandGroup.class)
public final class DiskLayerCommands implements CommandGroup {
    private final DiskFormats formats;
    private final Machines machines;
    private final Checkpoints checkpoints;

    @Activate
    public DiskLayerCommands(@Reference Parts parts, @Reference Machines machines, @Reference Checkpoints checkpoints) {
        this.formats = new DiskFormats(parts);
        this.machines = machines;
        this.checkpoints = checkpoints;
    }

    @Override
    public String scope() {
        return "disk";
    }

    @Override
    public String title() {
        return "Disk files";
    }

    @Descriptor("shows a disk's layers, and which image, machine or layer needs each")
    @Example({"disk:layers data.img", "disk:layers    # of scratch disks, in the platform's home"})
    public DiskLayers layers(CommandSession session, @Descriptor("the disk file, a layer of it, or a folder") @Value("[FILE]") String path)
            throws IOException, CheckpointException {
        List<LayerTree.Layer> layers = new ArrayList<>();
        for (LayerFiles disk : disks(session, path)) {
            layers.addAll(tree(disk, true).layers());
        }
        return new DiskLayers(layers, "nothing");
    }

    @Descriptor("shows which layers nobody needs; with --yes removes them")
    @Example({"disk:tidy data.img", "disk:tidy data.img --yes", "disk:tidy data.img --missing    # if images were deleted by hand"})
    public DiskLayers tidy(CommandSession session, @Descriptor("the disk file, a layer of it, or a folder") @Value("[FILE]") String path,
            @Descriptor("remove them") @Parameter(names = {"-y", "--yes"}, absentValue = "false", presentValue = "true") boolean yes,
            @Descriptor("images and files that are not found, cannot be read or are not registered need nothing")
            @Parameter(names = {"-m", "--missing"}, absentValue = "false", presentValue = "true") boolean missing) throws IOException, CheckpointException {
        List<LayerTree.Layer> layers = new ArrayList<>();
        for (LayerFiles disk : disks(session, path)) {
            LayerTree tree = tree(disk, !missing);
            layers.addAll(tree.unneeded());
            if (yes) {
                tree.removeUnneeded();
                LayerRegister.removeWithoutDisk(disk);
            }
        }
        return new DiskLayers(layers, yes ? "nothing; removed" : "nothing; --yes removes it");
    }

    @Descriptor("copies a disk's content, with that of all layers below, to a new file without layers")
    @Example({"disk:flatten data.img.layer3 flat.img", "disk:flatten data.img.layer3 flat.qcow2"})
    public DiskFile flatten(CommandSession session, @Descriptor("the disk file or layer") @Value("FILE") String path,
            @Descriptor("the new file; it must not exist") @Value("FILE") String to,
            @Descriptor("its format (as its name ends, else raw)") @Parameter(names = {"-f", "--format"}, absentValue = "") @Value("FORMAT")
            Optional<String> format,
            @Descriptor("a file that it, and the files below it, may lie over, wherever it is; remembered. Without it, only what lies beside a disk file")
            @Parameter(names = "--allow", absentValue = "") @Value("FILE") List<String> allow) throws IOException {
        Path file = session.currentDir().resolve(path);
        allow(session, file, allow);
        Path target = session.currentDir().resolve(to);
        String name = format.orElseGet(() -> formats.forName(target, false));
        long size = new DiskCopies(formats).flatten(new Backing(file, formats.of(file)), new Backing(target, name));
        return new DiskFile(target, name, size, Files.size(target), List.of(), "");
    }

    @Descriptor("writes what a layer and those below it have into the disk's own file, and removes them; refused if anybody needs one")
    @Example({"disk:commit data.img.layer3", "disk:commit data.img.layer3 --missing    # if images were deleted by hand"})
    public DiskFile commit(CommandSession session, @Descriptor("the newest layer") @Value("FILE") String path,
            @Descriptor("images and files that are not found, cannot be read or are not registered need nothing")
            @Parameter(names = {"-m", "--missing"}, absentValue = "false", presentValue = "true") boolean missing,
            @Descriptor("a file that it, and the files below it, may lie over, wherever it is; remembered. Without it, only what lies beside a disk file")
            @Parameter(names = "--allow", absentValue = "") @Value("FILE") List<String> allow)
            throws CommandError, IOException, CheckpointException {
        Path file = session.currentDir().resolve(path).toAbsolutePath();
        allow(session, file, allow);
        LayerFiles disk = LayerFiles.of(file);
        List<Backing> chain = new ArrayList<>();
        formats.open(new Backing(file, formats.of(file)), chain).close();
        refuseNeeded(chain, tree(disk, !missing), disk);
        long size = new DiskCopies(formats).commit(chain);
        Backing base = chain.getLast();
        return new DiskFile(base.file(), base.format(), size, Files.size(base.file()), List.of(), "");
    }

    private static void allow(CommandSession session, Path file, List<String> allow) throws IOException {
        DiskFormats.allow(file, allow.stream().map(each -> session.currentDir().resolve(each)).toList());
    }

    /** Only the chain itself may need its files. */
    private static void refuseNeeded(List<Backing> chain, LayerTree tree, LayerFiles disk) throws CommandError {
        if (chain.size() < 2 || chain.stream().anyMatch(file -> !LayerFiles.of(file.file()).equals(disk))) {
            throw new CommandError("disk:commit: " + chain.getFirst().file() + " does not lie over a file beside it of the same name; disk:flatten copies it");
        }
        String above = "the newest state of the disk";
        for (Backing file : chain) {
            LayerTree.Layer layer = tree.layers().stream().filter(each -> each.file().equals(file.file())).findFirst()
                    .orElseThrow(() -> new CommandError("disk:commit: " + file.file() + " is not beside its layers; disk:flatten copies the content"));
            for (String need : layer.needs()) {
                if (!need.equals(above) && !need.equals("the disk's own file")) {
                    throw new CommandError("disk:commit: " + file.file() + " is needed: " + need + "; nothing was written. disk:flatten copies the content");
                }
            }
            above = "below " + file.file().getFileName();
        }
    }

    private LayerTree tree(LayerFiles disk, boolean missing) throws IOException, CheckpointException {
        return LayerTree.of(disk, file -> formats.below(file).map(Backing::file), LayerNeeds.of(disk, machines, checkpoints, missing), missing);
    }

    private static Set<LayerFiles> disks(CommandSession session, String path) throws IOException {
        Path file = path.isEmpty() ? LayerFiles.ofPlatform() : session.currentDir().resolve(path).toAbsolutePath();
        if (!Files.isDirectory(file)) {
            LayerFiles disk = LayerFiles.of(file);
            if (!path.isEmpty() && !Files.exists(file) && disk.existing().isEmpty()) {
                throw new IOException("there is no file " + file);
            }
            return path.isEmpty() ? Set.of() : Set.of(disk);
        }
        Set<LayerFiles> disks = new LinkedHashSet<>();
        try (Stream<Path> all = Files.list(file)) {
            all.filter(LayerFiles::isLayer).sorted().map(LayerFiles::of).forEach(disks::add);
        }
        return disks;
    }
}
