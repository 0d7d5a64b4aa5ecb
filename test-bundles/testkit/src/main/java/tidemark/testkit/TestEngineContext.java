package tidemark.testkit;

import tidemark.api.cpu.EngineContext;
import tidemark.api.cpu.Hart;
import tidemark.api.memory.Bus;

/** One hart with RAM at 0x80000000, where its pc is, and a bus. The clock stands unless a test moves it. */
public final class TestEngineContext implements EngineContext, AutoCloseable {
    public static final long RAM_BASE = 0x8000_0000L;

    private final Hart hart = new Hart(0);
    private final TestMemory memory;
    private final Bus bus;
    private long time;
    private int timerChanges;

    public TestEngineContext(long ramSize) {
        this(ramSize, new TestBus());
    }

    public TestEngineContext(long ramSize, Bus bus) {
        memory = new TestMemory(RAM_BASE, ramSize);
        this.bus = bus;
        hart.pc = RAM_BASE;
    }

    /** Puts code at the start of RAM, where the hart is. */
    public TestEngineContext load(byte[] code) {
        memory.put(RAM_BASE, code);
        return this;
    }

    @Override
    public Hart hart() {
        return hart;
    }

    @Override
    public TestMemory memory() {
        return memory;
    }

    @Override
    public Bus bus() {
        return bus;
    }

    @Override
    public long time() {
        return time;
    }

    public void time(long ticks) {
        time = ticks;
    }

    @Override
    public boolean environmentCall() {
        return false;
    }

    @Override
    public void timerChanged() {
        timerChanges++;
    }

    /** How often {@link #timerChanged} was called. */
    public int timerChanges() {
        return timerChanges;
    }

    @Override
    public void close() {
        memory.close();
    }
}
