package tidemark.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import tidemark.api.device.DiskPart;
import tidemark.api.machine.MachineException;
import tidemark.api.machine.Parts.Use;

/**
 * The place of the part that knows the format of a disk's topmost file. The disk stays the same object for its device: its files are closed and opened anew, by
 * the parts of all their formats, of which {@link DiskFormats} keeps the uses.
 */
final class DiskSlot extends Slot<DiskPart> {
    private static final String IMAGE = "image";

    private final LayeredDisk disk;
    private final DiskFormats formats;

    DiskSlot(LayeredDisk disk, DiskFormats formats) {
        super(DiskPart.class, "disk", disk.format());
        this.disk = disk;
        this.formats = formats;
        came();
    }

    DiskFormats formats() {
        return formats;
    }

    @Override
    String name() {
        return disk.device() + "." + IMAGE;
    }

    /** Changes when the disk goes on in a new layer. */
    @Override
    String part() {
        return disk.format();
    }

    @Override
    boolean missing() {
        return !disk.isOpen();
    }

    @Override
    void putIn(Use<DiskPart> newUse) {
        try (newUse) {
            disk.reopen(newUse.info().name(), newUse.part(), formats::close);
            came();
        } catch (IOException e) {
            throw new MachineException(e.getMessage(), e);
        }
    }

    @Override
    void comeBack(Swap swap) {
        try {
            disk.comeBack();
            came();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    void leave() {
        try {
            disk.leave();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    void enter(DiskPart newPart) {
        throw new UnsupportedOperationException("A disk is opened by the parts of all its formats");
    }
}
