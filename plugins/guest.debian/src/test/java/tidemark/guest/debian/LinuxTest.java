package tidemark.guest.debian;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidemark.api.machine.DeviceSpec;
import tidemark.api.machine.MachineException;
import tidemark.api.machine.MachineSpec;

/** Fetching, from an archive of our own. */
class LinuxTest {
    @TempDir
    Path folder;
    private final List<String> progress = new CopyOnWriteArrayList<>();
    private FakeArchive archive;
    private Cache cache;
    private Linux linux;

    @BeforeEach
    void nothingIsFetched() throws Exception {
        archive = new FakeArchive(folder.resolve("archive"));
        cache = new Cache(folder.resolve("cache"));
        linux = new Linux(cache, teller -> archive.client(cache.apt(), teller));
    }

    @Test
    void aGuestThatWasNotFetchedSaysWhatToType() {
        assertEquals(Optional.empty(), linux.fetched());
        assertTrue(assertThrows(MachineException.class, linux::kernel).getMessage().endsWith("type: launch/tidemark guest fetch debian"));
        assertTrue(assertThrows(MachineException.class, linux::initrd).getMessage().endsWith("type: launch/tidemark guest fetch debian"));
    }

    @Test
    void itIsFetchedOnceWithTheProgressTold() throws Exception {
        assertEquals("Linux 6.12.1", linux.fetch(false, progress::add));
        assertEquals(Optional.of("Linux 6.12.1"), linux.fetched());
        assertEquals(4096, linux.kernel().length);
        assertTrue(progress.contains("fetching Debian's packages, 117 MB: 45 %"), progress::toString);
        assertEquals("Linux 6.12.1", linux.fetch(false, progress::add));
        assertEquals(1, archive.calls("--download-only"));
        assertEquals(1, archive.calls("update"));
    }

    @Test
    void theInitialRamDiskHasTheFilesOfPackagesThenTheBundlesScripts() throws Exception {
        linux.fetch(false, progress::add);
        String initrd = new String(linux.initrd(), StandardCharsets.ISO_8859_1);
        int end = initrd.indexOf("TRAILER!!!");
        assertTrue(initrd.indexOf("usr/lib/modules/6.12.1/kernel/ext4.ko\0") < end);
        assertTrue(initrd.indexOf("usr/sbin/mkfs.ext4\0") < end && initrd.contains("usr/lib/riscv64-linux-gnu/libext2fs.so.2.4\0"));
        assertTrue(initrd.indexOf("etc/rc\0") > end);
        assertFalse(initrd.contains("README"));
    }

    @Test
    void anUpdateTakesANewerVersionAndLeavesTheOlder() throws Exception {
        linux.fetch(false, progress::add);
        Path first = folder.resolve("cache/linux").toRealPath();
        assertEquals("Linux 6.12.1", linux.fetch(true, progress::add));
        assertEquals(1, archive.calls("--download-only"));
        archive.offer("2");
        assertEquals("Linux 6.12.1", linux.fetch(false, progress::add));
        assertEquals("Linux 6.12.2", linux.fetch(true, progress::add));
        assertNotEquals(first, folder.resolve("cache/linux").toRealPath());
        assertTrue(Files.exists(first.resolve("kernel")));
    }

    @Test
    void packagesThatAreThereAreTakenIntoAccountWhenTheGuestIsMadeAnew() throws Exception {
        linux.fetch(false, progress::add);
        Cache.delete(folder.resolve("cache/linux").toRealPath());
        assertEquals(Optional.empty(), linux.fetched());
        assertEquals("Linux 6.12.1", linux.fetch(false, progress::add));
    }

    @Test
    void anInterruptedFetchLeavesNothingThatLooksWholeAndTheNextGoesOn() throws Exception {
        archive.have("hang", true);
        CountDownLatch downloads = new CountDownLatch(1);
        AtomicReference<Throwable> end = new AtomicReference<>();
        Thread fetch = Thread.ofPlatform().start(() -> {
            try {
                linux.fetch(false, line -> {
                    if (line.contains("45 %")) {
                        downloads.countDown();
                    }
                });
            } catch (Throwable e) {
                end.set(e);
            }
        });
        assertTrue(downloads.await(20, TimeUnit.SECONDS));
        fetch.interrupt();
        fetch.join(TimeUnit.SECONDS.toMillis(20));
        assertEquals(InterruptedException.class, end.get().getClass());
        assertEquals(Optional.empty(), linux.fetched());
        archive.have("hang", false);
        assertEquals("Linux 6.12.1", linux.fetch(false, progress::add));
    }

    @Test
    void aDamagedPackageIsNamedAndLeavesNothingThatLooksWhole() throws Exception {
        archive.have("truncate", true);
        String refusal = assertThrows(MachineException.class, () -> linux.fetch(false, progress::add)).getMessage();
        assertTrue(refusal.contains("cannot unpack " + cache.apt().resolve("cache/archives/linux_1.deb")), refusal);
        assertEquals(Optional.empty(), linux.fetched());
        archive.have("truncate", false);
        assertEquals("Linux 6.12.1", linux.fetch(false, progress::add));
    }

    @Test
    void aMirrorThatIsOutOfStepIsAskedForTheReleaseByItsOtherName() throws Exception {
        archive.refuse("trixie", "E: Failed to fetch http://mirror.test/x  File has unexpected size (1 != 2). Mirror sync in progress?\n");
        assertEquals("Linux 6.12.1", linux.fetch(false, progress::add));
        assertEquals(2, archive.calls("update"));
    }

    @Test
    void anotherReleaseIsNotTakenForDebian13() throws Exception {
        archive.refuse("trixie", "E: Failed to fetch http://mirror.test/x  Hash Sum mismatch\n");
        Files.writeString(archive.folder.resolve("codename-stable"), "forky");
        String refusal = assertThrows(MachineException.class, () -> linux.fetch(false, progress::add)).getMessage();
        assertTrue(refusal.contains("Hash Sum mismatch"), refusal);
        assertEquals(Optional.empty(), linux.fetched());
    }

    @Test
    void withoutANetworkTheRefusalSaysWhyAndWhatToDo() throws Exception {
        archive.refuse("trixie", "Err:1 http://mirror.test/debian trixie InRelease\n  Could not resolve\nE: Failed to fetch http://mirror.test/debian  Temporary failure resolving 'mirror.test'\n"
                + "E: Some index files failed to download. They have been ignored, or old ones used instead.\n");
        String refusal = assertThrows(MachineException.class, () -> linux.fetch(false, progress::add)).getMessage();
        assertEquals("Cannot fetch the lists of packages of Debian from http://mirror.test/debian: Failed to fetch http://mirror.test/debian  Temporary failure resolving 'mirror.test'. "
                + "Check the network and apt's proxy, or give another mirror of the Debian archive in the environment variable TIDEMARK_DEBIAN_MIRROR, then type the same again: "
                + "what was fetched so far is kept", refusal);
        assertEquals(1, archive.calls("update"));
    }

    @Test
    void aHostWithoutAptIsToldSo() throws Exception {
        Files.delete(archive.folder.resolve("apt-get"));
        String refusal = assertThrows(MachineException.class, () -> linux.fetch(false, progress::add)).getMessage();
        assertTrue(refusal.contains("which this host does not have"), refusal);
    }

    @Test
    void itsSettingsMakeAMachine() {
        MachineSpec spec = MachineSpec.of(with(linux.settings(), "name", "d1"));
        assertTrue(spec.ramMiB() >= linux.minimumRamMiB());
        assertTrue(spec.devices().stream().map(DeviceSpec::kind).toList().contains("uart"));
    }

    @Test
    void theLastVerdictCounts() {
        assertEquals(Optional.empty(), linux.verification("tidemark.run: SUCCESS"));
        assertEquals(Optional.of("UNSUCCESSFUL"), linux.verification("tidemark.run: SUCCESSFUL\r\ntidemark.run: UNSUCCESSFUL, exit code 3\r\n"));
    }

    private static java.util.Map<String, String> with(java.util.Map<String, String> settings, String key, String value) {
        var all = new java.util.TreeMap<>(settings);
        all.put(key, value);
        return all;
    }
}
