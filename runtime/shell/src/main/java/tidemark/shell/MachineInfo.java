package tidemark.shell;

import tidemark.api.machine.Machine;
import tidemark.api.machine.MachineSpec;

/**
 * A machine at one moment.
 *
 * @param reason why it is frozen, held or off; empty otherwise
 * @param mips its rate; NaN if it was not measured
 */
public record MachineInfo(String name, String power, String reason, int exitCode, MachineSpec spec, long instructions,
        double mips) implements Command.Named {
    static MachineInfo of(Machine machine, double mips) {
        Machine.Status status = machine.status();
        return new MachineInfo(machine.name(), status.power().name().toLowerCase(java.util.Locale.ROOT), status.reason(), status.exitCode(),
                machine.spec(), machine.instructions(), mips);
    }

    static MachineInfo of(Machine machine) {
        return of(machine, Double.NaN);
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
