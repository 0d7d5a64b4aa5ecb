package tidemark.machine;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.api.cpu.ExecutionEngine;
import tidemark.api.cpu.Hart;
import tidemark.api.machine.ClockMode;
import tidemark.api.machine.ConsoleLog;
import tidemark.api.machine.DiskInfo;
import tidemark.api.machine.DiskLayer;
import tidemark.api.machine.FrozenDisks;
import tidemark.api.machine.Handshake;
import tidemark.api.machine.Hold;
import tidemark.api.machine.Machine;
import tidemark.api.machine.MachineException;
import tidemark.api.machine.MachineSpec;
import tidemark.api.machine.Nearest;
import tidemark.api.machine.Parts;
import tidemark.api.machine.Stop;
import tidemark.api.machine.Stop;
import tidemark.api.memory.PhysicalMemory;
import tidemark.api.state.State;
import tidemark.api.state.StateException;

/** A machine: its harts, clock, gate and console, over the replaceable parts of a {@link Board}. */
final class VirtualMachine implements Machine {
    private static final Logger LOG = LoggerFactory.getLogger(VirtualMachine.class);
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    /** Keys of the reasons to be frozen that are not a part's. */
    private static final String FAILURE = "failure";
    private static final String STATE = "state";

    private volatile MachineSpec spec;
    private final List<Hart> harts;
    private final List<HartThread> threads;
    private final MachineClock clock;
    private final Timers timers;
    private final Gate gate;
    private final DeviceWork deviceWork;
    private final Board board;
    private final List<ConsoleBuffer> consoles;
    private final GuestLoader loader;
    private final SavedStates savedStates = new SavedStates(this);
    /** Hart 0 pauses the machine when it has retired this many instructions. */
    private volatile long limit = Long.MAX_VALUE;

    /**
     * Takes parts into use; off, nothing loaded, threads started.
     *
     * @param layers what disks begin with; empty for what their specifications name
     * @throws MachineException if a part is unknown or refuses; nothing is left in use then
     */
    VirtualMachine(MachineSpec spec, Parts parts, Optional<List<DiskLayer>> layers) {
        this.spec = spec;
        harts = IntStream.range(0, spec.harts()).mapToObj(Hart::new).toList();
        clock = MachineClock.of(spec.clock(), harts.getFirst());
        timers = new Timers(clock, () -> hartThread(0).call());
        gate = new Gate(spec.name(), clock, () -> harts.forEach(Hart::requestAttention));
        threads = harts.stream().map(hart -> new HartThread(this, hart)).toList();
        threads.forEach(gate::add);
        clock.onSet(this::timeSet);
        deviceWork = new DeviceWork(this);
        board = new Board(this, parts, layers);
        loader = new GuestLoader(spec, parts);
        board.build();
        consoles = board.consoles().isEmpty() ? List.of(new ConsoleBuffer(spec.name(), () -> {})) : board.consoles();
        threads.forEach(Thread::start);
    }

    // Life

    /** Loads the guest, for the first time or anew, and brings everything into its state after power-on. While no hart runs. */
    void powerUp() {
        quietDevices();
        GuestLoader.Entry entry = loader.load(memory(), board::deviceTree);
        for (Hart hart : harts) {
            hart.instret = 0;
            hart.reset(entry.pc());
            hart.x[10] = hart.id;
            hart.x[11] = entry.deviceTree();
            hart.x[12] = entry.dynamicInfo();
        }
        board.firmware().boot(entry);
        clock.set(0);
        limit = Long.MAX_VALUE;
        board.reset();
        forgetAll();
    }

    /** A request to a disk that is under way must not end after one of the guest that is loaded now. */
    private void quietDevices() {
        try {
            awaitQuietDevices();
        } catch (IOException e) {
            throw new MachineException(e.getMessage(), e);
        }
    }

    /** Loads the guest so that what is wrong with it is said before the machine is started. */
    void load() {
        standing(this::powerUp);
    }

    /** What was derived from the harts' state is to be derived anew. While no hart runs. */
    void hartsChanged() {
        threads.forEach(HartThread::timerChanged);
        board.engines().each(ExecutionEngine::flushAll);
    }

    private void forgetAll() {
        threads.forEach(HartThread::forgetPosted);
        hartsChanged();
        gate.thaw(FAILURE);
        gate.thaw(STATE);
    }

    @Override
    public void start() {
        if (status().power() == Power.OFF) {
            standing(() -> powerOn(Long.MAX_VALUE));
            board.swap().fillMissing();
        } else {
            gate.resume();
        }
    }

    private void powerOn(long instructions) {
        if (status().power() == Power.OFF) {
            powerUp();
            limit = instructions;
            switchOn(false);
            LOG.info("Machine {} is on: {}", name(), spec.shape());
        }
    }

    /** On without loading anything: {@code RAM} and state come from elsewhere. */
    void switchOn(boolean paused) {
        powered(true);
        gate.powerOn(paused);
    }

    private void powered(boolean on) {
        consoles.forEach(console -> console.powered(on));
    }

    @Override
    public void pause() {
        gate.pause();
        board.settleDisks();
    }

    @Override
    public void resume() {
        gate.resume();
    }

    @Override
    public void powerOff() {
        if (status().power() != Power.OFF) {
            gate.powerOff("powered off from outside");
            powered(false);
            LOG.info("Machine {} was powered off", name());
            board.settleDisks();
        }
    }

    @Override
    public void reset() {
        standing(() -> {
            gate.refuseHeld("reset");
            powerUp();
        });
        board.swap().fillMissing();
        LOG.info("Machine {} was reset", name());
    }

    @Override
    public void runTo(long instructions) {
        if (spec.clock() != ClockMode.INSTRUCTIONS) {
            throw new MachineException("Machine " + name() + " follows the host's clock; to run to an exact instruction create it with clock=instructions");
        }
        standing(() -> {
            if (status().power() == Power.OFF) {
                powerOn(instructions);
                return;
            }
            long now = harts.getFirst().instret;
            if (instructions < now) {
                throw new MachineException("Machine " + name() + " is at instruction " + now + " already, it cannot run to " + instructions + "; reset it first");
            }
            limit = instructions;
            gate.resume();
        });
    }

    long instructionsLeft() {
        return limit - harts.getFirst().instret;
    }

    /** On hart 0's thread, at the boundary where {@link #instructionsLeft} is 0. */
    void reachedLimit() {
        limit = Long.MAX_VALUE;
        gate.pauseHere("");
        trySettlingDisks();
    }

    /** Powers off and gives everything back. */
    void destroy() {
        gate.close();
        powered(false);
        Patience patience = new Patience();
        List<HartThread> left = threads.stream().filter(thread -> !patience.joined(thread)).toList();
        if (left.isEmpty()) {
            giveBack();
        } else {
            LOG.error("Destroyed later: {}", patience.said(name(), left));
            Thread.ofPlatform().daemon().name(name() + "-end").start(() -> giveBackAfter(left));
        }
    }

    /** A thread that does not end may still use RAM and devices. */
    private void giveBackAfter(List<HartThread> left) {
        try {
            for (HartThread thread : left) {
                thread.join();
            }
            giveBack();
        } catch (InterruptedException e) {
            LOG.error("Machine {} is not given back", name(), e);
        }
    }

    private void giveBack() {
        board.disks().forEach(LayeredDisk::giveUp);
        deviceWork.close();
        board.close();
        LOG.info("Machine {} was destroyed", name());
    }

    /** An engine or a device threw what it must not: the guest stands, the platform goes on. */
    void failed(String thread, Throwable cause) {
        LOG.error("Machine {} is frozen: {} failed", name(), thread, cause);
        String what = cause instanceof MachineException ? cause.getMessage() : cause.toString();
        gate.freeze(FAILURE, thread + " failed: " + what + "; reset the machine or load a state, after vm:use of another part if that is at fault");
    }

    private void standing(Runnable action) {
        try {
            gate.handshake(() -> {
                action.run();
                return null;
            });
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("A Runnable threw " + e, e);
        }
    }

    // State

    @Override
    public List<State> saveState() {
        gate.requireStanding("saving its state");
        return savedStates.save();
    }

    @Override
    public void loadState(List<State> states) throws StateException {
        gate.requireStanding("loading a state");
        Map<String, State> byName = savedStates.check(states);
        try {
            savedStates.load(byName);
        } catch (StateException | RuntimeException e) {
            gate.freeze(STATE, "a state was taken over in part only (" + e.getMessage() + "); load another one or reset the machine");
            throw e;
        }
        forgetAll();
    }

    @Override
    public void renewIdentity() {
        gate.requireStanding("renewing the identity");
        board.devices().forEach(DeviceSlot::renewIdentity);
    }

    @Override
    public void flushWrites() {
        gate.requireStanding("flushing writes");
        board.engines().each(ExecutionEngine::flushWrites);
    }

    // Disks

    @Override
    public List<DiskInfo> disks() {
        return board.disks().stream().map(disk -> new DiskInfo(disk.device(), disk, disk.files())).toList();
    }

    @Override
    public FrozenDisks freezeDisks() throws IOException {
        gate.requireStanding("freezing its disks");
        List<LayeredDisk.Frozen> frozen = new ArrayList<>();
        for (LayeredDisk disk : board.disks()) {
            frozen.add(disk.freeze());
        }
        return () -> {
            List<DiskLayer> layers = new ArrayList<>();
            for (LayeredDisk.Frozen each : frozen) {
                layers.add(each.force());
            }
            return layers;
        };
    }

    @Override
    public void loadDisks(List<DiskLayer> layers) throws IOException {
        gate.requireStanding("loading its disks");
        List<LayeredDisk> disks = board.disks();
        List<String> expected = disks.stream().map(LayeredDisk::device).toList();
        if (!expected.equals(layers.stream().map(DiskLayer::device).toList())) {
            throw new MachineException("The state is of disks " + layers.stream().map(DiskLayer::device).toList() + ", machine " + name() + " has " + expected
                    + "; take a machine of the same shape");
        }
        awaitQuietDevices();
        List<LayeredDisk> loaded = new ArrayList<>();
        try {
            for (int i = 0; i < layers.size(); i++) {
                loaded.add(disks.get(i).from(layers.get(i)));
            }
        } catch (IOException | RuntimeException e) {
            for (LayeredDisk each : loaded) {
                each.close();
            }
            throw e;
        }
        for (int i = 0; i < layers.size(); i++) {
            disks.get(i).become(loaded.get(i));
        }
    }

    private void awaitQuietDevices() throws IOException {
        try {
            if (!deviceWork.awaitQuiet()) {
                throw new IOException("Requests to disks of machine " + name() + " do not end; see the log, or destroy the machine");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted while requests to disks of machine " + name() + " were under way", e);
        }
    }

    @Override
    public <T> Handshake<T> handshake(Callable<T> action) throws Exception {
        return gate.handshake(action);
    }

    @Override
    public Hold hold(String reason) {
        return gate.hold(reason);
    }

    // Requests of the guest

    tidemark.api.device.Power power() {
        return new tidemark.api.device.Power() {
            @Override
            public void off(int code) {
                gate.powerOffHere(code);
                trySettlingDisks();
                powered(false);
                LOG.info("Machine {} was powered off by its guest with code {}", name(), code);
            }

            @Override
            public void reset() {
                gate.post(VirtualMachine.this::resetByGuest);
            }

            @Override
            public void pause(String reason) {
                if (gate.pauseHere(reason)) {
                    LOG.error("Machine {} is paused: {}", name(), reason);
                    trySettlingDisks();
                }
            }
        };
    }

    /** On a thread of the machine's own: nobody could be told otherwise. */
    private void trySettlingDisks() {
        try {
            board.settleDisks();
        } catch (MachineException e) {
            LOG.error("{}", e.getMessage());
        }
    }

    private void resetByGuest() {
        try {
            powerUp();
            LOG.info("Machine {} was reset by its guest", name());
        } catch (MachineException e) {
            LOG.error("Machine {} is off: its guest asked for a reset, but cannot be loaded again", name(), e);
            gate.powerOffHere(1);
            powered(false);
        } catch (RuntimeException | Error e) {
            failed("the reset that its guest asked for", e);
        }
    }

    private void timeSet() {
        threads.forEach(HartThread::timerChanged);
        hartThread(0).call();
    }

    // What it is made of

    @Override
    public String name() {
        return spec.name();
    }

    @Override
    public MachineSpec spec() {
        return spec;
    }

    @Override
    public List<UsedPart> parts() {
        return board.swap().describe(board.slots());
    }

    @Override
    public Duration stood() {
        return gate.stood();
    }

    @Override
    public Stop use(String part, String name) {
        Stop stop = board.swap().exchange(board.slot(part), name);
        spec = board.spec();
        return stop;
    }

    @Override
    public Status status() {
        return gate.status();
    }

    @Override
    public boolean await(Power power, Duration timeout) throws InterruptedException {
        return gate.await(power, TimeUnit.NANOSECONDS.convert(timeout));
    }

    @Override
    public long instructions() {
        return harts.stream().mapToLong(hart -> hart.instret).sum();
    }

    @Override
    public long translatedInstructions() {
        return board.engines().translated();
    }

    /** A thread that has ended has -1. */
    @Override
    public Duration hartTime() {
        return Duration.ofNanos(threads.stream().mapToLong(t -> Math.max(0, THREADS.getThreadCpuTime(t.threadId()))).sum());
    }

    @Override
    public List<Hart> harts() {
        return harts;
    }

    @Override
    public PhysicalMemory memory() {
        return board.memory();
    }

    @Override
    public MachineClock clock() {
        return clock;
    }

    @Override
    public ConsoleBuffer console() {
        return consoles.getFirst();
    }

    @Override
    public List<String> consoles() {
        return board.devices().stream().filter(slot -> slot.ownConsole().isPresent()).map(DeviceSlot::name).toList();
    }

    @Override
    public ConsoleLog console(String device) {
        return board.devices().stream().filter(slot -> slot.name().equals(device)).findFirst().flatMap(DeviceSlot::ownConsole)
                .orElseThrow(() -> new MachineException("Machine " + name() + " has no console '" + device + "'; "
                        + Nearest.hint(device, consoles())));
    }

    DeviceWork deviceWork() {
        return deviceWork;
    }

    Gate gate() {
        return gate;
    }

    Timers timers() {
        return timers;
    }

    Board board() {
        return board;
    }

    List<HartThread> hartThreads() {
        return threads;
    }

    HartThread hartThread(int hart) {
        return threads.get(hart);
    }

    @Override
    public String toString() {
        return name() + " " + status().power();
    }
}
