package tidemark.guest.debian;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import tidemark.testkit.HostTool;

/** The guest on a disk, run by QEMU; if it is not in the user's cache yet it is made there, by QEMU too, which takes less time. */
@EnabledIfSystemProperty(named = "tidemark.debian.full", matches = "true", disabledReason = "takes minutes; give -Dtidemark.debian.full=true")
class FullBootTest {
    @TempDir
    Path folder;
    private Full guest;
    private Path disk;

    @BeforeEach
    void fetched() throws Exception {
        HostTool.require("qemu-system-riscv64", "qemu-system-misc");
        guest = Fetched.fetch((Full) new DebianGuests(System.getenv(), Optional.of(QemuMachines.in(folder))).guest(Full.NAME).orElseThrow());
        disk = guest.product().orElseThrow().resolve(RootDisk.IMAGE);
    }

    @Test
    void aLoginComesUpAndPowerOffLeavesACleanFileSystem() throws Exception {
        HostTool.require("/usr/sbin/e2fsck", "e2fsprogs");
        Path copy = folder.resolve("root.img");
        assertEquals(0, HostTool.run(60, "cp", "--sparse=always", disk.toString(), copy.toString()).exitCode());
        String console = Fetched.run(guest, folder, "", List.of("-drive", "file=" + copy + ",format=raw,if=none,id=d", "-device", "virtio-blk-device,drive=d"),
                "tidemark login: ", "root", ":~# ", "echo written >file; tty; poweroff");
        assertTrue(console.contains("\n/dev/ttyS0\n") && console.contains("reboot: Power down"), console);
        HostTool.Outcome check = HostTool.run(60, "/usr/sbin/e2fsck", "-fn", copy.toString());
        assertEquals(0, check.exitCode(), check.output());
    }

    @Test
    void packagesAreSetUpTheNetworkIsUpAndNoServiceFails() throws Exception {
        String console = Fetched.run(guest, folder, "tidemark.run=\"set -e; apt --version; dpkg --audit; dpkg -l | grep -c ^ii; "
                + "systemctl is-failed '*' && exit 1; ip -4 addr show dev eth0; "
                + "cat /etc/resolv.conf; stat -c '%a %U:%G %n' /etc/shadow /usr/bin/su /var/mail; modprobe overlay; lsmod | grep overlay; hostname\"",
                List.of("-drive", "file=" + disk + ",format=raw,if=none,id=d,snapshot=on", "-device", "virtio-blk-device,drive=d", "-netdev", "user,id=n",
                        "-device", "virtio-net-device,netdev=n"));
        assertEquals(Optional.of("SUCCESSFUL"), guest.verification(console), console);
        assertTrue(console.contains("\napt 3.") && console.contains("inet 10.0.2.15/24") && console.contains("nameserver 10.0.2.3"), console);
        assertTrue(console.contains("\n640 root:shadow /etc/shadow\n4755 root:root /usr/bin/su\n"), console);
        assertFalse(console.contains("FAILED"), console);
    }

    @Test
    void theDiskIsSparseAndSettingsLetNobodyWriteIt() throws Exception {
        long kilobytes = Long.parseLong(HostTool.run(60, "du", "-k", disk.toString()).output().split("\t")[0]);
        assertTrue(kilobytes < 400_000, () -> kilobytes + " KiB");
        assertEquals(1L << 30, Files.size(disk));
        assertTrue(guest.settings().get("devices").endsWith("; disk0=virtio.block,file=" + disk + ",format=raw,access=scratch"), guest.settings()::toString);
    }
}
