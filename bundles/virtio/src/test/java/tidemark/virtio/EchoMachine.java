package tidemark.virtio;

import static tidemark.testkit.DriverQueue.in;
import static tidemark.testkit.DriverQueue.out;

import java.nio.charset.StandardCharsets;
import tidemark.testkit.DriverQueue;
import tidemark.testkit.TestDeviceContext;
import tidemark.testkit.TestMemory;
import tidemark.testkit.VirtioDriver;

/** A machine with an {@link Echo} in it, and its driver. */
final class EchoMachine implements AutoCloseable {
    static final String NAME = "echo0";
    static final long ALL = VirtioDriver.VERSION_1 | VirtioDriver.INDIRECT_DESC | VirtioDriver.EVENT_IDX | Echo.FEATURE;
    static final long PLAIN = VirtioDriver.VERSION_1;

    final TestMemory ram;
    final TestDeviceContext context;
    final Echo echo;
    final VirtioMmio device;
    final VirtioDriver driver;

    EchoMachine() {
        this(new TestMemory(1 << 20), null);
    }

    /** After a restore: RAM is a copy, the device fresh. */
    EchoMachine(EchoMachine of) {
        this(of.ram.copy(), of.driver);
    }

    private EchoMachine(TestMemory ram, VirtioDriver former) {
        this(ram, former, "off");
    }

    /** With option {@code legacy}. */
    EchoMachine(TestMemory ram, VirtioDriver former, String legacy) {
        this.ram = ram;
        context = new TestDeviceContext(NAME, 1).memory(ram).option("legacy", legacy);
        Echo[] made = new Echo[1];
        device = new VirtioMmio(context, transport -> made[0] = new Echo(transport));
        echo = made[0];
        driver = former == null ? new VirtioDriver(device, ram) : former.at(device, ram);
    }

    EchoMachine start(long features) {
        driver.start(features, Echo.QUEUE_SIZE, Echo.QUEUE_SIZE);
        return this;
    }

    DriverQueue queue(int index) {
        return driver.queue(index);
    }

    long text(String text) {
        long address = driver.allocate(Math.max(1, text.length()));
        ram.put(address, text.getBytes(StandardCharsets.ISO_8859_1));
        return address;
    }

    /** Sends a text. @return where the answer comes */
    long ask(int queue, String text) {
        long answer = driver.allocate(text.length());
        driver.send(queue, out(text(text), text.length()), in(answer, text.length()));
        return answer;
    }

    String textAt(long address, int length) {
        return new String(ram.get(address, length), StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() {
        ram.close();
    }
}
