package tidemark.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import tidemark.api.machine.MachineSpec;

/** Unmodified Debian on the delivered platform: it boots, uses its disks, and survives its checkpoints. */
class DebianIT {
    /** What all files together have at most: the disk has twice that. */
    private static final int ALL_KIB = 64 << 10;
    private static final List<String> PROTOCOLS = List.of("stop", "live", "thread");
    private static final List<String> FIVE_PROTOCOLS = List.of("stop", "live", "thread", "thread-hash", "cow");
    /** On a busy host steps take minutes; one that never ends is told by its own limit, which names machine and text. */
    private static final Duration STEPS = Duration.ofMinutes(15);
    private static final String CHECK = "cd / && umount /mnt && e2fsck -fn /dev/vda && echo FS$((0))CLEAN";

    @TempDir
    private Path home;

    /**
     * Writes files, and proves all sums at the end. What it prints is not in the echo of the line.
     *
     * @param files so many that the guest still writes when the last checkpoint is taken, on a quick host
     */
    private static String job(int files) {
        return "i=0; while [ $i -lt " + files + " ]; do dd if=/dev/urandom of=f$i bs=" + Math.min(64, ALL_KIB / 4 / files)
                + "k count=4 2>/dev/null || break; sha256sum f$i >> sums; i=$((i+1)); echo file $i; done; sync; echo 3 > /proc/sys/vm/drop_caches; sha256sum -c sums | grep -c OK | grep -qx " + files + " && echo SUMS$((0))RIGHT";
    }

    @BeforeAll
    static void fetch(@TempDir Path folder) throws Exception {
        Launched end = Launched.tidemark(folder, "guest", "fetch", "debian");
        assertEquals(0, end.code(), end.toString());
    }

    @Test
    void itsShellAnswersAsTheManualSays() throws Exception {
        Launched end = Launched.tidemark(home, "exec", "vm:create d1 --guest debian --ram 512 --harts 1 --start; vm:console d1 --expect \"~ #\" --timeout 300; "
                + "vm:console d1 --send \"uname -a\\n\" --expect riscv64 --timeout 30");
        assertEquals(0, end.code(), end.toString());
        assertTrue(end.out().contains("Debian") && end.out().contains("riscv64"), end.out());
    }

    @Test
    void guestReadsEachOfElevenDisks() throws Exception {
        StringBuilder disks = new StringBuilder();
        StringBuilder expected = new StringBuilder();
        for (char letter = 'a'; letter <= 'k'; letter++) {
            byte[] content = new byte[1 << 16];
            content[0] = (byte) letter;
            disks.append(" --disk ").append(Files.write(home.resolve(letter + ".img"), content));
            expected.append(letter);
        }
        Path script = Files.write(home.resolve("script"), List.of(
                "vm:create d1 --guest debian --ram 256" + disks + " --start",
                "vm:console d1 --expect \"~ #\" --timeout 300",
                "vm:console d1 --send 'echo DISKS$((0)) $(for n in a b c d e f g h i j k; do head -c 1 /dev/vd$n; done)\\n' --expect 'DISKS0 [a-z]+' --timeout 60"));
        Launched end = Launched.tidemark(home, "exec", "-f", script.toString());
        assertEquals(0, end.code(), end.toString());
        assertTrue(end.out().contains("DISKS0 " + expected), end.toString());
    }

    /** What two harts do covers it. */
    @Test
    @EnabledIfSystemProperty(named = "tidemark.debian.all", matches = "true", disabledReason = "takes a minute; give -Dtidemark.debian.all=true")
    void checkpointsHoldRamAndDiskTogetherWhileFilesAreWritten() throws Exception {
        checkpointsWhileFilesAreWritten(1, "interpreter", 60, PROTOCOLS);
    }

    @Test
    void checkpointsHoldRamAndDiskTogetherWhileTwoHartsWriteFiles() throws Exception {
        checkpointsWhileFilesAreWritten(2, "interpreter", 60, PROTOCOLS);
    }

    @Test
    void checkpointsHoldRamAndDiskTogetherWhileTranslatedCodeWritesFiles() throws Exception {
        checkpointsWhileFilesAreWritten(1, "translator", 512, PROTOCOLS);
    }

    @Test
    void checkpointsHoldRamAndDiskTogetherWhileMachineCodeWritesFiles() throws Exception {
        checkpointsWhileFilesAreWritten(2, "native", 1024, FIVE_PROTOCOLS);
    }

    /** Each restored machine finishes the job on a disk of its own, with every sum right and a clean file system, and so does the original. */
    private void checkpointsWhileFilesAreWritten(int harts, String cpu, int files, List<String> protocols) throws Exception {
        Path disk = home.resolve("data.img");
        List<String> script = new ArrayList<>(List.of(
                "disk:create " + disk + " 128M",
                "vm:create d1 --guest debian --ram 256 --harts " + harts + " --cpu " + cpu + " --disk " + disk + " --start",
                "vm:console d1 --expect \"~ #\" --timeout 300",
                "vm:console d1 --send 'mkfs.ext4 -q /dev/vda && mount /dev/vda /mnt && cd /mnt && echo FS$((0))MOUNTED\\n' --expect FS0MOUNTED --timeout 120",
                "vm:console d1 --send '" + job(files) + "\\n'"));
        for (String protocol : protocols) {
            int file = files / (protocols.size() + 2) * (1 + protocols.indexOf(protocol));
            script.add("vm:wait d1 --for \"file " + file + "\" --timeout 200");
            script.add("checkpoint:take d1 -p " + protocol + " -o rateWindowMs=0 --oracle --to " + image(protocol));
        }
        script.add("vm:wait d1 --for SUMS0RIGHT --timeout 300");
        for (String protocol : protocols) {
            script.add("checkpoint:verify " + image(protocol));
            script.add("checkpoint:restore " + image(protocol) + " --name " + protocol + " --start");
            script.add("vm:wait " + protocol + " --for SUMS0RIGHT --timeout 300");
        }
        for (String machine : Stream.concat(Stream.of("d1"), protocols.stream()).toList()) {
            script.add("vm:console " + machine + " --send '" + CHECK + "\\n' --expect FS0CLEAN --timeout 120");
            script.add("vm:console " + machine + " --send 'poweroff\\n'");
            script.add("vm:wait " + machine + " --timeout 60");
        }
        Path file = Files.write(home.resolve("script"), script);
        Launched end = Launched.tidemark(home, STEPS, "exec", "-f", file.toString());
        assertEquals(0, end.code(), String.join("\n", script) + "\n" + end.out() + end.err());
        assertEquals(protocols.size(), end.out().lines().filter(line -> line.startsWith("verdict  equal")).count(), end.out());
    }

    /** The first bytes of the kernel's source of entropy are from a buffer of its own, which is in the image. */
    @Test
    void clocksOfARestoredGuestAreSaneAndItsEntropyIsFresh() throws Exception {
        String devices = MachineSpec.DEFAULT_DEVICES + "; rng0=virtio.entropy; host0=rtc; still0=rtc@0x102000#12,time=stopped";
        String ask = "echo UP $(cut -d. -f1 /proc/uptime) HOST $(cat /sys/class/rtc/rtc0/since_epoch) STILL $(cat /sys/class/rtc/rtc1/since_epoch) RANDOM $(head -c 4096 /dev/hwrng | tail -c 8 | od -An -tx1 | tr -d \" \") .";
        Path file = Files.write(home.resolve("script"), List.of(
                "vm:create d1 --guest debian --ram 128 --cpu translator --devices '" + devices + "' --start",
                "vm:console d1 --expect \"~ #\" --timeout 300",
                "vm:console d1 --send '" + ask + "\\n' --expect 'UP \\d.*' --timeout 60",
                "checkpoint:take d1 -p thread --to " + image("clock"),
                "vm:console d1 --send '" + ask + "\\n' --expect 'UP \\d.*' --timeout 60",
                "vm:destroy d1",
                "checkpoint:restore " + image("clock") + " --name d2 --start",
                "vm:console d2 --send '" + ask + "\\n' --expect 'UP \\d.*' --timeout 60"));
        long begin = System.currentTimeMillis() / 1000;
        Launched end = Launched.tidemark(home, "exec", "-f", file.toString());
        assertEquals(0, end.code(), end.toString());
        List<MatchResult> answers = Pattern.compile("UP (\\d+) HOST (\\d+) STILL (\\d+) RANDOM ([0-9a-f]{16}) \\.").matcher(end.out()).results().toList();
        assertEquals(3, answers.size(), end.toString());
        long[][] clocks = answers.stream().map(a -> new long[] {Long.parseLong(a.group(1)), Long.parseLong(a.group(2)), Long.parseLong(a.group(3))}).toArray(long[][]::new);
        long now = System.currentTimeMillis() / 1000;
        assertTrue(clocks[2][0] >= clocks[0][0] && clocks[2][0] <= clocks[0][0] + now - begin, "monotonic time goes on from the image: " + end.out());
        for (long[] clock : clocks) {
            assertTrue(clock[1] >= begin && clock[1] <= now, "one RTC has the host's time: " + end.out());
        }
        assertEquals(clocks[2][0] - clocks[0][0], clocks[2][2] - clocks[0][2], 1, "the other stood still with the machine: " + end.out());
        assertEquals(3, answers.stream().map(a -> a.group(4)).distinct().count(), "a restored guest gets other random bytes than the original did: " + end.out());
    }

    /** Linux prints the first line when its driver of the generation ID has mixed the new one in; without that, clones print the same first uuid. */
    @Test
    void clonesOfARunningGuestDrawOtherRandomNumbers() throws Exception {
        String ask = "echo FORKS $(dmesg | grep -c \"crng reseeded due to virtual machine fork\") "
                + "UUID $(cat /proc/sys/kernel/random/uuid) .";
        List<String> script = new ArrayList<>(List.of("vm:create d1 --guest debian --ram 128 --start",
                "vm:console d1 --expect \"~ #\" --timeout 300", "checkpoint:take d1 -p stop --to " + image("clone"), "vm:destroy d1"));
        for (String clone : List.of("a", "b", "c --identity same")) {
            script.add("checkpoint:restore " + image("clone") + " --start --name " + clone);
            script.add("vm:console " + clone.charAt(0) + " --send '" + ask + "\\n' --expect 'FORKS \\d.*' --timeout 60");
        }
        Launched end = Launched.tidemark(home, "exec", "-f", Files.write(home.resolve("script"), script).toString());
        assertEquals(0, end.code(), end.toString());
        List<MatchResult> answers = Pattern.compile("FORKS (\\d+) UUID ([0-9a-f-]{36}) \\.").matcher(end.out()).results().toList();
        assertEquals(List.of("1", "1", "0"), answers.stream().map(a -> a.group(1)).toList(), end.toString());
        assertNotEquals(answers.get(0).group(2), answers.get(1).group(2), end.toString());
    }

    private Path image(String protocol) {
        return home.resolve(protocol + ".tdm");
    }
}
