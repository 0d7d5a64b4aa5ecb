package tidemark.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidemark.api.machine.Machine;

class DeviceTreeTest {
    private final Rig rig = new Rig(context -> {});
    @TempDir
    private Path folder;

    @AfterEach
    void close() {
        rig.close();
    }

    /** The source of a blob, by the reference compiler, whose warnings are failures here. */
    private String source(byte[] blob) throws IOException, InterruptedException {
        Path file = Files.write(folder.resolve("tree.dtb"), blob);
        Process dtc;
        try {
            dtc = new ProcessBuilder("dtc", "-I", "dtb", "-O", "dts", file.toString()).redirectErrorStream(true).start();
        } catch (IOException e) {
            assumeTrue(false, "dtc is not installed: " + e.getMessage());
            throw e;
        }
        String text = new String(dtc.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, dtc.waitFor(), text);
        return text;
    }

    @Test
    void referenceCompilerReadsWhatTheWriterWrote() throws Exception {
        byte[] blob = new DeviceTree().node("", () -> { }).blob();
        assertTrue(source(blob).contains("/ {\n};"));
        DeviceTree tree = new DeviceTree();
        String text = source(tree.node("", () -> tree.cells("#address-cells", 2).flag("empty").property("list", "a", "bc")
                .node("node@1ff", () -> tree.region("reg", 0x1ffL, 0x1_0000_0002L))).blob());
        assertTrue(text.contains("#address-cells = <0x02>;") && text.contains("empty;") && text.contains("list = \"a\\0bc\";")
                && text.contains("node@1ff {") && text.contains("reg = <0x00 0x1ff 0x01 0x02>;"), text);
    }

    @Test
    void treeOfAMachineSaysWhatItHas() throws Exception {
        Machine machine = rig.paused("harts=2", "ram=64", "arguments=console=ttyS0 quiet");
        String text = source(((VirtualMachine) machine).board().deviceTree(new GuestLoader.Initrd(0, 0)));
        String[] expected = {"bootargs = \"console=ttyS0 quiet\";", "stdout-path = \"/soc/serial@10000000\";", "memory@80000000 {", "reg = <0x00 0x80000000 0x00 0x4000000>;",
            "timebase-frequency = <0x989680>;", "cpu@1 {", "riscv,isa = \"rv64imafdc_zicsr_zifencei_sstc\";", "mmu-type = \"riscv,sv39\";",
            "clint@2000000 {", "interrupts-extended = <0x01 0x03 0x01 0x07 0x02 0x03 0x02 0x07>;", "plic@c000000 {", "riscv,ndev = <0x5f>;",
            "interrupts-extended = <0x01 0x0b 0x01 0x09 0x02 0x0b 0x02 0x09>;", "serial@10000000 {", "compatible = \"ns16550a\";", "interrupts = <0x0a>;",
            "interrupt-parent = <0x64>;", "test@100000 {", "syscon-poweroff"};
        for (String line : expected) {
            assertTrue(text.contains(line), line + " is missing in\n" + text);
        }
        assertTrue(!text.contains("Warning"), text);
    }

    @Test
    void devicesAreWhereTheMachineHasThem() throws Exception {
        Machine machine = rig.paused("devices=uart0=uart@0x30000000#11");
        String text = source(((VirtualMachine) machine).board().deviceTree(new GuestLoader.Initrd(0, 0)));
        assertTrue(text.contains("serial@30000000") && !text.contains("plic") && !text.contains("interrupts = "), text);
    }
}
