package tidemark.bench.programs;

import java.nio.file.Path;
import java.util.Optional;
import tidemark.api.machine.Parts;
import tidemark.bench.BenchCommands;
import tidemark.bench.FreshPlatform;
import tidemark.bench.Qemu;
import tidemark.bench.QemuGuest;

/** Finds who runs guests on this host. */
final class Runners {
    private Runners() {}

    /**
     * QEMU; empty if it is not installed.
     *
     * @param folder for kernels and RAM disks
     */
    static Optional<Runner> qemu(Parts parts, Path folder) throws InterruptedException {
        return Qemu.version(Qemu.SYSTEM).map(version -> new Runner(Runner.QEMU_SYSTEM, version, new QemuGuest(parts, folder)::start));
    }

    /** An engine of this platform. */
    static Runner engine(FreshPlatform platform, String cpu) {
        return new Runner(cpu, "CPU part " + cpu + " of this platform", (spec, disk) -> platform.exec("bench:guest '" + spec.guest() + "' --cpu '" + cpu
                + "' --ram " + spec.ramMiB() + disk.map(file -> " --disk '" + file + "'").orElse("") + " --input", BenchCommands.HART));
    }
}
