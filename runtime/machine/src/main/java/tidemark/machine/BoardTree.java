package tidemark.machine;

import java.nio.charset.StandardCharsets;
import java.util.List;
import tidemark.api.cpu.Hart;
import tidemark.api.device.Clock;
import tidemark.api.machine.MachineException;
import tidemark.api.machine.MachineSpec;

/** The device tree of a machine: what QEMU's {@code virt} board says of the same devices. */
final class BoardTree {
    static final int MAX_ARGUMENTS = 2048;
    private static final int CPU_PHANDLE = 1;
    private static final int PLIC_PHANDLE = 100;
    private static final int POWER_PHANDLE = 101;
    private static final int PLIC_SOURCES = 95;
    private static final int UART_CLOCK = 3_686_400;
    // Values of the SiFive test finisher
    private static final int FINISHER_PASS = 0x5555;
    private static final int FINISHER_RESET = 0x7777;
    // Interrupts at a hart's own controller: bit numbers of mip
    private static final int M_SOFTWARE = Long.numberOfTrailingZeros(Hart.MSIP);
    private static final int M_TIMER = Long.numberOfTrailingZeros(Hart.MTIP);
    private static final int M_EXTERNAL = Long.numberOfTrailingZeros(Hart.MEIP);
    private static final int S_EXTERNAL = Long.numberOfTrailingZeros(Hart.SEIP);

    private final MachineSpec spec;
    private final List<DeviceSlot> slots;
    private final DeviceTree tree = new DeviceTree();

    private BoardTree(MachineSpec spec, List<DeviceSlot> slots) {
        this.spec = spec;
        this.slots = slots;
    }

    /** @throws MachineException if the command line is too long */
    static byte[] blob(MachineSpec spec, List<DeviceSlot> slots) {
        int length = spec.arguments().getBytes(StandardCharsets.UTF_8).length;
        if (length > MAX_ARGUMENTS) {
            throw new MachineException("Machine " + spec.name() + ": arguments has " + length + " bytes, a command line may have " + MAX_ARGUMENTS);
        }
        return new BoardTree(spec, slots).root();
    }

    private byte[] root() {
        return tree.node("", () -> {
            tree.cells("#address-cells", 2).cells("#size-cells", 2).property("compatible", "riscv-virtio").property("model", "riscv-virtio,tidemark");
            chosen();
            tree.node(unit("memory", MachineSpec.RAM_BASE), () ->
                    tree.property("device_type", "memory").region("reg", MachineSpec.RAM_BASE, spec.ramBytes()));
            tree.node("cpus", this::cpus);
            tree.node("soc", () -> {
                tree.cells("#address-cells", 2).cells("#size-cells", 2).property("compatible", "simple-bus").flag("ranges");
                slots.forEach(this::device);
            });
            slots.stream().filter(slot -> slot.kind().equals("power")).findFirst().ifPresent(slot -> power());
        }).blob();
    }

    private void chosen() {
        tree.node("chosen", () -> {
            tree.property("bootargs", spec.arguments());
            slots.stream().filter(slot -> slot.kind().equals("uart")).findFirst()
                    .ifPresent(slot -> tree.property("stdout-path", "/soc/" + unit("serial", slot.address())));
        });
    }

    private void cpus() {
        tree.cells("#address-cells", 1).cells("#size-cells", 0).cells("timebase-frequency", (int) Clock.FREQUENCY);
        for (int hart = 0; hart < spec.harts(); hart++) {
            int id = hart;
            tree.node("cpu@" + id, () -> {
                tree.property("device_type", "cpu").cells("reg", id).property("status", "okay").property("compatible", "riscv")
                        .property("riscv,isa", "rv64imafdc_zicsr_zifencei_sstc").property("mmu-type", "riscv,sv39");
                tree.node("interrupt-controller", () -> tree.cells("#interrupt-cells", 1).cells("#address-cells", 0).flag("interrupt-controller")
                        .property("compatible", "riscv,cpu-intc").cells("phandle", CPU_PHANDLE + id));
            });
        }
    }

    private void device(DeviceSlot slot) {
        switch (slot.kind()) {
            case "clint" -> tree.node(unit("clint", slot.address()), () -> reg(slot).property("compatible", "sifive,clint0", "riscv,clint0")
                    .cells("interrupts-extended", perHart(M_SOFTWARE, M_TIMER)));
            case "plic" -> tree.node(unit("plic", slot.address()), () -> reg(slot).property("compatible", "sifive,plic-1.0.0", "riscv,plic0")
                    .cells("#interrupt-cells", 1).cells("#address-cells", 0).flag("interrupt-controller").cells("riscv,ndev", PLIC_SOURCES)
                    .cells("phandle", PLIC_PHANDLE).cells("interrupts-extended", perHart(M_EXTERNAL, S_EXTERNAL)));
            case "uart" -> tree.node(unit("serial", slot.address()), () -> interrupt(slot, reg(slot).property("compatible", "ns16550a")
                    .cells("clock-frequency", UART_CLOCK)));
            case "power" -> tree.node(unit("test", slot.address()), () -> reg(slot).property("compatible", "sifive,test1", "sifive,test0", "syscon")
                    .cells("phandle", POWER_PHANDLE));
            default -> tree.node(unit(slot.name(), slot.address()), () -> interrupt(slot, reg(slot).property("compatible", "tidemark," + slot.kind())));
        }
    }

    private DeviceTree reg(DeviceSlot slot) {
        return tree.region("reg", slot.address(), slot.end() - slot.address());
    }

    private void interrupt(DeviceSlot slot, DeviceTree node) {
        if (slot.source() != 0 && slots.stream().anyMatch(other -> other.kind().equals("plic"))) {
            node.cells("interrupts", slot.source()).cells("interrupt-parent", PLIC_PHANDLE);
        }
    }

    private void power() {
        tree.node("poweroff", () -> tree.property("compatible", "syscon-poweroff").cells("regmap", POWER_PHANDLE).cells("offset", 0)
                .cells("value", FINISHER_PASS));
        tree.node("reboot", () -> tree.property("compatible", "syscon-reboot").cells("regmap", POWER_PHANDLE).cells("offset", 0)
                .cells("value", FINISHER_RESET));
    }

    private int[] perHart(int first, int second) {
        int[] cells = new int[4 * spec.harts()];
        for (int hart = 0; hart < spec.harts(); hart++) {
            cells[4 * hart] = CPU_PHANDLE + hart;
            cells[4 * hart + 1] = first;
            cells[4 * hart + 2] = CPU_PHANDLE + hart;
            cells[4 * hart + 3] = second;
        }
        return cells;
    }

    private static String unit(String name, long address) {
        return name + "@" + Long.toHexString(address);
    }
}
