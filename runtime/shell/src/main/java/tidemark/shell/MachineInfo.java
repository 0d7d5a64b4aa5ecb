package tidemark.shell;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import tidemark.api.machine.DiskInfo;
import tidemark.api.machine.Machine;
import tidemark.api.machine.Machine.Power;
import tidemark.api.machine.MachineSpec;

/**
 * A machine at one moment.
 *
 * @param reason why it is frozen, held, off, or paused by a device; empty otherwise
 * @param mips its rate; NaN if it was not measured
 * @param translatedShare what part of its instructions was executed as translated code, while the rate was measured, 0 to 1; NaN if it was not
 * @param disks a line for each
 * @param consoles the names of the devices that have one
 * @param checkpoints the parts that checkpoints of it are taken with; empty if that was not asked for
 */
public record MachineInfo(String name, String power, String reason, int exitCode, MachineSpec spec, long instructions,
        double mips, double translatedShare, List<String> disks, List<String> consoles, Map<String, String> checkpoints) implements Command.Named {
    static MachineInfo of(Machine machine, double mips, double translatedShare) {
        Machine.Status status = machine.status();
        return new MachineInfo(machine.name(), word(status.power()), status.reason(), status.exitCode(), machine.spec(), machine.instructions(), mips, translatedShare,
                machine.disks().stream().map(MachineInfo::line).toList(), machine.consoles(), Map.of());
    }

    static MachineInfo of(Machine machine) {
        return of(machine, Double.NaN, Double.NaN);
    }

    MachineInfo with(Map<String, String> chosen) {
        return new MachineInfo(name, power, reason, exitCode, spec, instructions, mips, translatedShare, disks, consoles, chosen);
    }

    static String word(Power power) {
        return power.name().toLowerCase(Locale.ROOT);
    }

    private static String line(DiskInfo disk) {
        int layers = disk.files().size();
        return disk.device() + ": " + Sizes.text(disk.disk().size()) + (disk.disk().writable() ? "" : ", read-only") + ", "
                + (layers == 0 ? "no file" : disk.files().getFirst()) + (layers > 1 ? ", " + layers + " layers" : "");
    }

    /** The guest's name, or the file that was loaded; empty for a restored machine without either. */
    public String program() {
        return spec.guest().isEmpty() ? spec.kernel() : spec.guest();
    }

    @Override
    public String reference() {
        return name;
    }

    @Override
    public String toString() {
        return name;
    }
}
