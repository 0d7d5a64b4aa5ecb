package tidemark.disk.qcow2;

import java.io.IOException;
import tidemark.disk.Storage;

/** What is wrong in an image. */
final class Damage {
    private Damage() {}

    static IOException in(Storage file, String what) {
        return new IOException("Qcow2 image " + file + " is damaged: " + what + "; see qemu-img check, repair it with qemu-img check -r all, or use a copy");
    }

    static IOException refusal(Storage file, String why) {
        return new IOException("Disk file " + file + " cannot be opened as format qcow2: " + why);
    }
}
