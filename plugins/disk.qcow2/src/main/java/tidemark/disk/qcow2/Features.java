package tidemark.disk.qcow2;

import java.io.IOException;
import tidemark.disk.Storage;

/** Incompatible features: what who reads an image must know. */
final class Features {
    private static final long DIRTY = 1;
    private static final long CORRUPT = 1 << 1;
    private static final long EXTERNAL_DATA = 1 << 2;
    private static final long COMPRESSION_TYPE = 1 << 3;
    private static final long EXTENDED_L2 = 1 << 4;
    private static final long KNOWN = DIRTY | CORRUPT | COMPRESSION_TYPE;
    private static final String CONVERT = "; convert it with qemu-img convert -O qcow2";

    private Features() {}

    static void check(Storage file, long features, int encryption, int compression) throws IOException {
        if (encryption != 0) {
            throw Damage.refusal(file, "it is encrypted" + CONVERT);
        }
        if ((features & EXTERNAL_DATA) != 0) {
            throw Damage.refusal(file, "its data are in another file (external data file)" + CONVERT);
        }
        if ((features & EXTENDED_L2) != 0) {
            throw Damage.refusal(file, "it has subclusters (extended L2 entries)" + CONVERT + " -o extended_l2=off");
        }
        if (compression != 0) {
            throw Damage.refusal(file, "it is compressed by " + (compression == 1 ? "zstd" : "method " + (compression & 0xFF)) + CONVERT
                    + " -o compression_type=zlib");
        }
        if ((features & ~KNOWN) != 0) {
            throw Damage.refusal(file, "it needs features that are not known here, bits 0x" + Long.toHexString(features & ~KNOWN) + CONVERT);
        }
        if ((features & CORRUPT) != 0) {
            throw Damage.in(file, "it is marked as corrupt");
        }
    }

    /** Reference counts of an image that is marked as dirty may be too low; who only reads does not need them. */
    static void checkWritable(Storage file, long features) throws IOException {
        if ((features & DIRTY) != 0) {
            throw Damage.refusal(file, "to be written: its last writer did not close it and postponed reference counts (lazy refcounts, dirty bit); "
                    + "repair it with qemu-img check -r all, or open it read-only");
        }
    }
}
