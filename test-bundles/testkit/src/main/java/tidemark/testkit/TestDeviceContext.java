package tidemark.testkit;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import tidemark.api.device.Clock;
import tidemark.api.device.Console;
import tidemark.api.device.DeviceContext;
import tidemark.api.device.Disk;
import tidemark.api.device.InterruptController;
import tidemark.api.device.InterruptLine;
import tidemark.api.device.Network;
import tidemark.api.device.Power;
import tidemark.api.device.Timer;
import tidemark.api.memory.PhysicalMemory;

/** A machine around one device, on one thread: time passes when the test says so, lines and requests are there to be looked at. */
public final class TestDeviceContext implements DeviceContext, Clock, Console, Power {
    private final String name;
    private final int harts;
    private final List<TestTimer> timers = new ArrayList<>();
    private final Map<String, Boolean> hartLines = new TreeMap<>();
    private final ByteArrayOutputStream transmitted = new ByteArrayOutputStream();
    private final ArrayDeque<Integer> input = new ArrayDeque<>();
    private final List<String> powerRequests = new ArrayList<>();
    private Runnable inputArrived = () -> {};
    private InterruptController inputs;
    private boolean interrupt;
    private int interruptRises;
    private final ArrayDeque<Runnable> posted = new ArrayDeque<>();
    private final Map<String, String> options = new TreeMap<>();
    private PhysicalMemory memory;
    private Disk disk;
    private Network network;
    private Consumer<byte[]> toGuest = frame -> {};
    private boolean paused;
    private long mtime;

    public TestDeviceContext(String name, int harts) {
        this.name = name;
        this.harts = harts;
    }

    public TestDeviceContext option(String key, String value) {
        options.put(key, value);
        return this;
    }

    public TestDeviceContext memory(PhysicalMemory ram) {
        memory = ram;
        return this;
    }

    public TestDeviceContext disk(Disk content) {
        disk = content;
        return this;
    }

    /** @param cable takes what the guest sends */
    public TestDeviceContext network(Network cable) {
        network = cable;
        return this;
    }

    private final class TestTimer implements Timer {
        private final Runnable expired;
        private boolean armed;
        private long deadline;

        TestTimer(Runnable expired) {
            this.expired = expired;
        }

        @Override
        public void set(long newDeadline) {
            armed = true;
            deadline = newDeadline;
        }

        @Override
        public void cancel() {
            armed = false;
        }
    }

    // For the test

    /** Lets time pass and timers expire. */
    public void advance(long ticks) {
        mtime += ticks;
        for (TestTimer timer : timers) {
            if (timer.armed && Long.compareUnsigned(mtime, timer.deadline) >= 0) {
                timer.armed = false;
                timer.expired.run();
            }
        }
    }

    /** The level of the device's own interrupt line. */
    public boolean interruptLevel() {
        return interrupt;
    }

    /** How often the device's own interrupt line rose. */
    public int interruptRises() {
        return interruptRises;
    }

    /** The level of a hart's line. */
    public boolean hartLevel(int hart, long bit) {
        return hartLines.getOrDefault(hart + ":" + bit, false);
    }

    /** The inputs that the device registered as interrupt controller. */
    public InterruptController inputs() {
        return inputs;
    }

    /** What the guest sent, one char a byte. */
    public String transmitted() {
        return transmitted.toString(StandardCharsets.ISO_8859_1);
    }

    /** The host sends. */
    public void send(String bytes) {
        for (byte value : bytes.getBytes(StandardCharsets.ISO_8859_1)) {
            input.add(value & 0xFF);
        }
        inputArrived.run();
    }

    /** A frame comes from the network. */
    public void receiveFrame(byte[] frame) {
        toGuest.accept(frame);
    }

    /** What a machine does that resets or loads a device: what the device posted is not run. */
    public TestDeviceContext forgetPosted() {
        synchronized (posted) {
            posted.clear();
        }
        return this;
    }

    /** An instruction boundary: runs what the device posted, unless the device has paused the machine. */
    public void boundary() {
        for (Runnable action = nextPosted(); action != null; action = nextPosted()) {
            action.run();
        }
    }

    /** The user resumes the machine. */
    public void resume() {
        paused = false;
        boundary();
    }

    private Runnable nextPosted() {
        synchronized (posted) {
            return paused ? null : posted.poll();
        }
    }

    /** {@code off CODE}, {@code reset} and {@code pause REASON}, in order. */
    public List<String> powerRequests() {
        return powerRequests;
    }

    // DeviceContext

    @Override
    public String name() {
        return name;
    }

    @Override
    public Map<String, String> options() {
        return Map.copyOf(options);
    }

    @Override
    public PhysicalMemory memory() {
        if (memory == null) {
            throw new UnsupportedOperationException("This test has no RAM");
        }
        return memory;
    }

    @Override
    public Clock clock() {
        return this;
    }

    @Override
    public Timer timer(Runnable expired) {
        TestTimer timer = new TestTimer(expired);
        timers.add(timer);
        return timer;
    }

    @Override
    public void post(Runnable action) {
        synchronized (posted) {
            posted.add(action);
        }
    }

    /** The work is done at once, what follows it at the next {@link #boundary}. */
    @Override
    public void background(Runnable work, Runnable done) {
        work.run();
        post(done);
    }

    @Override
    public InterruptLine interrupt() {
        return level -> {
            interruptRises += level && !interrupt ? 1 : 0;
            interrupt = level;
        };
    }

    @Override
    public InterruptLine hartLine(int hart, long bit) {
        return level -> hartLines.put(hart + ":" + bit, level);
    }

    @Override
    public void interruptController(InterruptController controller) {
        inputs = controller;
    }

    @Override
    public int harts() {
        return harts;
    }

    @Override
    public Console console() {
        return this;
    }

    @Override
    public Disk disk() {
        if (disk == null) {
            throw new IllegalArgumentException("This test has no disk");
        }
        return disk;
    }

    @Override
    public Network network(Consumer<byte[]> received) {
        if (network == null) {
            throw new IllegalArgumentException("This test has no network");
        }
        toGuest = received;
        return network;
    }

    @Override
    public Power power() {
        return this;
    }

    @Override
    public long mtime() {
        return mtime;
    }

    @Override
    public void mtime(long value) {
        mtime = value;
    }

    @Override
    public void transmit(byte value) {
        transmitted.write(value);
    }

    @Override
    public int receive() {
        Integer value = input.poll();
        return value == null ? -1 : value;
    }

    @Override
    public void onInput(Runnable action) {
        inputArrived = action;
    }

    @Override
    public void off(int code) {
        powerRequests.add("off " + code);
    }

    @Override
    public void reset() {
        powerRequests.add("reset");
    }

    @Override
    public void pause(String reason) {
        paused = true;
        powerRequests.add("pause " + reason);
    }
}
