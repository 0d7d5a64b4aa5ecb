package tidemark.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Debian with systemd on the delivered platform: its disk is made there, it comes to its login, works, and survives its checkpoint. */
@EnabledIfSystemProperty(named = "tidemark.debian.full", matches = "true", disabledReason = "takes minutes; give -Dtidemark.debian.full=true")
class DebianFullIT {
    private static final Duration LONG = Duration.ofMinutes(40);
    private static final Pattern DISK = Pattern.compile("disk0=virtio\\.block,access=scratch,file=([^,]+/root\\.img),format=raw");
    /** What is printed is not in the echo of the line. */
    private static final String JOB = "mkdir job; cd job; i=0; for f in $(find /usr/bin -type f | sort | head -100); do cp $f f$i; "
            + "sha256sum f$i >>sums; i=$((i+1)); echo file $i; done; sync; echo 3 >/proc/sys/vm/drop_caches; sha256sum -c sums | grep -c OK | grep -qx 100 && echo SUMS$((0))RIGHT";
    private static final String CHECK = "sync; echo u >/proc/sysrq-trigger; sleep 3; e2fsck -fn /dev/vda && echo FS$((0))CLEAN";

    @TempDir
    private Path home;

    @BeforeAll
    static void fetch(@TempDir Path folder) throws Exception {
        Launched end = Launched.tidemark(folder, LONG, "guest", "fetch", "debian-full");
        assertEquals(0, end.code(), end.toString());
    }

    @Test
    void itWorksIsSavedWhileItWorksAndTheRestoredOneFinishesWithItsFileSystemClean() throws Exception {
        Path image = home.resolve("full.tdm");
        Path script = Files.write(home.resolve("script"), List.of(
                "vm:create f1 --guest debian-full --ram 1G --net user --start",
                "vm:console f1 --expect 'login: ' --timeout 600",
                login("f1"),
                "vm:console f1 --send 'ip -4 addr show dev eth0\\n' --expect 'inet 10\\.0\\.2\\.15' --timeout 60",
                "vm:console f1 --send 'apt --version\\n' --expect '^apt 3\\.' --timeout 60",
                "vm:console f1 --send 'systemctl is-system-running --wait\\n' --expect '^running' --timeout 300",
                "vm:console f1 --send '" + JOB + "\\n'",
                "vm:wait f1 --for 'file 40' --timeout 300",
                "checkpoint:take f1 -p thread --oracle --to " + image,
                "vm:wait f1 --for SUMS0RIGHT --timeout 600",
                "vm:console f1 --send 'dpkg --audit && poweroff\\n' --expect 'reboot: Power down' --timeout 300",
                "vm:wait f1 --timeout 60",
                "vm:destroy f1",
                "checkpoint:verify " + image,
                "checkpoint:restore " + image + " --name f2 --start",
                "vm:wait f2 --for SUMS0RIGHT --timeout 600",
                "vm:console f2 --send 'apt --version\\n' --expect '^apt 3\\.' --timeout 60",
                "vm:console f2 --send '" + CHECK + "\\n' --expect FS0CLEAN --timeout 120",
                "vm:create f3 --guest debian-full --cpu translator --start",
                "vm:console f3 --expect 'login: ' --timeout 900",
                login("f3"),
                "vm:console f3 --send 'ls job\\n' --expect 'No such file' --timeout 60"));
        Launched end = Launched.tidemark(home, LONG, "exec", "-f", script.toString());
        assertEquals(0, end.code(), end.out() + end.err());
        assertTrue(end.out().contains("verdict  equal"), end.out());
        Matcher disk = DISK.matcher(end.out());
        assertTrue(disk.find(), end.out());
        FileTime made = Files.getLastModifiedTime(Path.of(disk.group(1)).resolveSibling("packages.txt"));
        assertTrue(Files.getLastModifiedTime(Path.of(disk.group(1))).compareTo(made) <= 0, "the disk of everyone was not written since it was made");
    }

    private static String login(String machine) {
        return "vm:console " + machine + " --send 'root\\n' --expect '# ' --timeout 120";
    }
}
