package tidemark.checkpoint;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import tidemark.api.checkpoint.CheckpointException;
import tidemark.api.checkpoint.Checkpoints.RestoreReport;
import tidemark.api.checkpoint.Checkpoints.Verdict;
import tidemark.api.checkpoint.ImageAsk;
import tidemark.api.checkpoint.ImageReader;
import tidemark.api.checkpoint.RestoreGrants;
import tidemark.api.machine.DeviceSpec;
import tidemark.api.machine.DiskLayer;
import tidemark.api.machine.Hold;
import tidemark.api.machine.Machine;
import tidemark.api.machine.MachineException;
import tidemark.api.machine.MachineSpec;
import tidemark.api.machine.Machines;
import tidemark.api.machine.Parts;
import tidemark.api.memory.HostMemory;
import tidemark.api.memory.PhysicalMemory;
import tidemark.api.state.State;
import tidemark.api.state.StateException;

/** Makes machines from images. */
final class Restorer {
    private static final AtomicLong VERIFIED = new AtomicLong();

    private static final Map<String, Map<String, String>> UNPLUGGED = Map.of("", Map.of(DeviceSpec.BACKEND, "none"));

    private final Machines machines;
    private final Images images;
    private final Parts parts;

    Restorer(Machines machines, Images images, Parts parts) {
        this.machines = machines;
        this.images = images;
        this.parts = parts;
    }

    List<ImageAsk> asks(Path image) throws CheckpointException {
        try (ImageReader reader = images.open(image)) {
            return Wanted.of(image, reader, RestoreGrants.NONE, parts).asks();
        } catch (MachineException e) {
            throw new CheckpointException(e.getMessage(), e);
        }
    }

    RestoreReport restore(Path image, String name, RestoreGrants grants) throws CheckpointException {
        return restore(image, name, grants, false);
    }

    RestoreReport restoreLazily(Path image, String name, RestoreGrants grants) throws CheckpointException {
        return restore(image, name, grants, true);
    }

    private RestoreReport restore(Path image, String name, RestoreGrants grants, boolean lazily) throws CheckpointException {
        long begin = System.nanoTime();
        ImageReader reader = null;
        try {
            reader = images.open(image);
            Wanted wanted = Wanted.of(image, reader, grants, parts).granted();
            MachineSpec spec = wanted.spec().withName(name);
            List<String> notices = wanted.networks().conflicts(spec, machines);
            Machine machine = machines.createEmpty(spec, wanted.disks());
            RestoreReport report;
            try (Hold hold = machine.hold("restore of " + image.getFileName())) {
                long pages = lazily ? mapPages(image, reader, machine.memory()) : readPages(reader, machine.memory());
                machine.loadState(reader.states());
                hold.release();
                report = new RestoreReport(image, machine, System.nanoTime() - begin, pages, notices);
            } catch (Throwable t) {
                machines.destroy(name);
                throw t;
            }
            if (lazily) {
                new PageCheck(image, reader, machine, machines).start();
                reader = null;
            }
            return report;
        } catch (CheckpointException | StateException | RuntimeException | OutOfMemoryError e) {
            throw new CheckpointException("Cannot restore " + image + " as machine " + name + ": " + Task.text(e) + "; no machine was made",
                    e);
        } finally {
            if (reader != null) {
                reader.close();
            }
        }
    }

    RestoreReport restoreInto(Path image, Machine machine, RestoreGrants grants) throws CheckpointException {
        long begin = System.nanoTime();
        try (ImageReader reader = images.open(image); Hold hold = machine.hold("restore of " + image.getFileName())) {
            refuseUnlessStopped(machine);
            refuseOtherShape(Manifest.machine(reader), machine);
            List<DiskLayer> disks = Wanted.disksOf(image, reader, grants);
            reader.readPages((page, bytes) -> {});
            readyFor(machine, reader.states(), disks);
            machine.memory().clear();
            long pages = readPages(reader, machine.memory());
            machine.loadState(reader.states());
            hold.release();
            return new RestoreReport(image, machine, System.nanoTime() - begin, pages);
        } catch (CheckpointException | StateException | IOException | RuntimeException e) {
            throw new CheckpointException("Cannot restore " + image + " into machine " + machine.name() + ": " + Task.text(e), e);
        }
    }

    /** Without network: a proof needs none, and opens no port. */
    Verdict verify(Path image, RestoreGrants grants) throws CheckpointException {
        Oracle oracle;
        try (ImageReader reader = images.open(image)) {
            oracle = Oracle.read(image, reader.manifest().get(Manifest.ID), reader.pages());
        }
        String name = "verify-" + VERIFIED.incrementAndGet() + "-" + Long.toHexString(System.nanoTime());
        RestoreReport restored = restore(image, name, new RestoreGrants(grants.files(), grants.disks(), UNPLUGGED, List.of()));
        try {
            return oracle.compare(image, restored.machine());
        } finally {
            machines.destroy(name);
        }
    }

    /** @return the number of pages that came */
    private static long readPages(ImageReader reader, PhysicalMemory memory) throws CheckpointException {
        long[] count = new long[1];
        long ram = memory.hostAddress();
        reader.readPages((page, bytes) -> {
            java.util.Objects.checkIndex(page, memory.pages());
            HostMemory.copy(bytes, ram + (page << PhysicalMemory.PAGE_SHIFT), PhysicalMemory.PAGE_SIZE);
            count[0]++;
        });
        return count[0];
    }

    private static long mapPages(Path image, ImageReader reader, PhysicalMemory memory) throws CheckpointException {
        ImageReader.Places places = reader.places().orElseThrow(() -> new CheckpointException(reader.parent().isPresent()
                ? "it is an increment; restore it without --lazy, or make it whole with checkpoint:merge"
                : "pages have no fixed places in its layout; restore it without --lazy, or take it with layout mapped"));
        try {
            if (!memory.map(image, places.offset(), places.pages())) {
                throw new CheckpointException("the machine's memory cannot be mapped to a file; restore it without --lazy");
            }
        } catch (IOException e) {
            throw new CheckpointException(e.getMessage(), e);
        }
        return places.pages().size();
    }

    private static void refuseUnlessStopped(Machine machine) throws CheckpointException {
        Machine.Power power = machine.status().power();
        if (power != Machine.Power.PAUSED && power != Machine.Power.OFF) {
            throw new CheckpointException("it is " + power.name().toLowerCase(java.util.Locale.ROOT) + "; pause it first");
        }
    }

    private static void refuseOtherShape(MachineSpec saved, Machine machine) throws CheckpointException {
        String has = machine.spec().shape();
        if (!saved.shape().equals(has)) {
            throw new CheckpointException("the image is of " + saved.shape() + "; the machine has " + has
                    + "; restore it as a new machine instead");
        }
    }

    /** Has a machine that is held take disks and states and be paused, or leaves it as it was. What its disks had stays in their files. */
    static void readyFor(Machine machine, List<State> states, List<DiskLayer> disks) throws StateException, IOException {
        List<State> before = machine.saveState();
        List<DiskLayer> disksBefore = machine.freezeDisks().force();
        try {
            if (machine.status().power() == Machine.Power.OFF) {
                machine.start();
                machine.pause();
            }
            machine.loadDisks(disks);
            machine.loadState(states);
        } catch (StateException | IOException | RuntimeException e) {
            machine.loadDisks(disksBefore);
            machine.loadState(before);
            throw e;
        }
    }
}
