package tidemark.shell;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import tidemark.api.machine.DiskInfo;
import tidemark.api.machine.Machine;
import tidemark.api.machine.Machine.Power;
import tidemark.api.machine.Machine.UsedPart;

/** A disk of a machine that writes a file. Nobody else can open the file then: the machine is asked. */
record DiskInUse(Machine machine, DiskInfo disk) {
    static Optional<DiskInUse> of(Path file, List<Machine> machines) throws IOException {
        for (Machine machine : machines) {
            for (DiskInfo disk : machine.disks()) {
                if (disk.disk().writable() && !disk.files().isEmpty() && isSame(file, disk.files().getFirst())) {
                    return Optional.of(new DiskInUse(machine, disk));
                }
            }
        }
        return Optional.empty();
    }

    private static boolean isSame(Path file, Path other) throws IOException {
        return Files.exists(file) && Files.exists(other) && Files.isSameFile(file, other);
    }

    /** Has the file hold all that the guest wrote. A machine whose parts are missing has done so before. */
    void flush() throws IOException {
        if (machine.status().power() != Power.FROZEN) {
            disk.disk().flush();
        }
    }

    Optional<String> format() {
        return machine.parts().stream().filter(part -> part.part().equals(disk.device() + ".image")).map(UsedPart::name).findFirst();
    }

    List<Path> below() {
        return disk.files().subList(1, disk.files().size());
    }

    @Override
    public String toString() {
        return machine.name() + " (" + disk.device() + ")";
    }
}
