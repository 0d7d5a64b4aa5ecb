package tidemark.firmware.sbi;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.stream.IntStream;
import tidemark.api.cpu.Hart;
import tidemark.api.device.Console;
import tidemark.api.device.Power;
import tidemark.api.machine.FirmwareContext;
import tidemark.api.memory.PhysicalMemory;
import tidemark.testkit.TestMemory;

/** What firmware sees of a machine, on one thread: harts come to a boundary when the test says so. */
final class TestMachine implements FirmwareContext, Console, Power, AutoCloseable {
    static final long RAM = 0x8000_0000L;
    static final int RAM_SIZE = 1 << 20;

    private final List<Hart> harts;
    private final TestMemory memory = new TestMemory(RAM_SIZE);
    private final List<Queue<Runnable>> posted = new ArrayList<>();
    /** {@code CALLER > HART}. */
    final List<String> fences = new ArrayList<>();
    final List<Fence> forgotten = new ArrayList<>();
    final List<Integer> timerChanges = new ArrayList<>();
    final List<String> powerRequests = new ArrayList<>();
    private final ByteArrayOutputStream transmitted = new ByteArrayOutputStream();
    private final ArrayDeque<Integer> input = new ArrayDeque<>();

    TestMachine(int count) {
        harts = IntStream.range(0, count).mapToObj(Hart::new).toList();
        harts.forEach(hart -> posted.add(new ArrayDeque<>()));
    }

    /** A hart comes to an instruction boundary. */
    void boundary(int hart) {
        for (Runnable action = posted.get(hart).poll(); action != null; action = posted.get(hart).poll()) {
            action.run();
        }
    }

    void boundaries() {
        harts.forEach(hart -> boundary(hart.id));
    }

    /** What was written to the console, one char a byte. */
    String transmitted() {
        return transmitted.toString(StandardCharsets.ISO_8859_1);
    }

    void type(String text) {
        for (byte value : text.getBytes(StandardCharsets.ISO_8859_1)) {
            input.add(value & 0xFF);
        }
    }

    TestMemory ram() {
        return memory;
    }

    // FirmwareContext

    @Override
    public String name() {
        return "firmware";
    }

    @Override
    public List<Hart> harts() {
        return harts;
    }

    @Override
    public PhysicalMemory memory() {
        return memory;
    }

    @Override
    public Console console() {
        return this;
    }

    @Override
    public Power power() {
        return this;
    }

    @Override
    public void post(int hart, Runnable action) {
        posted.get(hart).add(action);
    }

    @Override
    public void fence(Hart caller, int hart, Fence fence) {
        fences.add(caller.id + " > " + hart);
        forgotten.add(fence);
    }

    @Override
    public void timerChanged(Hart hart) {
        timerChanges.add(hart.id);
    }

    // Console, Power

    @Override
    public void transmit(byte value) {
        transmitted.write(value);
    }

    @Override
    public int receive() {
        return input.isEmpty() ? -1 : input.poll();
    }

    @Override
    public void onInput(Runnable inputArrived) {
        throw new UnsupportedOperationException();
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
        powerRequests.add("pause " + reason);
    }

    @Override
    public void close() {
        memory.close();
    }
}
