package tidemark.device.virtio.block;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tidemark.testkit.DriverQueue.in;
import static tidemark.testkit.DriverQueue.out;
import static tidemark.testkit.VirtioDriver.VERSION_1;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tidemark.api.device.Device;
import tidemark.api.device.NoSpaceException;
import tidemark.testkit.TestDeviceContext;
import tidemark.testkit.TestDisk;
import tidemark.testkit.TestMemory;
import tidemark.testkit.VirtioDriver;

/** Option {@code werror}: what becomes of writes that fail. */
class WriteErrorsTest {
    private static final IOException FULL = new NoSpaceException("no space; make room there");
    private static final IOException BROKEN = new IOException("the host's disk fails");
    private static final int NOT_ANSWERED = 0x55;

    private final TestMemory ram = new TestMemory(16 << 20);
    private final TestDisk disk = new TestDisk(new byte[1 << 20], true);
    private final TestDeviceContext context = new TestDeviceContext("disk0", 1).memory(ram).disk(disk);
    private VirtioDriver driver;
    private long status;

    @AfterEach
    void close() {
        ram.close();
    }

    private Device plug() {
        Device device = new BlockPart().create(context);
        driver = new VirtioDriver(device, ram);
        driver.start(VERSION_1 | Config.FLUSH | Config.DISCARD | Config.WRITE_ZEROES, Config.QUEUE_SIZE);
        return device;
    }

    private void send(int type, byte[] data) {
        long header = driver.allocate(16);
        ram.put(header, ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putInt(type).putInt(0).putLong(8).array());
        long bytes = driver.allocate(Math.max(1, data.length));
        ram.put(bytes, data);
        status = driver.allocate(1);
        ram.put(status, new byte[] {NOT_ANSWERED});
        if (type == Request.T_FLUSH) {
            driver.send(0, out(header, 16), in(status, 1));
        } else {
            driver.send(0, out(header, 16), type == Request.T_IN ? in(bytes, data.length) : out(bytes, data.length), in(status, 1));
        }
        context.boundary();
    }

    private int status() {
        return ram.get(status, 1)[0];
    }

    private static byte[] filled() {
        byte[] bytes = new byte[600 << 10];
        Arrays.fill(bytes, (byte) 7);
        return bytes;
    }

    private static byte[] range() {
        return ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putLong(0).putInt(1).putInt(0).array();
    }

    @Test
    void aMachineOnAFullHostPausesAndItsWriteSucceedsWhenItGoesOnWithRoom() {
        plug();
        disk.failure(FULL);
        send(Request.T_OUT, filled());
        assertEquals(NOT_ANSWERED, status());
        assertEquals(List.of("pause a write to disk0 waits: no space; make room there; then vm:resume"), context.powerRequests());
        context.resume();
        assertEquals(NOT_ANSWERED, status(), "still no room");
        assertEquals(2, context.powerRequests().size(), "and it pauses again");
        disk.failure(null);
        context.resume();
        assertEquals(Request.S_OK, status());
        assertArrayEquals(filled(), Arrays.copyOfRange(disk.content(), 4096, 4096 + filled().length));
    }

    @Test
    void flushesAndZerosWaitToo() {
        plug();
        for (int type : new int[] {Request.T_FLUSH, Request.T_WRITE_ZEROES, Request.T_DISCARD}) {
            disk.failure(FULL);
            send(type, type == Request.T_FLUSH ? new byte[0] : range());
            assertEquals(NOT_ANSWERED, status());
            disk.failure(null);
            context.resume();
            assertEquals(Request.S_OK, status());
        }
        assertEquals(3, context.powerRequests().size());
    }

    @Test
    void otherErrorsAndThoseOfReadsAreReportedByDefault() {
        plug();
        disk.failure(BROKEN);
        send(Request.T_OUT, filled());
        assertEquals(Request.S_IOERR, status());
        disk.failure(FULL);
        send(Request.T_IN, new byte[512]);
        assertEquals(Request.S_IOERR, status());
        assertEquals(List.of(), context.powerRequests());
    }

    @Test
    void reportReportsAFullHostAndStopPausesForAnyError() {
        context.option("werror", "report");
        plug();
        disk.failure(FULL);
        send(Request.T_OUT, filled());
        assertEquals(Request.S_IOERR, status());
        assertEquals(List.of(), context.powerRequests());
        context.option("werror", "stop");
        plug();
        disk.failure(BROKEN);
        send(Request.T_OUT, filled());
        assertEquals(NOT_ANSWERED, status());
        disk.failure(null);
        context.resume();
        assertEquals(Request.S_OK, status());
    }

    @Test
    void aRequestThatWaitsIsInTheStateAndDoneByTheDeviceThatLoadsIt() throws Exception {
        Device first = plug();
        disk.failure(FULL);
        send(Request.T_OUT, filled());
        Device second = new BlockPart().create(context.forgetPosted());
        second.load(first.save());
        disk.failure(null);
        context.resume();
        assertEquals(Request.S_OK, status());
        assertArrayEquals(filled(), Arrays.copyOfRange(disk.content(), 4096, 4096 + filled().length));
    }

    @Test
    void anotherWordIsRefusedWithThoseThatThereAre() {
        context.option("werror", "ignore");
        String message = assertThrows(IllegalArgumentException.class, this::plug).getMessage();
        assertTrue(message.contains("disk0: werror=ignore; give enospc, report or stop"), message);
    }
}
