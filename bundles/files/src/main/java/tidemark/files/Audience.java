package tidemark.files;

import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/** Who may use a file, from its creation on. */
public enum Audience {
    /** Mode 0600: registers, disks. */
    OWNER(PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))),
    /** Mode 0400: what never changes again, as an image does. Who creates it writes it, its owner can still delete it. */
    OWNER_READS(PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("r--------"))),
    /** What the user's umask says: reports, made to be shown. */
    EVERYBODY;

    private final FileAttribute<?>[] attributes;

    Audience(FileAttribute<?>... attributes) {
        this.attributes = attributes;
    }

    FileAttribute<?>[] atCreation() {
        return attributes.clone();
    }
}
