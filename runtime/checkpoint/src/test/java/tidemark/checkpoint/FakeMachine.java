package tidemark.checkpoint;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import tidemark.api.cpu.Hart;
import tidemark.api.device.Clock;
import tidemark.api.machine.ConsoleLog;
import tidemark.api.machine.DiskInfo;
import tidemark.api.machine.DiskLayer;
import tidemark.api.machine.FrozenDisks;
import tidemark.api.machine.Handshake;
import tidemark.api.machine.Hold;
import tidemark.api.machine.Machine;
import tidemark.api.machine.MachineException;
import tidemark.api.machine.MachineSpec;
import tidemark.api.machine.Stop;
import tidemark.api.memory.HostMemory;
import tidemark.api.memory.PhysicalMemory;
import tidemark.api.state.State;
import tidemark.api.state.StateException;
import tidemark.testkit.TestMemory;

/** A machine whose guest increments one byte in each page, round and round, through a write TLB that only {@link #flushWrites} empties. */
final class FakeMachine implements Machine, AutoCloseable {
    private static final int STORES_BETWEEN_BOUNDARIES = 20;

    private final MachineSpec spec;
    private final TestMemory memory;
    private final long[] writeTlb;
    private final Semaphore boundary = new Semaphore(1, true);
    private final AtomicLong instructions = new AtomicLong();
    private final Hart hart = new Hart(0);
    private volatile Power power;
    private volatile int holds;
    private volatile boolean closed;
    private int nextPage;

    FakeMachine(MachineSpec spec, Power power) {
        this.spec = spec;
        this.power = power;
        memory = new TestMemory(spec.ramBytes());
        writeTlb = new long[(int) memory.pages()];
        Thread.ofPlatform().daemon().name("hart").start(this::run);
    }

    static MachineSpec spec(String name) {
        return MachineSpec.of(Map.of("name", name, "ram", "2"));
    }

    private void run() {
        while (!closed) {
            boundary.acquireUninterruptibly();
            try {
                for (int i = 0; i < STORES_BETWEEN_BOUNDARIES && power == Power.RUNNING; i++) {
                    step();
                }
            } finally {
                boundary.release();
            }
            Thread.yield();
        }
    }

    private void step() {
        int page = nextPage;
        nextPage = (page + 1) % writeTlb.length;
        if (writeTlb[page] == 0) {
            writeTlb[page] = memory.writable(memory.base() + (long) page * PhysicalMemory.PAGE_SIZE);
        }
        HostMemory.putByte(writeTlb[page], (byte) (HostMemory.getByte(writeTlb[page]) + 1));
        hart.pc = nextPage;
        hart.instret = instructions.incrementAndGet();
    }

    @Override
    public String name() {
        return spec.name();
    }

    @Override
    public MachineSpec spec() {
        return spec;
    }

    @Override
    public Status status() {
        return new Status(power, "", 0);
    }

    @Override
    public void start() {
        power = Power.RUNNING;
    }

    @Override
    public void pause() {
        power = Power.PAUSED;
        awaitBoundary();
    }

    @Override
    public void resume() {
        power = Power.RUNNING;
    }

    @Override
    public void powerOff() {
        power = Power.OFF;
        awaitBoundary();
    }

    /** Returns when the step that may be under way is over. */
    private void awaitBoundary() {
        if (holds == 0) {
            boundary.acquireUninterruptibly();
            boundary.release();
        }
    }

    @Override
    public void reset() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void runTo(long count) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean await(Power state, Duration timeout) throws InterruptedException {
        long end = System.nanoTime() + timeout.toNanos();
        while (power != state && System.nanoTime() < end) {
            Thread.sleep(1);
        }
        return power == state;
    }

    @Override
    public long instructions() {
        return instructions.get();
    }

    @Override
    public List<Hart> harts() {
        return List.of(hart);
    }

    @Override
    public PhysicalMemory memory() {
        return memory;
    }

    @Override
    public Clock clock() {
        throw new UnsupportedOperationException();
    }

    @Override
    public ConsoleLog console() {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<String> consoles() {
        return List.of();
    }

    @Override
    public ConsoleLog console(String device) {
        return console();
    }

    @Override
    public List<DiskInfo> disks() {
        return List.of();
    }

    @Override
    public FrozenDisks freezeDisks() {
        return List::of;
    }

    @Override
    public void loadDisks(List<DiskLayer> layers) {
        if (!layers.isEmpty()) {
            throw new MachineException("Machine " + name() + " has no disks");
        }
    }

    @Override
    public List<UsedPart> parts() {
        return List.of();
    }

    @Override
    public Duration stood() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Stop use(String part, String name) {
        throw new UnsupportedOperationException();
    }

    @Override
    public <T> Handshake<T> handshake(Callable<T> action) throws Exception {
        try (Hold hold = hold("handshake")) {
            T result = action.call();
            return new Handshake<>(result, hold.release());
        }
    }

    @Override
    public Hold hold(String reason) {
        long requested = System.nanoTime();
        boundary.acquireUninterruptibly();
        holds++;
        long stopped = System.nanoTime();
        return new Hold() {
            private Stop stop;

            @Override
            public synchronized Stop release() {
                if (stop == null) {
                    stop = new Stop(requested, stopped, stopped, System.nanoTime());
                    holds--;
                    boundary.release();
                }
                return stop;
            }
        };
    }

    /** How many holds are not released. */
    int holds() {
        return holds;
    }

    @Override
    public void flushWrites() {
        java.util.Arrays.fill(writeTlb, 0);
    }

    @Override
    public List<State> saveState() {
        return List.of(hart.save());
    }

    @Override
    public void renewIdentity() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void loadState(List<State> states) throws StateException {
        for (State state : states) {
            hart.load(state);
        }
        nextPage = (int) hart.pc;
        instructions.set(hart.instret);
        flushWrites();
    }

    @Override
    public void close() {
        closed = true;
        boundary.acquireUninterruptibly();
        memory.close();
    }
}
