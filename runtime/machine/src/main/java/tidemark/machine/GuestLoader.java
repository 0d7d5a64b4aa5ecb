package tidemark.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tidemark.api.machine.GuestPart;
import tidemark.api.machine.GuestPart.Guest;
import tidemark.api.machine.MachineException;
import tidemark.api.machine.MachineSpec;
import tidemark.api.machine.Parts;
import tidemark.api.memory.BusFault;
import tidemark.api.memory.PhysicalMemory;

/** Puts firmware, kernel or guest, and the device tree into RAM. Everything is checked before RAM is touched. */
final class GuestLoader {
    private static final int TREE_ALIGNMENT = PhysicalMemory.PAGE_SIZE;

    private final MachineSpec spec;
    private final Parts parts;

    GuestLoader(MachineSpec spec, Parts parts) {
        this.spec = spec;
        this.parts = parts;
    }

    /**
     * Where harts begin.
     *
     * @param deviceTree physical address, for a1
     */
    record Entry(long pc, long deviceTree) {}

    /** @throws MachineException with what is wrong and the way out; RAM is untouched then */
    Entry load(PhysicalMemory memory, byte[] deviceTree) {
        List<ElfFile> files = files();
        List<List<ElfFile.Segment>> segments = files.stream().map(file -> file.segments(memory)).toList();
        long tree = memory.base() + memory.size() - deviceTree.length & -TREE_ALIGNMENT;
        refuseOverlap(segments, new ElfFile.Segment("the device tree", tree, tree + deviceTree.length, 0, deviceTree.length));
        memory.clear();
        for (int i = 0; i < files.size(); i++) {
            for (ElfFile.Segment segment : segments.get(i)) {
                files.get(i).load(segment, memory);
            }
        }
        try {
            memory.write(tree, deviceTree, 0, deviceTree.length);
        } catch (BusFault e) {
            throw new MachineException("RAM of " + spec.ramMiB() + " MiB has no room for the device tree of " + deviceTree.length + " bytes", e);
        }
        return new Entry(files.getFirst().entry(), tree);
    }

    /** In the order in which they are entered. */
    private List<ElfFile> files() {
        List<ElfFile> files = new ArrayList<>();
        if (!spec.firmware().isEmpty()) {
            files.add(read("firmware", spec.firmware()));
        }
        if (!spec.kernel().isEmpty()) {
            files.add(read("kernel", spec.kernel()));
        }
        if (!spec.guest().isEmpty()) {
            files.add(guest());
        }
        if (files.isEmpty()) {
            throw new MachineException("Machine " + spec.name() + " has nothing to run: set guest= to one of " + parts.names("guest") + ", or kernel= to an ELF file");
        }
        return files;
    }

    private ElfFile guest() {
        String name = spec.guest();
        try (Parts.Use<GuestPart> use = parts.use(GuestPart.class, "guest", name, () -> {})) {
            Guest guest = use.part().guest(name).orElseThrow(() -> new MachineException("Guest '" + name + "' is announced by bundle "
                    + use.info().bundle() + ", but it does not have it"));
            if (guest.minimumRamMiB() > spec.ramMiB()) {
                throw new MachineException("Guest " + name + " needs at least " + guest.minimumRamMiB() + " MiB of RAM, machine " + spec.name() + " has "
                        + spec.ramMiB() + "; set ram=" + guest.minimumRamMiB() + " or more");
            }
            return new ElfFile("guest " + name, guest.kernel());
        }
    }

    private ElfFile read(String key, String path) {
        String what = key + " " + Path.of(path).toAbsolutePath();
        try {
            return new ElfFile(what, Files.readAllBytes(Path.of(path)));
        } catch (NoSuchFileException e) {
            throw new MachineException("There is no " + what + " for machine " + spec.name(), e);
        } catch (IOException | OutOfMemoryError e) {
            throw new MachineException("Cannot read " + what + " for machine " + spec.name() + ": " + e.getMessage() + "; give an ELF file", e);
        }
    }

    private static void refuseOverlap(List<List<ElfFile.Segment>> files, ElfFile.Segment deviceTree) {
        List<ElfFile.Segment> all = new ArrayList<>(List.of(deviceTree));
        files.forEach(all::addAll);
        for (int i = 0; i < all.size(); i++) {
            for (int j = i + 1; j < all.size(); j++) {
                refuseOverlap(all.get(i), all.get(j));
            }
        }
    }

    private static void refuseOverlap(ElfFile.Segment a, ElfFile.Segment b) {
        if (a.from() < b.to() && b.from() < a.to()) {
            throw new MachineException("%s at 0x%x to 0x%x and %s at 0x%x to 0x%x overlap; link one elsewhere, or give the machine more RAM"
                    .formatted(a.name(), a.from(), a.to() - 1, b.name(), b.from(), b.to() - 1));
        }
    }
}
