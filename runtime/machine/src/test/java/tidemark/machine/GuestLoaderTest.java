package tidemark.machine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidemark.api.machine.Machine;
import tidemark.api.machine.MachineException;
import tidemark.api.machine.MachineSpec;
import tidemark.testkit.Elf;

class GuestLoaderTest {
    private static final long BASE = MachineSpec.RAM_BASE;
    private static final int PROGRAM_HEADER = 64;
    private final Rig rig = new Rig(context -> {});
    @TempDir
    private Path folder;

    @AfterEach
    void close() {
        rig.close();
    }

    private Path file(String name, byte[] bytes) throws IOException {
        return Files.write(folder.resolve(name), bytes);
    }

    private Machine machine(String... settings) {
        return rig.machines.create(Rig.spec("m", settings));
    }

    private String refusal(String... settings) {
        String message = assertThrows(MachineException.class, () -> machine(settings)).getMessage();
        assertEquals(0, rig.parts.openUses());
        return message;
    }

    /** What is said about the ELF file of 64 bytes of code at RAM's begin after a change. */
    private String damaged(Consumer<ByteBuffer> change) throws IOException {
        byte[] elf = Elf.executable(BASE, new byte[64]);
        change.accept(ByteBuffer.wrap(elf).order(ByteOrder.LITTLE_ENDIAN));
        return refusal("kernel=" + file("kernel", elf));
    }

    private static byte[] bytes(Machine machine, long address, int length) throws Exception {
        byte[] bytes = new byte[length];
        machine.memory().read(address, bytes, 0, length);
        return bytes;
    }

    @Test
    void kernelIsLoadedItsBssZeroAndHartsStandAtItsEntry() throws Exception {
        byte[] code = new byte[5000];
        new Random(1).nextBytes(code);
        byte[] elf = Elf.executable(BASE + 0x1000, code);
        ByteBuffer.wrap(elf).order(ByteOrder.LITTLE_ENDIAN).putLong(PROGRAM_HEADER + 40, 9000).putLong(24, BASE + 0x1004);
        Machine machine = machine("kernel=" + file("kernel", elf), "harts=2");
        assertArrayEquals(code, bytes(machine, BASE + 0x1000, 5000));
        assertArrayEquals(new byte[4000], bytes(machine, BASE + 0x1000 + 5000, 4000));
        for (int i = 0; i < 2; i++) {
            assertEquals(BASE + 0x1004, machine.harts().get(i).pc);
            assertEquals(i, machine.harts().get(i).x[10]);
            assertEquals(BASE + (4 << 20) - 4096, machine.harts().get(i).x[11]);
        }
    }

    @Test
    void firmwareIsEnteredFirstWithTheKernelLoadedBesideIt() throws Exception {
        Path firmware = file("firmware", Elf.executable(BASE, new byte[] {1, 2, 3, 4}));
        Path kernel = file("kernel", Elf.executable(BASE + 0x20_0000, new byte[] {5, 6, 7, 8}));
        Machine machine = machine("firmware=" + firmware, "kernel=" + kernel);
        assertEquals(BASE, machine.harts().getFirst().pc);
        assertArrayEquals(new byte[] {1, 2, 3, 4}, bytes(machine, BASE, 4));
        assertArrayEquals(new byte[] {5, 6, 7, 8}, bytes(machine, BASE + 0x20_0000, 4));
        rig.close();
        String message = refusal("firmware=" + firmware, "kernel=" + file("kernel2", Elf.executable(BASE, new byte[4])));
        assertTrue(message.contains("firmware") && message.contains("kernel2") && message.contains("overlap"), message);
    }

    @Test
    void missingFilesAndForeignOnesAreNamed() throws Exception {
        assertTrue(refusal("kernel=/no/such/kernel").contains("no kernel /no/such/kernel"));
        assertTrue(refusal("kernel=" + file("text", "hello, world".getBytes())).contains("text is no ELF file"));
        assertTrue(refusal("kernel=" + file("empty", new byte[0])).contains("empty is no ELF file"));
        assertTrue(refusal("kernel=" + folder).contains("Cannot read kernel " + folder + " for machine m: Is a directory; give a file that can be read"));
        assertTrue(damaged(elf -> elf.put(4, (byte) 1)).contains("not a 64-bit ELF"));
        assertTrue(damaged(elf -> elf.put(5, (byte) 2)).contains("big-endian"));
        assertTrue(damaged(elf -> elf.putShort(16, (short) 3)).contains("ELF type 3"));
        assertTrue(damaged(elf -> elf.putShort(18, (short) 62)).contains("ELF machine 62, not RISC-V"));
        assertTrue(damaged(elf -> elf.putShort(16, (short) 3).putShort(18, (short) 62)).contains("not RISC-V"), "a host's program, which is PIE");
    }

    @Test
    void everyTruncationIsRefused() throws Exception {
        byte[] elf = Elf.executable(BASE, new byte[64]);
        for (int length : new int[] {4, 20, 63, 64, 100, 119, 120, 4096, 4159}) {
            String message = refusal("kernel=" + file("kernel", Arrays.copyOf(elf, length)));
            assertTrue(message.contains("cut off"), length + ": " + message);
        }
    }

    @Test
    void damagedFieldsAreRefused() throws Exception {
        assertTrue(damaged(elf -> elf.putLong(32, -1)).contains("program headers at offset -1"));
        assertTrue(damaged(elf -> elf.putLong(32, Long.MAX_VALUE)).contains("program headers"));
        assertTrue(damaged(elf -> elf.putShort(54, (short) 32)).contains("program headers of 32 bytes"));
        assertTrue(damaged(elf -> elf.putShort(56, (short) -1)).contains("65535 program headers"));
        assertTrue(damaged(elf -> elf.putShort(56, (short) 0)).contains("nothing to load"));
        assertTrue(damaged(elf -> elf.putLong(PROGRAM_HEADER + 8, Long.MAX_VALUE)).contains("cut off"));
        assertTrue(damaged(elf -> elf.putLong(PROGRAM_HEADER + 32, Long.MAX_VALUE)).contains("cut off"));
        assertTrue(damaged(elf -> elf.putLong(PROGRAM_HEADER + 40, 63)).contains("64 bytes in the file, but 63 in memory"));
        assertTrue(damaged(elf -> elf.putLong(PROGRAM_HEADER + 40, -1)).contains("in memory"));
        assertTrue(damaged(elf -> elf.putLong(PROGRAM_HEADER + 24, 0x1000)).contains("outside of RAM, which begins at 0x80000000"));
        assertTrue(damaged(elf -> elf.putLong(PROGRAM_HEADER + 24, -32)).contains("outside of RAM"));
        assertTrue(damaged(elf -> elf.putLong(24, BASE + 64)).contains("entered at 0x80000040"));
        assertTrue(damaged(elf -> elf.putLong(24, 0)).contains("entered at 0x0"));
    }

    @Test
    void segmentThatIsTooLargeSaysHowMuchRamItNeeds() throws Exception {
        assertTrue(damaged(elf -> elf.putLong(PROGRAM_HEADER + 40, (63L << 20) + 1)).contains("needs at least 64 MiB of RAM, the machine has 4; set ram=64"));
        assertTrue(damaged(elf -> elf.putLong(PROGRAM_HEADER + 40, 1L << 40)).contains("more RAM than a machine can have"));
        assertTrue(damaged(elf -> elf.putLong(PROGRAM_HEADER + 40, 4 << 20)).contains("the device tree"), "they share the last page");
    }

    @Test
    void guestsAreFoundByNameAndTheirRamIsChecked() throws Exception {
        assertEquals(BASE, machine("guest=nop").harts().getFirst().pc);
        rig.close();
        assertTrue(refusal("guest=nopp").contains("did you mean nop?"));
        rig.parts.add("guest", "big", new TestGuest()).add("guest", "lost", new TestGuest());
        assertTrue(refusal("guest=big").contains("needs at least 64 MiB of RAM, machine m has 4; set ram=64"));
        assertTrue(refusal("guest=lost").contains("does not have it"));
        assertTrue(refusal().contains("nothing to run: set guest= to one of [big, lost, nop]"));
    }

    @Test
    void commandLineThatIsTooLongIsRefused() {
        assertTrue(refusal("guest=nop", "arguments=" + "x".repeat(BoardTree.MAX_ARGUMENTS + 1)).contains("2049 bytes, a command line may have 2048"));
    }

    /** A Linux Image whose header says {@code imageSize}. */
    private static byte[] image(int length, long imageSize) {
        byte[] image = new byte[length];
        new Random(2).nextBytes(image);
        ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN).putLong(8, 2 << 20).putLong(16, imageSize).putLong(24, 0).putLong(48, 0x5643534952L).putInt(56, 0x05435352);
        return image;
    }

    @Test
    void linuxImageIsLoadedAtItsTextOffsetWithItsInitialRamDiskAndDeviceTreeAtTheEndOfRam() throws Exception {
        byte[] kernel = image(5000, 9000);
        byte[] disk = {7, 7, 0, 7, 1};
        Machine machine = machine("kernel=" + file("Image", kernel), "initrd=" + file("initrd", disk), "ram=8");
        assertEquals(BASE + (2 << 20), machine.harts().getFirst().pc);
        assertArrayEquals(kernel, bytes(machine, BASE + (2 << 20), 5000));
        assertArrayEquals(disk, bytes(machine, BASE + (8 << 20) - 4096, 5));
        long tree = machine.harts().getFirst().x[11];
        byte[] blob = bytes(machine, tree, 4096);
        assertEquals(0xD00DFEED, ByteBuffer.wrap(blob).getInt());
        assertTrue(tree + ByteBuffer.wrap(blob).getInt(4) <= BASE + (8 << 20) - 4096, "it ends before the disk begins");
        assertTrue(new String(blob, java.nio.charset.StandardCharsets.ISO_8859_1).contains("linux,initrd-start"));
    }

    @Test
    void kernelsThatDoNotFitOrAreNoneAreRefused() throws Exception {
        assertTrue(refusal("kernel=" + file("Image", image(5000, 3L << 20))).contains("needs 3 MiB of RAM at 0x80200000, the machine has 4 MiB; set ram=5"));
        assertTrue(refusal("kernel=" + file("Image", image(5000, 4999))).contains("has 5000 bytes, but its header says 4999"));
        assertTrue(refusal("kernel=" + file("gz", new byte[] {0x1F, (byte) 0x8B, 8, 0})).contains("it is compressed, gunzip it"));
        assertTrue(refusal("kernel=" + file("Image", image(5000, 9000)), "initrd=/no/initrd").contains("no initrd /no/initrd"));
        assertTrue(refusal("kernel=" + file("Image", image(5000, 9000)), "initrd=" + file("big", new byte[5 << 20])).contains("no room for the initial RAM disk"));
    }

    @Test
    void binaryFirmwareIsEnteredAtTheBeginOfRamAndToldWhereTheKernelIs() throws Exception {
        byte[] firmware = {0x6F, 0, 0, 0};
        Machine machine = machine("firmware=" + file("fw_dynamic.bin", firmware), "kernel=" + file("Image", image(100, 4096)), "harts=2");
        for (var hart : machine.harts()) {
            assertEquals(BASE, hart.pc);
            ByteBuffer info = ByteBuffer.wrap(bytes(machine, hart.x[12], 48)).order(ByteOrder.LITTLE_ENDIAN);
            assertEquals(0x4942534F, info.getLong());
            assertEquals(2, info.getLong());
            assertEquals(BASE + (2 << 20), info.getLong());
            assertEquals(1, info.getLong(), "S-mode");
        }
        int size = ByteBuffer.wrap(bytes(machine, machine.harts().getFirst().x[11], 8)).getInt(4);
        assertTrue(machine.harts().getFirst().x[11] + size + 8192 <= BASE + (4 << 20), "the tree may grow in place");
        assertTrue(refusalOf("firmware=" + file("nothing", new byte[0])).contains("is empty"));
    }

    private String refusalOf(String... settings) {
        rig.machines.destroy("m");
        return refusal(settings);
    }
}
