package tidemark.machine;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import tidemark.api.machine.GuestPart;
import tidemark.api.machine.GuestPart.Guest;
import tidemark.api.machine.MachineException;
import tidemark.api.machine.MachineSpec;
import tidemark.api.machine.Parts;
import tidemark.api.memory.PhysicalMemory;
import tidemark.machine.Executable.Segment;

/** Puts firmware, kernel or guest, initial RAM disk and device tree into RAM. Everything is checked before RAM is touched. */
final class GuestLoader {
    /** OpenSBI adds to the device tree where it finds it. */
    private static final int TREE_GROWTH = 16 << 10;
    // struct fw_dynamic_info of OpenSBI (docs/firmware/fw_dynamic.md)
    private static final long DYNAMIC_MAGIC = 0x4942534F;
    private static final long DYNAMIC_VERSION = 2;
    private static final long NEXT_MODE_S = 1;

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
     * @param dynamicInfo physical address of what M-mode firmware is told of the kernel, for a2; 0 without such firmware
     */
    record Entry(long pc, long deviceTree, long dynamicInfo) {}

    /** Physical addresses of the initial RAM disk; {@code from == to} if there is none. */
    record Initrd(long from, long to) {}

    /** @throws MachineException with what is wrong and the way out; RAM is untouched then */
    Entry load(PhysicalMemory memory, Function<Initrd, byte[]> deviceTree) {
        Optional<Executable> firmware = firmware();
        Optional<Guest> guest = spec.guest().isEmpty() ? Optional.empty() : Optional.of(guest());
        Optional<Executable> kernel = guest.map(g -> Executable.kernel("guest " + g.name(), g.kernel())).or(this::kernel);
        Executable first = firmware.or(() -> kernel).orElseThrow(() -> new MachineException("Machine " + spec.name() + " has nothing to run: set guest= to one of "
                + parts.names("guest") + ", or kernel= to an ELF file or a Linux Image"));

        List<Segment> segments = new ArrayList<>();
        firmware.ifPresent(file -> segments.addAll(file.segments(memory)));
        kernel.ifPresent(file -> segments.addAll(file.segments(memory)));
        long top = memory.base() + memory.size();
        byte[] disk = guest.map(Guest::initrd).orElseGet(this::initrd);
        Segment initrd = below(top, "the initial RAM disk", disk, 0);
        Segment tree = below(initrd.from(), "the device tree", deviceTree.apply(new Initrd(initrd.from(), initrd.to())), firmware.isPresent() ? TREE_GROWTH : 0);
        Segment info = below(tree.from(), "what firmware is told", firmware.flatMap(f -> kernel).map(GuestLoader::dynamicInfo).orElse(new byte[0]), 0);
        segments.addAll(List.of(initrd, tree, info));
        segments.forEach(segment -> segment.requireIn(memory));
        refuseOverlaps(segments);
        memory.clear();
        segments.forEach(segment -> segment.load(memory));
        return new Entry(first.entry(), tree.from(), firmware.isPresent() ? info.from() : 0);
    }

    private static Segment below(long top, String name, byte[] bytes, int room) {
        return new Segment(name, top - bytes.length - room & -PhysicalMemory.PAGE_SIZE, bytes);
    }

    private static byte[] dynamicInfo(Executable kernel) {
        ByteBuffer info = ByteBuffer.allocate(6 * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (long word : new long[] {DYNAMIC_MAGIC, DYNAMIC_VERSION, kernel.entry(), NEXT_MODE_S, 0, 0}) {
            info.putLong(word);
        }
        return info.array();
    }

    private Optional<Executable> firmware() {
        return FirmwareSlot.isFile(spec) ? Optional.of(Executable.firmware(what("firmware", spec.firmware()), read("firmware", spec.firmware()))) : Optional.empty();
    }

    private Optional<Executable> kernel() {
        return spec.kernel().isEmpty() ? Optional.empty() : Optional.of(Executable.kernel(what("kernel", spec.kernel()), read("kernel", spec.kernel())));
    }

    private byte[] initrd() {
        return spec.initrd().isEmpty() ? new byte[0] : read("initrd", spec.initrd());
    }

    private Guest guest() {
        String name = spec.guest();
        try (Parts.Use<GuestPart> use = parts.use(GuestPart.class, "guest", name, () -> {})) {
            Guest guest = use.part().guest(name).orElseThrow(() -> new MachineException("Guest '" + name + "' is announced by bundle "
                    + use.info().bundle() + ", but it does not have it"));
            if (guest.minimumRamMiB() > spec.ramMiB()) {
                throw new MachineException("Guest " + name + " needs at least " + guest.minimumRamMiB() + " MiB of RAM, machine " + spec.name() + " has "
                        + spec.ramMiB() + "; set ram=" + guest.minimumRamMiB() + " or more");
            }
            return guest;
        }
    }

    private static String what(String key, String path) {
        return key + " " + Path.of(path).toAbsolutePath();
    }

    private byte[] read(String key, String path) {
        String what = what(key, path);
        try {
            return Files.readAllBytes(Path.of(path));
        } catch (NoSuchFileException e) {
            throw new MachineException("There is no " + what + " for machine " + spec.name(), e);
        } catch (IOException | OutOfMemoryError e) {
            throw new MachineException("Cannot read " + what + " for machine " + spec.name() + ": " + e.getMessage() + "; give a file that can be read", e);
        }
    }

    private static void refuseOverlaps(List<Segment> segments) {
        for (int i = 0; i < segments.size(); i++) {
            for (int j = i + 1; j < segments.size(); j++) {
                segments.get(j).refuseOverlap(segments.get(i));
            }
        }
    }
}
