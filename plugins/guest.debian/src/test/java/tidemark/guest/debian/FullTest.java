package tidemark.guest.debian;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidemark.api.machine.DeviceSpec;
import tidemark.api.machine.MachineException;
import tidemark.api.machine.MachineSpec;

/** Fetching and making the root disk, from an archive of our own and on a machine that only says that it did. */
class FullTest {
    private static final String UNPACKED = "Unpacking linux (1) ...\nSetting up linux (1) ...\n";

    @TempDir
    Path folder;
    private final List<String> progress = new CopyOnWriteArrayList<>();
    private final FakeMachines platform = new FakeMachines();
    private FakeArchive archive;
    private Cache cache;
    private Full guest;

    @BeforeEach
    void nothingIsFetched() throws Exception {
        archive = new FakeArchive(folder.resolve("archive"));
        cache = new Cache(folder.resolve("cache"));
        guest = guest(Optional.of(platform));
    }

    private Full guest(Optional<FakeMachines> machines) {
        Linux linux = new Linux(cache, teller -> archive.client(cache.apt(), teller));
        return new Full(linux, teller -> archive.client(cache.apt(), teller), () -> machines.map(FakeMachines::machines));
    }

    @Test
    void aGuestThatWasNotFetchedSaysWhatToTypeAndNamesNoDisk() {
        assertEquals(Optional.empty(), guest.fetched());
        String refusal = assertThrows(MachineException.class, guest::kernel).getMessage();
        assertTrue(refusal.endsWith("type: launch/tidemark guest fetch debian-full"), refusal);
        assertFalse(guest.settings().get("devices").contains("virtio.block"));
    }

    @Test
    void itsMachineGetsThePackagesAndAnEmptyDiskWhichBecomesTheGuests() throws Exception {
        platform.guest = spec -> {
            assertEquals(1L << 30, size(platform.file("disk0")));
            assertTrue(size(platform.file("disk1")) > size(archive.folder.resolve("pool/linux_1.deb")));
            write(platform.file("disk0"), "made");
            return UNPACKED + "tidemark.run: SUCCESSFUL\n";
        };
        assertEquals("Linux 6.12.1", guest.fetch(false, progress::add));
        assertEquals(0, platform.there);
        Path product = folder.resolve("cache/root").toRealPath();
        assertEquals(List.of("initrd", "kernel", "packages.txt", "recipe.txt", RootDisk.IMAGE), files(product));
        assertEquals(1L << 30, Files.size(product.resolve(RootDisk.IMAGE)));
        assertTrue(progress.contains("setting up 1 packages in a machine"), progress::toString);
    }

    @Test
    void itsSettingsMakeAMachineThatCannotWriteWhatWasFetched() throws Exception {
        guest.fetch(false, progress::add);
        var settings = new java.util.TreeMap<>(guest.settings());
        settings.put("name", "f1");
        DeviceSpec disk = MachineSpec.of(settings).devices().getLast();
        assertEquals("disk0", disk.name());
        assertEquals("scratch", disk.options().get("access"));
        assertEquals(folder.resolve("cache/root").toRealPath().resolve(RootDisk.IMAGE).toString(), disk.options().get("file"));
    }

    @Test
    void itIsMadeOnceUntilThereIsSomethingNewer() throws Exception {
        guest.fetch(false, progress::add);
        Path first = folder.resolve("cache/root").toRealPath();
        platform.guest = spec -> "not asked for";
        assertEquals("Linux 6.12.1", guest.fetch(false, progress::add));
        assertEquals("Linux 6.12.1", guest.fetch(true, progress::add));
        archive.offer("2");
        platform.guest = spec -> "tidemark.run: SUCCESSFUL\n";
        assertEquals("Linux 6.12.2", guest.fetch(true, progress::add));
        assertNotEquals(first, folder.resolve("cache/root").toRealPath());
        assertTrue(Files.exists(first.resolve(RootDisk.IMAGE)), "machines and checkpoints may go on with the older one");
    }

    @Test
    void packagesThatCannotBeSetUpAreToldInTheMachinesOwnWordsAndNothingLooksWhole() throws Exception {
        platform.guest = spec -> UNPACKED + "dpkg: error processing package linux\ntidemark.run: UNSUCCESSFUL, exit code 1\n";
        String refusal = assertThrows(MachineException.class, () -> guest.fetch(false, progress::add)).getMessage();
        assertTrue(refusal.contains("dpkg: error processing package linux\n"), refusal);
        assertEquals(Optional.empty(), guest.fetched());
        assertEquals(0, platform.there);
        platform.guest = spec -> "tidemark.run: SUCCESSFUL\n";
        assertEquals("Linux 6.12.1", guest.fetch(false, progress::add));
        assertEquals(3, archive.calls("--download-only"), "the kernel is kept; apt itself keeps packages");
    }

    @Test
    void anInterruptedMakingTakesItsMachineAlongAndLeavesNothingThatLooksWhole() throws Exception {
        platform.hangs = true;
        AtomicReference<Throwable> end = new AtomicReference<>();
        Thread fetch = Thread.ofPlatform().start(() -> {
            try {
                guest.fetch(false, progress::add);
            } catch (Throwable e) {
                end.set(e);
            }
        });
        assertTrue(platform.running.await(20, TimeUnit.SECONDS));
        fetch.interrupt();
        fetch.join(TimeUnit.SECONDS.toMillis(20));
        assertEquals(InterruptedException.class, end.get().getClass());
        assertEquals(0, platform.there);
        assertEquals(Optional.empty(), guest.fetched());
        platform.hangs = false;
        assertEquals("Linux 6.12.1", guest.fetch(false, progress::add));
    }

    @Test
    void aPlatformWithoutMachinesIsNamed() {
        String refusal = assertThrows(MachineException.class, () -> guest(Optional.empty()).fetch(false, progress::add)).getMessage();
        assertTrue(refusal.startsWith("There is no platform that has machines"), refusal);
    }

    @Test
    void withoutANetworkTheRefusalSaysWhatToDo() throws Exception {
        archive.refuse("trixie", "E: Failed to fetch http://mirror.test/debian  Temporary failure resolving 'mirror.test'\n");
        String refusal = assertThrows(MachineException.class, () -> guest.fetch(false, progress::add)).getMessage();
        assertTrue(refusal.contains("TIDEMARK_DEBIAN_MIRROR, then type the same again"), refusal);
        assertEquals(Optional.empty(), guest.fetched());
    }

    private static List<String> files(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
