package tidemark.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import tidemark.api.checkpoint.CheckpointException;
import tidemark.api.checkpoint.ImageAsk;
import tidemark.api.checkpoint.ImageReader;
import tidemark.api.checkpoint.RestoreGrants;
import tidemark.api.device.DiskPart.Backing;
import tidemark.api.machine.DeviceSpec;
import tidemark.api.machine.DiskLayer;
import tidemark.api.machine.Grants;
import tidemark.api.machine.MachineSpec;
import tidemark.api.machine.Parts;

/**
 * What an image wants of this host: nothing has been opened yet. Files are those that it gets, wherever its manifest says that they are.
 *
 * @param spec of the machine, with the files and networks that it gets
 * @param disks that it gets
 * @param asks all that the image asks for
 */
record Wanted(MachineSpec spec, List<DiskLayer> disks, List<ImageAsk> asks, ImageFiles files, ImageNetworks networks) {
    static Wanted of(Path image, ImageReader reader, RestoreGrants given, Parts parts) throws CheckpointException {
        ImageFiles files = new ImageFiles(image, reader.manifest(), Grants.ofPlatform(), given.files());
        ImageNetworks networks = new ImageNetworks(parts, given, files.isTakenHere());
        List<ImageAsk> asks = new ArrayList<>();
        MachineSpec machine = Manifest.machine(reader);
        List<DiskLayer> disks = disks(Manifest.disks(reader, machine), given, files, asks);
        options(machine, disks, files, asks);
        String firmware = machine.hasFirmwareFile() ? file("firmware", machine.firmware(), files, asks) : machine.firmware();
        MachineSpec spec = networks.plug(machine).withFiles(file("kernel", machine.kernel(), files, asks), file("initrd", machine.initrd(), files, asks),
                firmware);
        asks.addAll(networks.asks());
        return new Wanted(spec, disks, asks, files, networks);
    }

    /** The disks alone, for a machine that has files and networks of its own. */
    static List<DiskLayer> disksOf(Path image, ImageReader reader, RestoreGrants given) throws CheckpointException {
        ImageFiles files = new ImageFiles(image, reader.manifest(), Grants.ofPlatform(), given.files());
        List<ImageAsk> asks = new ArrayList<>();
        List<DiskLayer> disks = disks(Manifest.disks(reader, Manifest.machine(reader)), given, files, asks);
        refuse(asks);
        files.remember();
        return disks;
    }

    /** @throws CheckpointException if the image asks for what was not granted */
    Wanted granted() throws CheckpointException {
        refuse(asks);
        files.remember();
        return this;
    }

    private static void refuse(List<ImageAsk> asks) throws CheckpointException {
        List<ImageAsk> refused = asks.stream().filter(ask -> !ask.isGranted()).toList();
        if (!refused.isEmpty()) {
            throw new CheckpointException("the image may be a stranger's, and asks for what was not granted to it: "
                    + refused.stream().map(ask -> ask.part() + " " + ask.use() + " (" + ask.option() + ")").distinct().collect(Collectors.joining("; ")));
        }
    }

    private static List<DiskLayer> disks(List<DiskLayer> saved, RestoreGrants given, ImageFiles files, List<ImageAsk> asks) throws CheckpointException {
        List<DiskLayer> disks = new ArrayList<>();
        for (DiskLayer disk : saved) {
            Backing other = given.disks().get(disk.device());
            disks.add(other == null ? found(disk, files, asks) : replaced(disk, other));
        }
        for (String device : given.disks().keySet()) {
            if (saved.stream().noneMatch(disk -> disk.device().equals(device))) {
                throw new CheckpointException("it has no disk " + device + " for --disk; there are " + saved.stream().map(DiskLayer::device).toList());
            }
        }
        return disks;
    }

    private static DiskLayer found(DiskLayer disk, ImageFiles files, List<ImageAsk> asks) {
        List<DiskLayer.Stamp> stamps = new ArrayList<>();
        for (DiskLayer.Stamp stamp : disk.files()) {
            ImageFiles.Found found = files.find(stamp.file());
            asks.add(new ImageAsk(disk.device(), "goes on from " + found.file() + " in a new layer beside it", found.grantedBy(),
                    "--allow " + found.file() + ", or --disk " + disk.device() + "=FILE"));
            stamps.add(stamp.at(found.file()));
        }
        return new DiskLayer(disk.device(), disk.format(), stamps);
    }

    private static DiskLayer replaced(DiskLayer disk, Backing other) throws CheckpointException {
        Path file = other.file().toAbsolutePath();
        try {
            return new DiskLayer(disk.device(), other.format().isEmpty() ? disk.format() : other.format(),
                    List.of(new DiskLayer.Stamp(file, Files.size(file), Files.getLastModifiedTime(file).toMillis())));
        } catch (IOException e) {
            throw new CheckpointException("there is no file " + file + " for disk " + disk.device(), e);
        }
    }

    private static String file(String part, String name, ImageFiles files, List<ImageAsk> asks) throws CheckpointException {
        if (name.isEmpty()) {
            return name;
        }
        ImageFiles.Found found = files.find(name);
        asks.add(new ImageAsk(part, "is read from " + found.file() + " at a reset", found.grantedBy(), "--allow " + found.file()));
        return found.file().toString();
    }

    /** A device of any kind may take an option for the name of a file. That of a disk is its content in the image. */
    private static void options(MachineSpec machine, List<DiskLayer> disks, ImageFiles files, List<ImageAsk> asks) throws CheckpointException {
        for (DeviceSpec device : machine.devices()) {
            boolean disk = disks.stream().anyMatch(layer -> layer.device().equals(device.name()));
            for (var option : device.options().entrySet()) {
                if (option.getValue().contains("/") && !(disk && option.getKey().equals("file"))) {
                    ImageFiles.Found found = files.find(option.getValue());
                    asks.add(new ImageAsk(device.name(), "has " + option.getKey() + "=" + option.getValue(),
                            found.file().equals(Path.of(option.getValue())) ? found.grantedBy() : "", "--allow " + option.getValue()));
                }
            }
        }
    }
}
