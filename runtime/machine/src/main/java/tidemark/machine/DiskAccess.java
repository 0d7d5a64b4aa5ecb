package tidemark.machine;

import java.util.Arrays;
import java.util.Locale;
import tidemark.api.machine.MachineException;

/** What a machine may do to a disk file: option {@code access} of its device. */
enum DiskAccess {
    /** Read and write it; the default. */
    RW,
    /** Read it; the guest sees a write-protected disk. */
    RO,
    /** Read it; what the guest writes goes into a layer that goes with the machine. */
    SCRATCH;

    static DiskAccess of(String device, String text) {
        return Arrays.stream(values()).filter(access -> access.name().toLowerCase(Locale.ROOT).equals(text)).findFirst()
                .orElseThrow(() -> new MachineException("Device " + device + ": access=" + text + "; give rw, ro or scratch"));
    }
}
