package tidemark.device.virtio.net;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tidemark.device.virtio.net.NetDevice.*;
import static tidemark.testkit.DriverQueue.in;
import static tidemark.testkit.DriverQueue.out;
import static tidemark.testkit.VirtioDriver.*;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tidemark.api.device.Device;
import tidemark.api.device.Network;
import tidemark.testkit.DriverQueue.Used;
import tidemark.testkit.TestDeviceContext;
import tidemark.testkit.TestMemory;
import tidemark.testkit.VirtioDriver;

class NetDeviceTest {
    private static final long FEATURES = VERSION_1 | EVENT_IDX | F_MAC | F_STATUS;
    private static final int ROOM = HEADER + MAX_FRAME;

    private final TestMemory ram = new TestMemory(4 << 20);
    private final Cable cable = new Cable();
    private TestDeviceContext machine = machine("net0", ram);
    private Device device = new NetPart().create(machine);
    private VirtioDriver driver = new VirtioDriver(device, ram);

    private static final class Cable implements Network {
        private final List<byte[]> frames = new ArrayList<>();
        private boolean closed;

        @Override
        public void transmit(byte[] frame) {
            frames.add(frame);
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    private TestDeviceContext machine(String name, TestMemory memory) {
        return new TestDeviceContext(name, 1).memory(memory).network(cable);
    }

    @AfterEach
    void close() {
        ram.close();
    }

    private void start(long features) {
        driver.start(features, QUEUE_SIZE, QUEUE_SIZE);
    }

    private static byte[] frame(int length) {
        byte[] frame = new byte[length];
        new Random(length).nextBytes(frame);
        return frame;
    }

    private long buffer(int length) {
        long room = driver.allocate(length);
        driver.send(RECEIVEQ, in(room, length));
        return room;
    }

    private int numBuffers(long room) {
        return ram.get(room + 10, 1)[0];
    }

    // The card

    private static byte[] mac(Device card) throws Exception {
        byte[] mac = new byte[6];
        for (int i = 0; i < mac.length; i++) {
            mac[i] = (byte) card.load(CONFIG + i, 1);
        }
        return mac;
    }

    @Test
    void theLinkIsUpAndTheAddressStableAndLocal() throws Exception {
        assertEquals(1, driver.load(DEVICE_ID));
        assertEquals(1, device.load(CONFIG + 6, 2));
        assertEquals(2, mac(device)[0] & 3, "locally administered, one card");
        assertArrayEquals(mac(device), mac(new NetPart().create(machine("net0", ram))));
        assertTrue(!java.util.Arrays.equals(mac(device), mac(new NetPart().create(machine("net1", ram)))));
    }

    @Test
    void theAddressIsWhatTheOptionSays() throws Exception {
        Device card = new NetPart().create(machine("net0", ram).option("mac", "52:54:00:aB:CD:ef"));
        assertArrayEquals(new byte[] {0x52, 0x54, 0, (byte) 0xAB, (byte) 0xCD, (byte) 0xEF}, mac(card));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "52:54:00:12:34", "52:54:00:12:34:56:78", "53:54:00:12:34:56", "52-54-00-12-34-56", "52:54:00:12:34:5g"})
    void anAddressThatNoCardHasIsRefused(String mac) {
        TestDeviceContext context = machine("net0", ram).option("mac", mac);
        assertTrue(assertThrows(IllegalArgumentException.class, () -> new NetPart().create(context)).getMessage().contains("net0: mac=" + mac));
    }

    // From the guest

    @Test
    void framesLeaveWithoutTheirHeaderHoweverTheyAreScattered() {
        start(FEATURES);
        byte[] frame = frame(1000);
        long room = driver.allocate(2000);
        ram.put(room + 7 + HEADER, frame);
        driver.send(TRANSMITQ, out(room + 7, HEADER + 1000));
        driver.send(TRANSMITQ, out(room + 7, 5), out(room + 12, 7 + 1), out(room + 20, 999));
        assertEquals(2, cable.frames.size());
        assertArrayEquals(frame, cable.frames.get(0));
        assertArrayEquals(frame, cable.frames.get(1));
        assertEquals(List.of(new Used(0, 0), new Used(1, 0)), driver.queue(TRANSMITQ).used());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, HEADER, HEADER + MIN_FRAME - 1, HEADER + MAX_FRAME + 1, 2 << 20})
    void whatIsNoFrameIsLostAndItsBufferGivenBack(int length) {
        start(FEATURES);
        driver.send(TRANSMITQ, out(ram.base(), length));
        assertEquals(0, cable.frames.size());
        assertEquals(1, driver.queue(TRANSMITQ).used().size());
    }

    // To the guest

    @Test
    void aFrameComesWithAHeaderIntoOneBuffer() {
        start(FEATURES);
        byte[] frame = frame(100);
        long room = buffer(ROOM);
        machine.receiveFrame(frame);
        assertEquals(0, driver.queue(RECEIVEQ).usedIndex(), "only at a boundary");
        machine.boundary();
        assertEquals(List.of(new Used(0, HEADER + 100)), driver.queue(RECEIVEQ).used());
        assertArrayEquals(new byte[10], ram.get(room, 10));
        assertEquals(1, numBuffers(room));
        assertArrayEquals(frame, ram.get(room + HEADER, 100));
        assertEquals(1, driver.interrupt());
    }

    @Test
    void aDriverOfBeforeVersion1HasAShorterHeader() {
        start(F_MAC);
        byte[] frame = frame(100);
        long room = buffer(ROOM);
        machine.receiveFrame(frame);
        machine.boundary();
        assertEquals(List.of(new Used(0, SHORT_HEADER + 100)), driver.queue(RECEIVEQ).used());
        assertArrayEquals(frame, ram.get(room + SHORT_HEADER, 100));
        driver.send(TRANSMITQ, out(room, SHORT_HEADER + 100));
        assertArrayEquals(frame, cable.frames.getFirst());
    }

    @Test
    void aDriverOfBeforeVersion1ThatMergesBuffersHasTheWholeHeader() {
        start(F_MRG_RXBUF);
        long room = buffer(ROOM);
        machine.receiveFrame(frame(100));
        machine.boundary();
        assertEquals(1, numBuffers(room));
        assertArrayEquals(frame(100), ram.get(room + HEADER, 100));
    }

    @Test
    void framesWaitForBuffersInTheirOrder() {
        start(FEATURES);
        machine.receiveFrame(frame(100));
        machine.receiveFrame(frame(200));
        machine.boundary();
        buffer(ROOM);
        long second = buffer(ROOM);
        assertEquals(List.of(new Used(0, HEADER + 100), new Used(1, HEADER + 200)), driver.queue(RECEIVEQ).used());
        assertArrayEquals(frame(200), ram.get(second + HEADER, 200));
    }

    @Test
    void aFrameThatFitsIntoNoBufferIsLostAndTheNextOneComes() {
        start(FEATURES);
        buffer(HEADER + 50);
        machine.receiveFrame(frame(51));
        machine.receiveFrame(frame(50));
        machine.boundary();
        assertEquals(List.of(new Used(0, HEADER + 50)), driver.queue(RECEIVEQ).used());
    }

    @Test
    void aFrameIsSpreadOverMergedBuffersThatAreUsedTogether() {
        start(FEATURES | F_MRG_RXBUF);
        long first = buffer(40);
        long second = buffer(40);
        machine.receiveFrame(frame(100));
        machine.boundary();
        assertEquals(0, driver.queue(RECEIVEQ).usedIndex(), "two are not enough");
        long third = buffer(40);
        assertEquals(List.of(new Used(0, 40), new Used(1, 40), new Used(2, 32)), driver.queue(RECEIVEQ).used());
        assertEquals(3, numBuffers(first));
        byte[] all = new byte[120];
        System.arraycopy(ram.get(first, 40), 0, all, 0, 40);
        System.arraycopy(ram.get(second, 40), 0, all, 40, 40);
        System.arraycopy(ram.get(third, 40), 0, all, 80, 40);
        assertArrayEquals(frame(100), java.util.Arrays.copyOfRange(all, HEADER, HEADER + 100));
    }

    @Test
    void buffersThatWereGatheredForALargeFrameServeASmallOne() {
        start(FEATURES | F_MRG_RXBUF);
        for (int i = 0; i < Receiver.MAX_BUFFERS; i++) {
            buffer(20);
        }
        machine.receiveFrame(frame(MAX_FRAME));
        machine.receiveFrame(frame(20));
        machine.boundary();
        assertEquals(List.of(new Used(0, 20), new Used(1, 12)), driver.queue(RECEIVEQ).used(), "the large one found no room in as many as it may have");
    }

    @Test
    void framesThatAreTooLongOrTooManyAreLost() {
        start(FEATURES);
        machine.receiveFrame(frame(MAX_FRAME + 1));
        for (int i = 0; i < 2 * Receiver.MAX_WAITING; i++) {
            machine.receiveFrame(frame(14));
        }
        machine.boundary();
        for (int i = 0; i < 2 * Receiver.MAX_WAITING; i++) {
            driver.send(RECEIVEQ, in(ram.base() + (2 << 20), ROOM));
        }
        machine.boundary();
        assertEquals(Receiver.MAX_WAITING, driver.queue(RECEIVEQ).usedIndex());
    }

    @Test
    void afterAResetNoFrameOfBeforeComes() {
        start(FEATURES);
        machine.receiveFrame(frame(60));
        driver.store(STATUS, 0);
        driver = new VirtioDriver(device, ram);
        start(FEATURES);
        buffer(ROOM);
        machine.boundary();
        assertEquals(0, driver.queue(RECEIVEQ).usedIndex());
        machine.receiveFrame(frame(61));
        machine.boundary();
        assertEquals(List.of(new Used(0, HEADER + 61)), driver.queue(RECEIVEQ).used());
    }

    @Test
    void buffersThatTheDeviceHasAreThereAfterARestore() throws Exception {
        start(FEATURES | F_MRG_RXBUF);
        buffer(40);
        machine.receiveFrame(frame(100));
        machine.boundary();
        TestMemory copy = ram.copy();
        TestDeviceContext other = machine("net0", copy);
        Device restored = new NetPart().create(other);
        restored.load(device.save());
        assertEquals(device.save(), restored.save());
        VirtioDriver there = driver.at(restored, copy);
        other.receiveFrame(frame(20));
        other.boundary();
        assertEquals(List.of(new Used(0, HEADER + 20)), there.queue(RECEIVEQ).used());
        copy.close();
    }

    @Test
    void theCableIsUnpluggedWithTheCard() {
        device.close();
        assertTrue(cable.closed);
    }
}
