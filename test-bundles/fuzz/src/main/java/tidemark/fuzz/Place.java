package tidemark.fuzz;

import java.util.ArrayDeque;
import java.util.Map;
import java.util.function.Consumer;
import tidemark.api.device.Clock;
import tidemark.api.device.Console;
import tidemark.api.device.Device;
import tidemark.api.device.DeviceContext;
import tidemark.api.device.DevicePart;
import tidemark.api.device.Disk;
import tidemark.api.device.InterruptController;
import tidemark.api.device.InterruptLine;
import tidemark.api.device.Network;
import tidemark.api.device.Power;
import tidemark.api.device.Timer;
import tidemark.api.memory.PhysicalMemory;
import tidemark.api.state.State;
import tidemark.api.state.StateException;

/** The place of a device on the board. What it posted is forgotten when it is reset, loaded or exchanged. */
final class Place implements DeviceContext, Console, Network {
    private static final int MAX_INPUT = 4096;
    private static final int DISK = 256 << 10;

    private final Board board;
    private final DevicePart part;
    private final String name;
    private final Map<String, String> options;
    private final int source;
    private final PhysicalMemory memory;
    private final WatchedDisk disk;
    private final ArrayDeque<Byte> input = new ArrayDeque<>();
    private Runnable inputArrived = () -> { };
    private Consumer<byte[]> receiver = frame -> { };
    private final State asMade;
    private int era;
    private Device device;
    private long sent;

    Place(Board board, String name, DevicePart part, Map<String, String> options, boolean writableDisk) {
        this.board = board;
        this.name = name;
        this.part = part;
        this.options = options;
        source = board.places().size() + 1;
        memory = new WatchedRam(board.ram());
        disk = new WatchedDisk(DISK, writableDisk);
        device = part.create(this);
        asMade = device.save();
    }

    DevicePart part() {
        return part;
    }

    Device device() {
        return device;
    }

    WatchedDisk content() {
        return disk;
    }

    /** How many bytes, frames or wishes the guest has sent to the host. */
    long sent() {
        return sent;
    }

    void reset() {
        era++;
        device.reset();
    }

    void load(State state) throws StateException {
        State before = device.save();
        era++;
        try {
            device.load(state);
        } catch (StateException e) {
            era--;
            if (!device.save().equals(before)) {
                throw new AssertionError(name + " refuses a state and is changed: " + device.save().differences(before), e);
            }
            throw e;
        }
    }

    /** Another device of the kind takes over. */
    void exchange(State state) throws StateException {
        era++;
        device.close();
        device = part.create(this);
        device.load(state);
    }

    /** What the state was when nothing had happened yet. */
    State asMade() {
        return asMade;
    }

    /** The host sends no more and its disk works. */
    void calm() {
        input.clear();
        disk.failing(false);
    }

    void send(byte[] bytes) {
        for (byte value : bytes) {
            if (input.size() < MAX_INPUT) {
                input.add(value);
            }
        }
        inputArrived.run();
    }

    void receiveFrame(byte[] frame) {
        receiver.accept(frame);
    }

    private Runnable ofThisEra(Runnable action) {
        int asked = era;
        return () -> {
            if (era == asked) {
                action.run();
            }
        };
    }

    // DeviceContext

    @Override
    public String name() {
        return name;
    }

    @Override
    public Map<String, String> options() {
        return options;
    }

    @Override
    public PhysicalMemory memory() {
        return memory;
    }

    @Override
    public Clock clock() {
        return board;
    }

    @Override
    public Timer timer(Runnable expired) {
        return board.alarm(expired);
    }

    @Override
    public void post(Runnable action) {
        board.post(ofThisEra(action));
    }

    @Override
    public void background(Runnable work, Runnable done) {
        Runnable then = ofThisEra(done);
        board.work(() -> {
            work.run();
            board.post(then);
        });
    }

    @Override
    public InterruptLine interrupt() {
        return level -> board.interrupt(source, level);
    }

    @Override
    public InterruptLine hartLine(int hart, long bit) {
        return level -> { };
    }

    @Override
    public void interruptController(InterruptController inputs) {
        board.connect(inputs);
    }

    @Override
    public int harts() {
        return Board.HARTS;
    }

    @Override
    public Console console() {
        return this;
    }

    @Override
    public Disk disk() {
        return disk;
    }

    @Override
    public Network network(Consumer<byte[]> received) {
        receiver = received;
        return this;
    }

    @Override
    public Power power() {
        return new Power() {
            @Override
            public void off(int code) {
                sent++;
            }

            @Override
            public void reset() {
                sent++;
            }

            @Override
            public void pause(String reason) {
                sent++;
            }
        };
    }

    // The host's ends

    @Override
    public void transmit(byte value) {
        sent++;
    }

    @Override
    public int receive() {
        return input.isEmpty() ? -1 : input.remove() & 0xFF;
    }

    @Override
    public void onInput(Runnable action) {
        inputArrived = action;
    }

    @Override
    public void transmit(byte[] frame) {
        if (frame.length > 1 << 16) {
            throw new AssertionError("A frame of " + frame.length + " bytes");
        }
        sent++;
    }

    @Override
    public void close() {
        receiver = frame -> { };
    }
}
