package tidemark.device.virtio.block;

import java.util.Arrays;
import java.util.Locale;
import tidemark.api.device.NoSpaceException;

/** What becomes of a write or flush that fails: option {@code werror}, named as QEMU's. What waits is tried again when the machine goes on. */
enum WriteErrors {
    /** It waits in a paused machine if the host is full; the guest is told of other errors. The default. */
    ENOSPC,
    /** The guest is told. */
    REPORT,
    /** It waits in a paused machine. */
    STOP;

    static WriteErrors of(String device, String text) {
        return Arrays.stream(values()).filter(value -> value.name().toLowerCase(Locale.ROOT).equals(text)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("Device " + device + ": werror=" + text + "; give enospc, report or stop"));
    }

    boolean wait(Exception failure) {
        return this == STOP || this == ENOSPC && failure instanceof NoSpaceException;
    }
}
