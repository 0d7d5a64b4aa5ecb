package tidemark.machine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tidemark.api.device.Disk;
import tidemark.api.device.DiskPart;
import tidemark.api.device.DiskPart.Backing;
import tidemark.api.machine.Machine;
import tidemark.api.machine.Machine.Power;
import tidemark.api.machine.MachineException;
import tidemark.disk.overlay.OverlayPart;
import tidemark.disk.raw.RawPart;
import tidemark.testkit.TestDisk;

/** What is in the files of disks while a machine stands, and machines that a device pauses. */
@Timeout(60)
class PauseTest {
    private static final int SIZE = 64 << 10;
    private final Rig rig = new Rig(context -> context.hart().x[5]++);
    private volatile PostingDevice device;
    @TempDir
    private Path folder;
    private Path layer;

    @BeforeEach
    void deploy() throws IOException {
        Path base = Files.write(folder.resolve("base"), new byte[SIZE]);
        layer = folder.resolve("disk.overlay");
        new OverlayPart().create(layer, SIZE, Optional.of(new Backing(base, "raw")));
        rig.parts.add("disk", "raw", new RawPart()).add("disk", "overlay", new OverlayPart()).add("device", "disk", TestParts.device(0x1000_1000L, 1,
                context -> {
            context.disk();
            device = new PostingDevice(context);
            return device;
        }));
    }

    @AfterEach
    void close() {
        rig.close();
    }

    private Machine running(String... settings) {
        String[] all = Arrays.copyOf(settings, settings.length + 1);
        all[settings.length] = "devices=d0=disk,file=" + layer;
        Machine machine = rig.off(all);
        machine.start();
        return machine;
    }

    private static byte[] write(Machine machine) throws IOException {
        byte[] bytes = new byte[SIZE];
        Arrays.fill(bytes, (byte) 7);
        machine.disks().getFirst().disk().write(0, ByteBuffer.wrap(bytes));
        return bytes;
    }

    /** What somebody gets who copies the file now. */
    private byte[] copied() throws IOException {
        Path copy = Files.copy(layer, folder.resolve("copy" + System.nanoTime()));
        byte[] bytes = new byte[SIZE];
        try (Disk disk = new OverlayPart().open(copy, false, below -> new RawPart().open(below.file(), false, null))) {
            disk.read(0, ByteBuffer.wrap(bytes));
        }
        return bytes;
    }

    private static void await(Machine machine, Power power) throws InterruptedException {
        assertTrue(machine.await(power, Duration.ofSeconds(30)), power.toString());
    }

    @Test
    void aCopyOfADiskFileHasAllThatWasWrittenWhileTheMachineIsPaused() throws Exception {
        Machine machine = running();
        byte[] written = write(machine);
        machine.pause();
        assertArrayEquals(written, copied());
    }

    @Test
    void aCopyOfADiskFileHasAllThatWasWrittenWhileTheMachineIsOff() throws Exception {
        Machine machine = running();
        byte[] written = write(machine);
        machine.powerOff();
        assertArrayEquals(written, copied());
    }

    @Test
    void aCopyOfADiskFileHasAllThatWasWrittenWhenTheGuestHasPoweredOff() throws Exception {
        Machine machine = running();
        byte[] written = write(machine);
        device.context.post(() -> device.context.power().off(0));
        await(machine, Power.OFF);
        assertArrayEquals(written, copied());
    }

    @Test
    void aCopyOfADiskFileHasAllThatWasWrittenWhenARunHasReachedItsEnd() throws Exception {
        Machine machine = running("clock=instructions");
        machine.pause();
        byte[] written = write(machine);
        machine.runTo(machine.instructions() + 1000);
        await(machine, Power.PAUSED);
        assertArrayEquals(written, copied());
    }

    @Test
    void aMachineThatADevicePausesSaysWhyAndDoesWhatTheDevicePostedWhenItGoesOn() throws Exception {
        Machine machine = running();
        byte[] written = write(machine);
        device.context.power().pause("no room; make some");
        await(machine, Power.PAUSED);
        machine.handshake(() -> null); // the hart has come to its boundary
        device.context.post(() -> device.note("posted"));
        assertEquals("no room; make some", machine.status().reason());
        machine.pause();
        assertEquals("no room; make some", machine.status().reason(), "though the user pauses it, too");
        assertArrayEquals(written, copied());
        assertEquals(0, device.done.size());
        machine.resume();
        await(machine, Power.RUNNING);
        while (device.done.isEmpty()) {
            Thread.sleep(1);
        }
        assertEquals("", machine.status().reason());
        machine.pause();
        assertEquals("", machine.status().reason());
    }

    @Test
    void aMachineThatIsOffIsNotPausedByADevice() {
        Machine machine = running();
        machine.powerOff();
        device.context.power().pause("no room");
        assertEquals(Power.OFF, machine.status().power());
        machine.start();
        assertEquals(Power.RUNNING, machine.status().power());
    }

    @Test
    void whatCannotBeFlushedIsSaidAndTheMachineIsPausedAllTheSame() throws Exception {
        rig.parts.add("disk", "failing", new FailingFlush());
        Machine machine = rig.off("devices=d0=disk,format=failing,file=" + folder.resolve("base"));
        machine.start();
        String message = assertThrows(MachineException.class, machine::pause).getMessage();
        assertTrue(message.contains("d0: as told"), message);
        assertEquals(Power.PAUSED, machine.status().power());
    }

    private static final class FailingFlush implements DiskPart {
        @Override
        public boolean recognizes(Path file) {
            return false;
        }

        @Override
        public Disk open(Path file, boolean writable, Opener below) {
            TestDisk disk = new TestDisk(new byte[SIZE], true);
            disk.failure(new IOException("as told"));
            return disk;
        }

        @Override
        public void create(Path file, long size, Optional<Backing> backing) throws IOException {
            throw new IOException("not here");
        }
    }
}
