package tidemark.disk.raw;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.osgi.service.component.annotations.Component;
import tidemark.api.device.Disk;
import tidemark.api.device.DiskPart;
import tidemark.disk.HostFile;
import tidemark.disk.Request;

/** A plain file: byte n of the disk is byte n of the file. Its zeros are holes. */
@Component(property = DiskPart.NAME + "=raw")
public final class RawPart implements DiskPart {
    @Override
    public boolean recognizes(Path file) {
        return false;
    }

    @Override
    public Disk open(Path file, boolean writable, Opener below) throws IOException {
        return RawDisk.open(file, writable);
    }

    @Override
    public void create(Path file, long size, Optional<Backing> backing) throws IOException {
        if (backing.isPresent()) {
            throw new IOException("Raw disk file " + file + " cannot lie over " + backing.get().file()
                    + ": a plain file has no layers; choose format overlay or qcow2");
        }
        Request.checkSize(file, size, Long.MAX_VALUE);
        HostFile.create(file, content -> content.resize(size));
    }
}
