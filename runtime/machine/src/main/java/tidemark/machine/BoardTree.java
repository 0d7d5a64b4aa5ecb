package tidemark.machine;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tidemark.api.device.Clock;
import tidemark.api.device.DeviceNode;
import tidemark.api.machine.ClockMode;
import tidemark.api.machine.MachineException;
import tidemark.api.machine.MachineSpec;

/** The device tree of a machine (Devicetree Specification 0.4): its harts, RAM and what its devices say of themselves. */
final class BoardTree {
    static final int MAX_ARGUMENTS = 2048;
    private static final int CPU_PHANDLE = 1;
    private static final int DEVICE_PHANDLE = 100;
    private static final int SEED_WORDS = 8;
    // Values of a syscon that is the SiFive test finisher
    private static final int FINISHER_PASS = 0x5555;
    private static final int FINISHER_RESET = 0x7777;

    private final MachineSpec spec;
    private final List<DeviceSlot> slots;
    private final GuestLoader.Initrd initrd;
    private final DeviceTree tree = new DeviceTree();
    /** Of devices that others refer to. */
    private final Map<DeviceSlot, Integer> phandles = new HashMap<>();

    private BoardTree(MachineSpec spec, List<DeviceSlot> slots, GuestLoader.Initrd initrd) {
        this.spec = spec;
        this.slots = slots;
        this.initrd = initrd;
        slots.stream().filter(slot -> isController(slot) || isSyscon(slot)).forEach(slot -> phandles.put(slot, DEVICE_PHANDLE + phandles.size()));
    }

    /** @throws MachineException if the command line is too long */
    static byte[] blob(MachineSpec spec, List<DeviceSlot> slots, GuestLoader.Initrd initrd) {
        int length = spec.arguments().getBytes(StandardCharsets.UTF_8).length;
        if (length > MAX_ARGUMENTS) {
            throw new MachineException("Machine " + spec.name() + ": arguments has " + length + " bytes, a command line may have " + MAX_ARGUMENTS);
        }
        return new BoardTree(spec, slots, initrd).root();
    }

    private static boolean isController(DeviceSlot slot) {
        return slot.node().cells().containsKey("interrupt-controller");
    }

    private static boolean isSyscon(DeviceSlot slot) {
        return slot.node().compatible().contains("syscon");
    }

    private byte[] root() {
        return tree.node("", () -> {
            tree.cells("#address-cells", 2).cells("#size-cells", 2).property("compatible", "riscv-virtio").property("model", "riscv-virtio,tidemark");
            tree.node("chosen", this::chosen);
            tree.node(unit("memory", MachineSpec.RAM_BASE), () ->
                    tree.property("device_type", "memory").region("reg", MachineSpec.RAM_BASE, spec.ramBytes()));
            tree.node("cpus", this::cpus);
            tree.node("soc", () -> {
                tree.cells("#address-cells", 2).cells("#size-cells", 2).property("compatible", "simple-bus").flag("ranges");
                slots.forEach(this::device);
            });
            slots.stream().filter(BoardTree::isSyscon).findFirst().ifPresent(this::power);
        }).blob();
    }

    private void chosen() {
        tree.property("bootargs", spec.arguments());
        slots.stream().filter(slot -> slot.node().name().equals("serial")).findFirst()
                .ifPresent(slot -> tree.property("stdout-path", "/soc/" + unit("serial", slot.address())));
        if (initrd.from() != initrd.to()) {
            tree.cells("linux,initrd-start", (int) (initrd.from() >>> 32), (int) initrd.from())
                    .cells("linux,initrd-end", (int) (initrd.to() >>> 32), (int) initrd.to());
        }
        if (spec.clock() == ClockMode.HOST) { // a run that counts instructions repeats to the bit
            tree.cells("rng-seed", new SecureRandom().ints(SEED_WORDS).toArray());
        }
    }

    private void cpus() {
        tree.cells("#address-cells", 1).cells("#size-cells", 0).cells("timebase-frequency", (int) Clock.FREQUENCY);
        for (int hart = 0; hart < spec.harts(); hart++) {
            int id = hart;
            tree.node("cpu@" + id, () -> {
                tree.property("device_type", "cpu").cells("reg", id).property("status", "okay").property("compatible", "riscv")
                        .property("riscv,isa", "rv64imafdc_zicsr_zifencei_sstc").property("riscv,isa-base", "rv64i")
                        .property("riscv,isa-extensions", "i", "m", "a", "f", "d", "c", "zicntr", "zicsr", "zifencei", "sstc").property("mmu-type", "riscv,sv39");
                tree.node("interrupt-controller", () -> tree.cells("#interrupt-cells", 1).cells("#address-cells", 0).flag("interrupt-controller")
                        .property("compatible", "riscv,cpu-intc").cells("phandle", CPU_PHANDLE + id));
            });
        }
    }

    private void device(DeviceSlot slot) {
        DeviceNode node = slot.node();
        tree.node(unit(node.name(), slot.address()), () -> {
            tree.region("reg", slot.address(), slot.end() - slot.address());
            tree.property("compatible", node.compatible().toArray(String[]::new));
            new TreeMap<>(node.cells()).forEach(tree::cells);
            Optional.ofNullable(phandles.get(slot)).ifPresent(phandle -> tree.cells("phandle", phandle));
            if (!node.hartInterrupts().isEmpty()) {
                tree.cells("interrupts-extended", toEveryHart(node.hartInterrupts()));
            }
            controller().filter(controller -> slot.source() != 0)
                    .ifPresent(controller -> tree.cells("interrupts", slot.source()).cells("interrupt-parent", phandles.get(controller)));
        });
    }

    /** What devices' interrupt lines lead to. */
    private Optional<DeviceSlot> controller() {
        return slots.stream().filter(slot -> isController(slot) && slot.node().cells().getOrDefault("#interrupt-cells", new int[] {0})[0] == 1).findFirst();
    }

    /** Bits of mip as inputs of every hart's own controller. */
    private int[] toEveryHart(List<Long> bits) {
        int[] cells = new int[2 * bits.size() * spec.harts()];
        int at = 0;
        for (int hart = 0; hart < spec.harts(); hart++) {
            for (long bit : bits) {
                cells[at++] = CPU_PHANDLE + hart;
                cells[at++] = Long.numberOfTrailingZeros(bit);
            }
        }
        return cells;
    }

    private void power(DeviceSlot syscon) {
        tree.node("poweroff", () -> tree.property("compatible", "syscon-poweroff").cells("regmap", phandles.get(syscon)).cells("offset", 0)
                .cells("value", FINISHER_PASS));
        tree.node("reboot", () -> tree.property("compatible", "syscon-reboot").cells("regmap", phandles.get(syscon)).cells("offset", 0)
                .cells("value", FINISHER_RESET));
    }

    private static String unit(String name, long address) {
        return name + "@" + Long.toHexString(address);
    }
}
