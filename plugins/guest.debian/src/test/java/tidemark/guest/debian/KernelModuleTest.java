package tidemark.guest.debian;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelModuleTest {
    @TempDir
    Path folder;

    @Test
    void aModuleSaysWhatItDependsOnAndWhatItIsAskedForAs() throws Exception {
        KernelModule module = KernelModule.of("virtio_net", Elf.module("license=GPL", "alias=virtio:d00000001v*", "alias=net", "depends=net-failover,failover", "name=virtio_net"));
        assertEquals(List.of("net_failover", "failover"), module.depends());
        assertEquals(List.of("virtio:d00000001v*", "net"), module.aliases());
        assertEquals(List.of(), KernelModule.of("crc16", Elf.module("depends=")).depends());
    }

    @Test
    void itsSignatureIsLeftOut() throws Exception {
        byte[] module = Elf.module("depends=");
        assertArrayEquals(module, KernelModule.of("a", Elf.signed(module, 264)).content());
        assertArrayEquals(module, KernelModule.of("a", module).content());
    }

    @Test
    void aSignatureThatClaimsToBeLongerThanTheModuleDoesNoHarm() throws Exception {
        byte[] signed = Elf.signed(Elf.module("depends="), 100);
        ByteBuffer.wrap(signed).putInt(signed.length - 32, Integer.MAX_VALUE);
        assertEquals(0, KernelModule.of("a", signed).content().length);
    }

    @Test
    void damagedFilesAreRefused() {
        byte[] whole = Elf.module("depends=a");
        for (int length = 0; length < whole.length - 64; length += 7) {
            byte[] part = Arrays.copyOf(whole, length);
            assertThrows(IOException.class, () -> KernelModule.of("a", part));
        }
        assertThrows(IOException.class, () -> KernelModule.of("a", "no module at all ".repeat(20).getBytes(StandardCharsets.US_ASCII)));
    }

    @Test
    void aTreeHasWhatIsWantedAndAllThatItDependsOnEachAfterItsDependents() throws Exception {
        add("fs/ext4/ext4", "depends=mbcache,jbd2,crc16", "alias=fs-ext4");
        add("fs/jbd2/jbd2", "depends=crc32c");
        add("fs/mbcache", "depends=");
        add("lib/crc16", "depends=");
        add("crypto/crc32c", "depends=crc16", "alias=crypto-crc32c");
        add("drivers/other", "depends=");
        ModuleTree tree = ModuleTree.read(folder, List.of("ext4"));
        assertEquals(List.of("crc16", "crc32c", "ext4", "jbd2", "mbcache"), tree.names().stream().sorted().toList());
        List<String> order = new ArrayList<>(tree.inOrder("ext4"));
        assertEquals("ext4", order.getFirst());
        assertTrue(order.indexOf("jbd2") < order.indexOf("crc32c") && order.indexOf("crc32c") < order.indexOf("crc16"), order::toString);
        String archive = new String(CpioTest.archive(tree::addTo), StandardCharsets.ISO_8859_1);
        assertTrue(archive.contains("kernel/jbd2.ko: kernel/crc32c.ko kernel/crc16.ko\n"), archive);
        assertTrue(archive.contains("kernel/mbcache.ko: \n"), archive);
        assertTrue(archive.contains("alias fs-ext4 ext4\nalias crypto-crc32c crc32c\n"), archive);
        assertFalse(archive.contains("other"), archive);
    }

    @Test
    void aModuleThatTheKernelDoesNotHaveIsNamed() throws Exception {
        add("fs/ext4/ext4", "depends=jbd2");
        assertEquals("the kernel has no module jbd2", assertThrows(IOException.class, () -> ModuleTree.read(folder, List.of("ext4"))).getMessage());
    }

    private void add(String path, String... information) {
        Elf.compress(Elf.signed(Elf.module(information), 10), folder.resolve("kernel/" + path + KernelModule.SUFFIX));
    }
}
