package tidemark.guest.debian;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidemark.api.machine.GuestPart.FetchableGuest;
import tidemark.testkit.HostTool;

/** The guest as it is fetched from Debian's archive. */
class LinuxBootTest {
    @TempDir
    Path folder;

    @Test
    void aShellComesUpOnTheConsoleAndPowerOffEndsTheMachine() throws Exception {
        String console = Fetched.run(Fetched.guest("debian"), folder, "", List.of(), "~ # ", "uname -a; tty; date +%Y", "~ # ", "sleep 1000 & poweroff");
        assertTrue(console.matches("(?s).*\nLinux tidemark 6\\.12\\.\\S+ .*Debian.* riscv64 GNU/Linux\n/dev/ttyS0\n20[2-9]\\d\n.*"), console);
        assertTrue(console.contains("reboot: Power down"), console);
        assertFalse(console.contains("can't"), console);
    }

    @Test
    void aCommandOfTheCommandLineFormatsMountsWritesAndChecksADiskAndTheVerdictSaysSo() throws Exception {
        HostTool.require("/usr/sbin/e2fsck", "e2fsprogs");
        Path disk = folder.resolve("disk.img");
        try (RandomAccessFile file = new RandomAccessFile(disk.toFile(), "rw")) {
            file.setLength(128 << 20);
        }
        FetchableGuest guest = Fetched.guest("debian");
        String console = Fetched.run(guest, folder, "tidemark.run=\"set -ex; mkfs.ext4 -q /dev/vda; mount /dev/vda /mnt; dd if=/dev/hwrng of=/mnt/a bs=64k count=16; "
                + "cp /mnt/a /mnt/b; cmp /mnt/a /mnt/b; sync; sha256sum /mnt/a; umount /mnt; fsck.ext4 -fn /dev/vda; ip -4 addr show dev eth0\"",
                List.of("-drive", "file=" + disk + ",format=raw,if=none,id=d", "-device", "virtio-blk-device,drive=d", "-netdev", "user,id=n", "-device",
                        "virtio-net-device,netdev=n", "-device", "virtio-rng-device"));
        assertEquals(Optional.of("SUCCESSFUL"), guest.verification(console), console);
        assertTrue(console.contains("inet 10.0.2.15/24"), console);
        assertEquals(0, HostTool.run(60, "/usr/sbin/e2fsck", "-fn", disk.toString()).exitCode());
    }

    @Test
    void aCommandThatFailsIsToldWithItsExitCode() throws Exception {
        FetchableGuest guest = Fetched.guest("debian");
        String console = Fetched.run(guest, folder, "tidemark.run=false", List.of());
        assertTrue(console.contains("tidemark.run: UNSUCCESSFUL, exit code 1\n"), console);
        assertEquals(Optional.of("UNSUCCESSFUL"), guest.verification(console));
    }
}
