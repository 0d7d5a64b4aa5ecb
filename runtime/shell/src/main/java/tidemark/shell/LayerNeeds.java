package tidemark.shell;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import tidemark.api.checkpoint.CheckpointException;
import tidemark.api.checkpoint.Checkpoints;
import tidemark.api.checkpoint.ImageReader;
import tidemark.api.machine.DiskInfo;
import tidemark.api.machine.Machine;
import tidemark.api.machine.Machines;
import tidemark.disk.layers.LayerFiles;
import tidemark.disk.layers.LayerRegister;

/** Who needs the layers of one disk: machines of this platform, images beside the disk and where the register has them. Names of files, and what for. */
final class LayerNeeds {
    private final LayerFiles files;
    private final LayerRegister register;
    private final boolean missing;
    private final Map<String, List<String>> needs = new TreeMap<>();
    private final Set<String> found = new HashSet<>();

    private LayerNeeds(LayerFiles files, boolean missing) throws IOException {
        this.files = files;
        this.register = LayerRegister.read(files);
        this.missing = missing;
    }

    /** @param missing whether images that are not found, cannot be read or may be unknown count, too */
    static Map<String, List<String>> of(LayerFiles files, Machines machines, Checkpoints checkpoints, boolean missing) throws IOException, CheckpointException {
        LayerNeeds needs = new LayerNeeds(files, missing);
        needs.addMachines(machines);
        needs.addImages(checkpoints);
        needs.addRegistered();
        return needs.needs;
    }

    private void add(String name, String need) {
        List<String> all = needs.computeIfAbsent(name, any -> new ArrayList<>());
        if (!all.contains(need)) {
            all.add(need);
        }
    }

    private void addMachines(Machines machines) {
        for (Machine machine : machines.list()) {
            for (DiskInfo disk : machine.disks()) {
                disk.files().stream().filter(file -> LayerFiles.of(file).equals(files))
                        .forEach(file -> add(file.getFileName().toString(), "machine " + machine.name()));
            }
        }
    }

    private void addImages(Checkpoints checkpoints) throws IOException, CheckpointException {
        Set<Path> folders = new LinkedHashSet<>(List.of(files.folder()));
        register.images().values().forEach(image -> folders.add(image.file().getParent()));
        register.begun().values().forEach(image -> folders.add(image.file().getParent()));
        for (Path folder : folders) {
            if (Files.isDirectory(folder)) {
                for (Path image : checkpoints.list(folder)) {
                    addImage(checkpoints, image);
                }
            }
        }
    }

    private void addImage(Checkpoints checkpoints, Path image) throws IOException {
        try (ImageReader reader = checkpoints.open(image)) {
            found.add(reader.manifest().getOrDefault("id", ""));
            reader.manifest().forEach((key, value) -> {
                if (key.matches("disk\\..+\\.file\\d+")) {
                    addFile(value, "image " + image);
                }
            });
        } catch (CheckpointException e) {
            addForAll("perhaps image " + image + ", which cannot be read");
        }
    }

    /** By its name: an image and its disk may have been moved. */
    private void addFile(String file, String need) {
        try {
            Path path = Path.of(file).getFileName();
            if (path != null && LayerFiles.of(path.toAbsolutePath()).stem().equals(files.stem())) {
                add(path.toString(), need);
            }
        } catch (InvalidPathException e) { // of a damaged image; it names none of these files then
            return;
        }
    }

    private void addForAll(String need) throws IOException {
        if (missing) {
            files.existing().forEach(file -> add(file.getFileName().toString(), need));
        }
    }

    private void addRegistered() {
        register.above().forEach((above, name) -> {
            if (Files.exists(above) || missing) {
                add(name, "below " + above + (Files.exists(above) ? "" : ", which is not there"));
            }
        });
        if (missing) {
            register.known().forEach(name -> add(name, "perhaps an image that no register has"));
            register.images().values().stream().filter(image -> !found.contains(image.id()))
                    .forEach(image -> add(image.layer(), "an image that was " + image.file() + ", and is not there"));
        }
    }
}
