package tidemark.checkpoint;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import tidemark.api.checkpoint.CheckpointException;
import tidemark.api.checkpoint.Checkpoints.Rollback;
import tidemark.api.checkpoint.RestoreGrants;
import tidemark.api.machine.DiskLayer;
import tidemark.api.machine.Hold;
import tidemark.api.machine.Machine;
import tidemark.api.memory.DirtyLog;
import tidemark.api.memory.HostMemory;
import tidemark.api.memory.PageSet;
import tidemark.api.memory.PhysicalMemory;
import tidemark.api.state.StateException;

/** Takes a machine back to an image of its line of increments. */
final class RollBack {
    private final Machine machine;
    private final Lineage lineage;
    private final Images images;

    RollBack(Machine machine, Lineage lineage, Images images) {
        this.machine = machine;
        this.lineage = lineage;
        this.images = images;
    }

    Rollback to(Optional<Path> image, int back) throws CheckpointException {
        long begin = System.nanoTime();
        Path newest = lineage.newest().orElseThrow(() -> new CheckpointException("Machine " + machine.name() + " has no increments that go on; take one with protocol"
                + " incremental, or restore an image with checkpoint:restore IMAGE --into " + machine.name()));
        List<Ancestor> line = Ancestor.line(newest, images);
        try {
            if (!lineage.isNewest(line.getFirst().image().manifest().get(Manifest.ID))) {
                throw new CheckpointException(newest + " is another image than the one that was taken; put that there again, or end its increments with checkpoint:end "
                        + machine.name());
            }
            int target = find(line, image, back);
            Ancestor to = line.get(target);
            List<DiskLayer> disks = Wanted.disksOf(to.file(), to.image(), RestoreGrants.NONE);
            PageSet written = PageSet.none(machine.memory().pages());
            for (Ancestor later : line.subList(0, target)) {
                written.addAll(later.image().own());
            }
            Hold hold = machine.hold("rollback to " + to.file().getFileName());
            Duration stood;
            try {
                refuseIfOff();
                written.addAll(lineage.writtenSoFar());
                copy(line.subList(target, line.size()), written, disks);
                lineage.wentBack(to.file(), to.image().manifest().get(Manifest.ID));
            } finally {
                stood = hold.release().downtime();
            }
            return new Rollback(to.file(), written.size(), stood, Duration.ofNanos(System.nanoTime() - begin));
        } catch (Exception e) {
            throw new CheckpointException("Cannot take machine " + machine.name() + " back: " + Task.text(e), e);
        } finally {
            line.forEach(Ancestor::close);
        }
    }

    private static int find(List<Ancestor> line, Optional<Path> image, int back) throws CheckpointException {
        int first = image.isEmpty() ? 0 : Ancestor.find(line, image.get());
        if (back < 0 || first + back >= line.size()) {
            throw new CheckpointException("there are " + (line.size() - 1 - first) + " images before " + line.get(first).file().getFileName() + ", not " + back);
        }
        return first + back;
    }

    private void refuseIfOff() throws CheckpointException {
        if (machine.status().power() == Machine.Power.OFF) {
            throw new CheckpointException("it is off; checkpoint:restore --into takes it back");
        }
    }

    /** All that can fail comes before the first page is changed. */
    private void copy(List<Ancestor> line, PageSet written, List<DiskLayer> disks) throws CheckpointException, StateException, IOException {
        try (Arena arena = Arena.ofConfined()) {
            // zeros at first, as those pages have to become that no image hands over
            long former = arena.allocate(Math.max(1, written.size()) * PhysicalMemory.PAGE_SIZE, PhysicalMemory.PAGE_SIZE).address();
            int[] place = new int[Math.toIntExact(written.capacity())];
            int[] places = new int[1];
            written.forEach(page -> place[(int) page] = places[0]++);
            PageSet left = written.copy();
            for (int i = 0; i < line.size() && !left.isEmpty(); i++) {
                Increment.take(line.get(i), left, (page, bytes) -> HostMemory.copy(bytes, former + offset(place[(int) page]), PhysicalMemory.PAGE_SIZE));
            }
            Restorer.readyFor(machine, line.getFirst().image().states(), disks);
            DirtyLog log = lineage.ledger().toldOfCopies(lineage.since(), lineage.since());
            long ram = machine.memory().hostAddress();
            written.forEach(page -> {
                long bytes = former + offset(place[(int) page]);
                HostMemory.copy(bytes, ram + offset(page), PhysicalMemory.PAGE_SIZE);
                log.copied(page, bytes);
            });
        }
    }

    private static long offset(long page) {
        return page << PhysicalMemory.PAGE_SHIFT;
    }
}
