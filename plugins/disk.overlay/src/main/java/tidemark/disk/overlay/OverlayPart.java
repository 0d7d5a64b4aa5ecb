package tidemark.disk.overlay;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.api.device.Disk;
import tidemark.api.device.DiskPart;
import tidemark.disk.HostFile;
import tidemark.disk.Request;
import tidemark.disk.Signature;
import tidemark.files.TemporaryFolder;

/** What was written since a layer was put over another disk, in a sparse file. The README of this bundle defines the format. */
@Component(property = DiskPart.NAME + "=overlay", immediate = true)
public final class OverlayPart implements DiskPart {
    private static final Logger LOG = LoggerFactory.getLogger(OverlayPart.class);
    private static final long SMALL = 1 << 20;
    private static final long SECONDS_OF_START = 3;
    private static final long ENDS_WITHIN_MS = 5_000;
    private volatile Thread rehearsal;

    /**
     * Layers are put on while a guest stands. The first in a JVM takes 20 ms, of loading and linking classes, later ones less than 1: so the first is this, when the
     * platform has started.
     */
    @Activate
    void activate() {
        rehearsal = Thread.ofPlatform().daemon().name("tidemark-overlay").start(this::rehearseLater);
    }

    /** The rehearsal does not outlive its bundle. */
    @Deactivate
    void deactivate() throws InterruptedException {
        rehearsal.interrupt();
        rehearsal.join(ENDS_WITHIN_MS);
    }

    private void rehearseLater() {
        try {
            TimeUnit.SECONDS.sleep(SECONDS_OF_START);
            rehearse(Path.of(System.getProperty("java.io.tmpdir")));
        } catch (InterruptedException e) {
            LOG.debug("No layer was rehearsed: the bundle is stopped");
        }
    }

    static void rehearse(Path temporary) {
        OverlayPart part = new OverlayPart();
        try (TemporaryFolder folder = TemporaryFolder.create(temporary, "layer")) {
            Path below = folder.path().resolve("below");
            Path layer = folder.path().resolve("layer");
            part.create(below, SMALL, Optional.empty());
            part.create(layer, SMALL, Optional.of(new Backing(below, "overlay")));
            part.open(layer, true, backing -> part.open(below, false, nothing -> null)).close();
        } catch (IOException e) {
            LOG.debug("The first layer will take longer: {}", e.toString());
        }
    }

    @Override
    public boolean recognizes(Path file) throws IOException {
        return Signature.isOf(file, Header.MAGIC);
    }

    @Override
    public Disk open(Path file, boolean writable, Opener below) throws IOException {
        return OverlayDisk.open(file, writable, below);
    }

    @Override
    public void create(Path file, long size, Optional<Backing> backing) throws IOException {
        Request.checkSize(file, size, Geometry.MAX_SIZE);
        Header header = new Header(size, ThreadLocalRandom.current().nextLong(), backing);
        HostFile.create(file, content -> {
            content.resize(header.geometry().fileLength());
            content.write(0, header.encode(file));
        });
    }
}
