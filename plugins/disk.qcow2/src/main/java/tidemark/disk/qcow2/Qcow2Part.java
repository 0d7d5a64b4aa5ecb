package tidemark.disk.qcow2;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.osgi.service.component.annotations.Component;
import tidemark.api.device.Disk;
import tidemark.api.device.DiskPart;
import tidemark.disk.HostFile;
import tidemark.disk.Request;
import tidemark.disk.Signature;

/**
 * QEMU's copy-on-write images, versions 2 and 3 (QEMU, docs/interop/qcow2.txt): read and written, with backing files, clusters of zeros, and internal
 * snapshots, which stay as they are; compressed clusters are read. No encryption, external data files, subclusters or zstd.
 */
@Component(property = DiskPart.NAME + "=qcow2")
public final class Qcow2Part implements DiskPart {
    @Override
    public boolean recognizes(Path file) throws IOException {
        return Signature.isOf(file, Header.MAGIC);
    }

    @Override
    public Disk open(Path file, boolean writable, Opener below) throws IOException {
        return Qcow2Disk.open(file, writable, below);
    }

    @Override
    public void create(Path file, long size, Optional<Backing> backing) throws IOException {
        Request.checkSize(file, size, NewImage.MAX_SIZE);
        HostFile.create(file, content -> NewImage.write(file, content, size, backing));
    }
}
