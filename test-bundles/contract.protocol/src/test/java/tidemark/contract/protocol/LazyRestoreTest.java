package tidemark.contract.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidemark.api.checkpoint.CheckpointException;
import tidemark.api.checkpoint.CheckpointRequest;
import tidemark.api.checkpoint.ImageReader;
import tidemark.api.checkpoint.RestoreGrants;
import tidemark.api.machine.Machine;
import tidemark.api.memory.HostMemory;
import tidemark.api.memory.PhysicalMemory;

/** Machines whose RAM is mapped to an image. That they equal the original, the contract shows for every protocol. */
class LazyRestoreTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Combination MAPPED = Combination.of("stop").with("layout", "mapped");

    private final Platform platform = new DeployedProtocolsTest().platform();
    @TempDir
    Path folder;
    private Path image;

    @BeforeEach
    void takeImage() throws Exception {
        image = image(MAPPED, "image.tdm");
    }

    @AfterEach
    void destroy() {
        platform.machines().list().forEach(machine -> platform.machines().destroy(machine.name()));
    }

    private Path image(Combination combination, String name) throws Exception {
        Machine machine = platform.machines().create(AbGuest.spec("saved", combination));
        machine.start();
        AbGuest.awaitRounds(machine);
        Path path = folder.resolve(name);
        platform.checkpoints().start(combination.request("saved", path)).await(progress -> {});
        platform.machines().destroy("saved");
        return path;
    }

    private Machine lazy(Path path, String name) throws CheckpointException {
        return platform.checkpoints().restoreLazily(path, name, RestoreGrants.NONE).machine();
    }

    @Test
    void clonesDoNotSeeEachOthersWritesNorDoesTheImage() throws Exception {
        Machine one = lazy(image, "one");
        Machine two = lazy(image, "two");
        long page = firstPage(platform, image);
        byte saved = HostMemory.getByte(at(two, page));
        HostMemory.putByte(at(one, page), (byte) (saved + 1));
        assertEquals(saved, HostMemory.getByte(at(two, page)));
        assertEquals(saved, HostMemory.getByte(at(lazy(image, "three"), page)));
        one.start();
        two.start();
        assertTrue(platform.checkpoints().verify(image).equal());
    }

    @Test
    void imageMayBeDeletedWhileAMachineRunsOnIt() throws Exception {
        Machine machine = lazy(image, "one");
        platform.checkpoints().delete(image);
        machine.start();
        CheckpointContract.assertRuns(machine);
        machine.pause();
        AbGuest.assertOneInstant(machine.memory());
    }

    @Test
    void lazilyRestoredMachineIsSavedWhole() throws Exception {
        Machine machine = lazy(image, "one");
        machine.start();
        CheckpointRequest request = MAPPED.request("one", folder.resolve("second.tdm"));
        platform.checkpoints().start(request).await(progress -> {});
        assertTrue(platform.checkpoints().verify(request.image()).equal());
    }

    @Test
    void afterAResetRamIsThatOfAFreshMachine() throws Exception {
        Machine machine = lazy(image, "one");
        machine.memory().clear();
        for (long at = machine.memory().hostAddress(), end = at + machine.memory().size(); at < end; at += Long.BYTES) {
            assertEquals(0, HostMemory.getLong(at));
        }
    }

    @Test
    void machineStandsWhenAPageOfItsImageIsDamaged() throws Exception {
        long page = firstPage(platform, image);
        Path damaged = folder.resolve("damaged.tdm");
        Files.copy(image, damaged);
        Files.setPosixFilePermissions(damaged, PosixFilePermissions.fromString("rw-------"));
        try (FileChannel file = FileChannel.open(damaged, StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.wrap(new byte[] {77}), PhysicalMemory.PAGE_SIZE * (page + 1) + 99);
        }
        Machine machine = lazy(damaged, "one");
        machine.start();
        for (long end = System.nanoTime() + LIMIT.toNanos(); machine.status().reason().isEmpty() && System.nanoTime() < end;) {
            Thread.sleep(1);
        }
        String reason = machine.status().reason();
        assertTrue(reason.contains("its image is damaged") && reason.contains("wrong checksum of page " + page), machine.status().toString());
    }

    @Test
    void layoutWithoutPlacesIsRefused() throws Exception {
        Path stream = image(Combination.of("stop").with("layout", "stream"), "stream.tdm");
        String refusal = assertThrows(CheckpointException.class, () -> lazy(stream, "one")).getMessage();
        assertTrue(refusal.contains("restore it without --lazy, or take it with layout mapped; no machine was made"), refusal);
        assertTrue(platform.machines().find("one").isEmpty());
    }

    private static long at(Machine machine, long page) {
        return machine.memory().hostAddress() + page * PhysicalMemory.PAGE_SIZE;
    }

    /** The first page with data. */
    private static long firstPage(Platform platform, Path image) throws CheckpointException {
        try (ImageReader reader = platform.checkpoints().open(image)) {
            return reader.places().orElseThrow().pages().next(0);
        }
    }
}
