package tidemark.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tidemark.testkit.SmallFileSystem;

/** Debian on a host whose disk is too small for what it writes. {@code -Dtidemark.fullhost.formats=raw,qcow2,overlay} tries other formats of disks. */
class FullHostIT {
    private static final int FIRST_KIB = 8 << 10;
    private static final int LATER_KIB = 32 << 10;
    private static final String SUM = "echo SUM$((0)) $(dd if=/dev/vda bs=16k count=768 2>/dev/null | sha256sum)";
    private static final String WRITE = "dd if=/dev/urandom of=/dev/vda bs=16k count=768 conv=fsync && echo 3 > /proc/sys/vm/drop_caches && " + SUM;
    private static final String ERRORS = "dmesg | grep -c \"I/O error\" | sed s/^/ERRORS$((0))=/";

    @TempDir
    private Path home;

    @BeforeAll
    static void fetch(@TempDir Path folder) throws Exception {
        Launched end = Launched.tidemark(folder, "guest", "fetch", "debian");
        assertEquals(0, end.code(), end.toString());
    }

    static Stream<String> formats() {
        return Stream.of(System.getProperty("tidemark.fullhost.formats", "qcow2").split(","));
    }

    /** The guest sees no error; another machine has the same bytes on the disk afterwards. */
    @ParameterizedTest
    @MethodSource("formats")
    void aGuestOnAFullHostIsPausedAndLosesNothing(String format) throws Exception {
        try (SmallFileSystem host = SmallFileSystem.mount(Files.createDirectory(home.resolve("host")), FIRST_KIB << 10)) {
            Path disk = host.folder().resolve("disk." + format);
            Path script = Files.write(home.resolve("script"), List.of(
                    "disk:create " + disk + " 12M --format " + format,
                    "vm:create d1 --guest debian --ram 256 --disk " + disk + ",format=" + format + " --start",
                    "vm:console d1 --expect \"~ #\" --timeout 300",
                    "vm:console d1 --send '" + WRITE + "\\n'",
                    "vm:wait d1 --until paused --timeout 120",
                    "vm:info d1",
                    "part:why d1",
                    "vm:create other --guest cg.S --ram 64 --start",
                    "vm:wait other --timeout 300",
                    "vm:resume d1",
                    "vm:console d1 --expect 'SUM0 [0-9a-f]+' --timeout 120",
                    "vm:console d1 --send '" + ERRORS + "; poweroff\\n' --expect 'ERRORS0=0' --timeout 60",
                    "vm:wait d1 --timeout 60",
                    "disk:info " + disk,
                    "vm:destroy d1",
                    "vm:create d2 --guest debian --ram 256 --disk " + disk + ",format=" + format + " --start",
                    "vm:console d2 --expect \"~ #\" --timeout 300",
                    "vm:console d2 --send '" + SUM + "\\n' --expect 'SUM0 [0-9a-f]+' --timeout 60"));
            CompletableFuture<Void> room = CompletableFuture.runAsync(() -> makeRoomWhenPaused(host));
            Launched end = Launched.tidemark(home, "exec", "-f", script.toString());
            assertEquals(0, end.code(), end.toString());
            room.get(1, TimeUnit.SECONDS);
            List<String> sums = Pattern.compile("SUM0 [0-9a-f]{64}").matcher(end.out()).results().map(match -> match.group()).toList();
            assertEquals(2, sums.size(), end.toString());
            assertEquals(sums.getFirst(), sums.getLast(), end.toString());
            assertTrue(Pattern.compile("(?m)^why +a write to disk0 waits: .*No space left on device; make room there; then vm:resume").matcher(end.out()).find(),
                    end.toString());
            assertTrue(end.out().contains("machine d1 is paused: a write to disk0 waits"), end.toString());
            assertTrue(end.out().contains("written by  d1 (disk0)"), end.toString());
        }
    }

    private void makeRoomWhenPaused(SmallFileSystem host) {
        try {
            while (!Files.exists(home.resolve("out")) || !Files.readString(home.resolve("out")).contains("machine d1 is paused")) {
                Thread.sleep(100);
            }
            host.resize(LATER_KIB << 10);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
