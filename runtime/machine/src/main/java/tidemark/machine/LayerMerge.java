package tidemark.machine;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import tidemark.api.device.Disk;
import tidemark.api.device.DiskPart.Backing;
import tidemark.api.device.LayerDisk;
import tidemark.api.machine.Grants;
import tidemark.disk.layers.LayerFiles;
import tidemark.files.Disposable;

/**
 * Makes one layer of several frozen ones, beside the guest: a new file, which has what they have and lies over what they lie over. They stay as they are, since images may
 * need them. The new file has another name until it is whole and on stable storage.
 */
final class LayerMerge implements AutoCloseable {
    /** A chain of so many files is merged. */
    static final int CHAIN = 24;
    private static final int LEAST = CHAIN / 2;
    private static final int AT_ONCE = 1 << 20;

    private final DiskChain.Formats formats;
    private final BooleanSupplier cancelled;
    private final Path file;
    private final Path unfinished;
    private final Disposable fileMark;
    private final Disposable unfinishedMark;
    private final Optional<Backing> below;
    private final ByteBuffer bytes = ByteBuffer.allocateDirect(AT_ONCE);
    private final ByteBuffer zeros = ByteBuffer.allocateDirect(AT_ONCE);
    private DiskChain merged;
    private boolean kept;

    /**
     * @param chain whose topmost file is written
     * @param count of files below that one to be merged at first
     */
    LayerMerge(DiskChain.Formats formats, LayerFiles files, DiskChain chain, int count, BooleanSupplier cancelled) throws IOException {
        this.formats = formats;
        this.cancelled = cancelled;
        this.file = files.nextMerged();
        this.unfinished = LayerFiles.unfinished(file);
        List<DiskChain.Layer> rest = chain.layers().subList(1 + count, chain.layers().size());
        this.below = rest.isEmpty() ? Optional.empty() : Optional.of(rest.getFirst().asBacking());
        this.fileMark = Disposable.claim(file);
        this.unfinishedMark = Disposable.claim(unfinished);
        formats.part(DiskChain.OVERLAY).create(unfinished, chain.disk().size(), below);
        if (below.isPresent()) {
            Grants.ofPlatform().letLieOver(unfinished, below.get().file()); // as the files that it stands for may
        }
    }

    /** How many files below the topmost are to be merged; 0 if the chain is short, or they cannot be. */
    static int count(DiskChain chain) {
        List<DiskChain.Layer> frozen = chain.layers().subList(1, chain.layers().size());
        if (chain.layers().size() < CHAIN || !mergeable(chain.top(), chain.disk().size())) {
            return 0;
        }
        int count = 0;
        long sum = 0;
        for (DiskChain.Layer layer : frozen) {
            if (!mergeable(layer, chain.disk().size())) {
                break;
            }
            long own = own((LayerDisk) layer.disk());
            if (count >= LEAST && own > sum) { // a large one is copied only when as much has come above it
                break;
            }
            sum += own;
            count++;
        }
        return count < 2 ? 0 : count;
    }

    private static boolean mergeable(DiskChain.Layer layer, long size) {
        return layer.disk() instanceof LayerDisk && layer.disk().size() == size;
    }

    private static long own(LayerDisk layer) {
        long sum = 0;
        for (long at = layer.nextOwn(0); at < layer.size(); at = layer.nextOwn(at)) {
            long end = layer.ownEnd(at);
            sum += end - at;
            at = end;
        }
        return sum;
    }

    /** Takes over what layers have, the topmost first. What they had over others wins. */
    void add(List<DiskChain.Layer> layers) throws IOException {
        unpublish();
        merged = DiskChain.open(formats, new Backing(unfinished, DiskChain.OVERLAY), true);
        Disk content = layers.getFirst().disk();
        List<LayerDisk> all = new ArrayList<>();
        layers.forEach(layer -> all.add((LayerDisk) layer.disk()));
        for (long at = next(all, 0); at < content.size(); at = next(all, at)) {
            long end = Math.min(end(all, at), at + AT_ONCE);
            copy(content, at, (int) (end - at));
            at = end;
        }
        merged.disk().seal();
        merged.disk().flush();
        publish();
    }

    private static long next(List<LayerDisk> layers, long offset) {
        return layers.stream().mapToLong(layer -> layer.nextOwn(offset)).min().orElseThrow();
    }

    private static long end(List<LayerDisk> layers, long offset) {
        return layers.stream().mapToLong(layer -> layer.ownEnd(offset)).max().orElseThrow();
    }

    private void copy(Disk content, long offset, int length) throws IOException {
        if (cancelled.getAsBoolean()) {
            throw new IOException("The merging of layers was cancelled");
        }
        content.read(offset, bytes.clear().limit(length));
        if (bytes.flip().mismatch(zeros.slice(0, length)) < 0) {
            merged.disk().zero(offset, length);
        } else {
            merged.disk().write(offset, bytes);
        }
    }

    private void publish() throws IOException {
        merged.disk().close();
        merged = null;
        move(unfinished, file);
        kept = true;
        merged = DiskChain.open(formats, backing(), false);
    }

    private void unpublish() throws IOException {
        if (merged != null) {
            merged.disk().close();
            merged = null;
            kept = false;
            move(file, unfinished);
        }
    }

    /** Durable when this returns. */
    private static void move(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        try (FileChannel folder = FileChannel.open(to.getParent(), StandardOpenOption.READ)) {
            folder.force(true);
        }
    }

    Backing backing() {
        return new Backing(file, DiskChain.OVERLAY);
    }

    /** The topmost file, over the new one, over what was below the merged ones; to be called when nobody uses the chain. The new chain's files are its own. */
    DiskChain install(DiskChain.Layer top) throws IOException {
        fileMark.keep(); // first: a disposable file goes if this process is killed
        ((LayerDisk) top.disk()).rebase(backing(), merged.disk());
        List<DiskChain.Layer> layers = new ArrayList<>(merged.layers());
        layers.addFirst(top);
        merged = null;
        return new DiskChain(top.disk(), List.copyOf(layers));
    }

    /** Leaves nothing behind unless it was installed. */
    @Override
    public void close() throws IOException {
        if (merged != null) {
            merged.disk().close();
            if (kept) {
                Files.deleteIfExists(file);
            }
        }
        fileMark.remove();
        unfinishedMark.remove();
    }
}
