package tidemark.virtio;

import static tidemark.virtio.Register.*;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import tidemark.api.device.Device;
import tidemark.api.device.DeviceContext;
import tidemark.api.device.InterruptLine;
import tidemark.api.memory.BusFault;
import tidemark.api.state.State;
import tidemark.api.state.StateException;

/**
 * A virtio device on a memory-mapped bus (4.2). Registers are accessed by 32 bits, the configuration space by 8, 16 or 32; what the specification forbids a driver
 * to access faults.
 */
public final class VirtioMmio implements Device, Transport {
    /** Option {@code legacy=on}: for drivers of before virtio 1.0, as QEMU's default {@code force-legacy=true}. */
    private static final String LEGACY = "legacy";
    private static final int STATE_VERSION = 2;
    private static final Logger LOG = LoggerFactory.getLogger(VirtioMmio.class);

    private final DeviceContext context;
    private final InterruptLine interrupt;
    private final VirtioDevice device;
    private final Virtqueue[] queues;
    private final Works works = new Works();
    private final boolean legacy;
    private Legacy legacyQueues = new Legacy();
    private Negotiation negotiation;
    private int queueSel;
    private int interruptStatus;
    private int configGeneration;
    /** A guest must not be able to fill the log. */
    private boolean warned;

    /** @param type makes the device behind this transport */
    public VirtioMmio(DeviceContext context, Function<Transport, VirtioDevice> type) {
        this.context = context;
        interrupt = context.interrupt();
        device = type.apply(this);
        legacy = isLegacy(context);
        negotiation = new Negotiation(device.features(), legacy);
        queues = Arrays.stream(device.queueSizes()).mapToObj(size -> new Virtqueue(size, context.memory(), this::negotiated)).toArray(Virtqueue[]::new);
    }

    private static boolean isLegacy(DeviceContext context) {
        String value = context.options().getOrDefault(LEGACY, "off");
        if (!value.equals("on") && !value.equals("off")) {
            throw new IllegalArgumentException("Device " + context.name() + ": " + LEGACY + "=" + value + "; give on or off");
        }
        return value.equals("on");
    }

    // Registers

    @Override
    public synchronized long load(long offset, int size) throws BusFault {
        if (offset >= CONFIG) {
            return loadConfig(offset, size);
        }
        checkSize(offset, size);
        return switch ((int) offset) {
            case MAGIC_VALUE -> MAGIC;
            case VERSION -> legacy ? VIRTIO_MMIO_1 : VIRTIO_MMIO_2;
            case DEVICE_ID -> device.id();
            case VENDOR_ID -> VENDOR;
            case DEVICE_FEATURES -> negotiation.offered();
            case QUEUE_NUM_MAX -> selected().map(Virtqueue::maxSize).orElse(0);
            case QUEUE_PFN -> legacyOnly(offset, pageNumber());
            case QUEUE_READY -> selected().filter(Virtqueue::ready).isPresent() ? 1 : 0;
            case INTERRUPT_STATUS -> interruptStatus;
            case STATUS -> negotiation.status();
            case SHM_LEN_LOW, SHM_LEN_HIGH, SHM_BASE_LOW, SHM_BASE_HIGH -> NO_SHARED_MEMORY;
            case CONFIG_GENERATION -> Integer.toUnsignedLong(configGeneration);
            default -> throw new BusFault(offset);
        };
    }

    private long pageNumber() {
        return selected().filter(Virtqueue::ready).map(Virtqueue::layout).map(legacyQueues::pageNumber).orElse(0L);
    }

    private long legacyOnly(long offset, long value) throws BusFault {
        if (!legacy) {
            throw new BusFault(offset);
        }
        return value;
    }

    private long loadConfig(long offset, int size) throws BusFault {
        byte[] config = device.config();
        if (size > Integer.BYTES || offset - CONFIG > config.length - size) {
            throw new BusFault(offset);
        }
        long value = 0;
        for (int i = size - 1; i >= 0; i--) {
            value = value << Byte.SIZE | config[(int) offset - CONFIG + i] & 0xFF;
        }
        return value;
    }

    @Override
    public synchronized void store(long offset, int size, long value) throws BusFault {
        checkSize(offset, size);
        switch ((int) offset) {
            case DEVICE_FEATURES_SEL -> negotiation.selectOffered((int) value);
            case DRIVER_FEATURES -> negotiation.accept(value);
            case DRIVER_FEATURES_SEL -> negotiation.selectAccepted((int) value);
            case QUEUE_SEL -> queueSel = (int) value;
            case QUEUE_NUM -> place(layout -> layout.withSize((int) value));
            case GUEST_PAGE_SIZE -> legacyQueues.pageSize((int) legacyOnly(offset, value));
            case QUEUE_ALIGN -> legacyQueues.align((int) legacyOnly(offset, value));
            case QUEUE_PFN -> storePageNumber(legacyOnly(offset, value));
            case QUEUE_DESC_LOW -> place(layout -> layout.withDescriptors(withLow(layout.descriptors(), value)));
            case QUEUE_DESC_HIGH -> place(layout -> layout.withDescriptors(withHigh(layout.descriptors(), value)));
            case QUEUE_DRIVER_LOW -> place(layout -> layout.withDriver(withLow(layout.driver(), value)));
            case QUEUE_DRIVER_HIGH -> place(layout -> layout.withDriver(withHigh(layout.driver(), value)));
            case QUEUE_DEVICE_LOW -> place(layout -> layout.withDevice(withLow(layout.device(), value)));
            case QUEUE_DEVICE_HIGH -> place(layout -> layout.withDevice(withHigh(layout.device(), value)));
            case QUEUE_READY -> selected().ifPresent(queue -> storeReady(queue, (value & 1) != 0));
            case QUEUE_NOTIFY -> storeNotify((int) value);
            case INTERRUPT_ACK -> interruptStatus &= (int) ~value;
            case STATUS -> storeStatus((int) value);
            case SHM_SEL -> { }
            default -> throw new BusFault(offset);
        }
        drive();
    }

    private static void checkSize(long offset, int size) throws BusFault {
        if (size != Integer.BYTES) {
            throw new BusFault(offset);
        }
    }

    private void drive() {
        interrupt.set(interruptStatus != 0);
    }

    // Queues

    private Optional<Virtqueue> selected() {
        return queueSel >= 0 && queueSel < queues.length ? Optional.of(queues[queueSel]) : Optional.empty();
    }

    private void place(UnaryOperator<Layout> change) {
        selected().filter(queue -> !queue.ready()).ifPresent(queue -> queue.layout(change.apply(queue.layout())));
    }

    /** The driver places a queue and makes it ready in one; 0 takes it back. */
    private void storePageNumber(long value) {
        place(layout -> legacyQueues.layout(layout, value));
        selected().ifPresent(queue -> storeReady(queue, (int) value != 0));
    }

    private void storeReady(Virtqueue queue, boolean on) {
        if (on && !queue.ready()) {
            try {
                queue.start();
            } catch (MalformedQueue e) {
                needsReset(e);
            }
        } else if (!on && queue.ready()) {
            queue.stop();
            forgetWorks();
            for (Virtqueue other : queues) {
                other.takeAgain();
            }
            goOn();
        }
    }

    /** The driver may notify again and again before a long work is done: that is one notification. */
    private void storeNotify(int index) {
        if (negotiation.running() && index >= 0 && index < queues.length && !queues[index].pending()) {
            queues[index].pending(true);
            serve(index);
        }
    }

    private void serve(int index) {
        act(() -> {
            queues[index].pending(device.notified(index));
            if (queues[index].pending()) {
                context.post(() -> serve(index));
            }
        });
    }

    // Life of the driver

    private void storeStatus(int value) {
        if (value == 0) {
            resetAll();
            return;
        }
        boolean ran = negotiation.running();
        negotiation.set(value);
        if (!ran && negotiation.running()) {
            for (int i = 0; i < queues.length; i++) {
                queues[i].pending(true);
                serve(i);
            }
        }
    }

    private void resetAll() {
        negotiation = negotiation.reset();
        queueSel = 0;
        interruptStatus = 0;
        for (Virtqueue queue : queues) {
            queue.state(QueueState.RESET);
        }
        forgetWorks();
    }

    private void forgetWorks() {
        works.forget();
        device.reset();
    }

    private void needsReset(MalformedQueue why) {
        LOG.atLevel(warned ? Level.DEBUG : Level.WARN).log("Device {} rests until its driver resets it: {}", context.name(), why.getMessage());
        warned = true;
        negotiation.needsReset();
        if (negotiation.driverOk()) {
            interruptStatus |= CONFIG_CHANGE;
        }
        forgetWorks();
    }

    // Transport

    @Override
    public Virtqueue queue(int index) {
        return queues[index];
    }

    @Override
    public boolean negotiated(long feature) {
        return negotiation.has(feature);
    }

    @Override
    public void post(Action action) {
        context.post(() -> act(action));
    }

    @Override
    public void background(Runnable work, Action done) {
        int begun = works.begin();
        context.background(work, () -> ended(begun, done));
    }

    private synchronized void ended(int begun, Action done) {
        if (works.end(begun)) {
            act(done);
        } else {
            goOn();
        }
    }

    private synchronized void act(Action action) {
        if (!negotiation.running() || !works.settled()) {
            return;
        }
        try {
            action.run();
            for (Virtqueue queue : queues) {
                interruptStatus |= queue.show() ? USED_BUFFER : 0;
            }
        } catch (MalformedQueue e) {
            needsReset(e);
        }
        drive();
    }

    /** Has the device see to what was left when it had to rest. */
    private void goOn() {
        if (works.settled()) {
            for (int i = 0; i < queues.length; i++) {
                int index = i;
                if (queues[i].unfinished()) {
                    context.post(() -> serve(index));
                }
            }
        }
    }

    // Life of the machine

    @Override
    public synchronized void reset() {
        configGeneration = 0;
        legacyQueues = new Legacy();
        resetAll();
        works.clear();
        drive();
    }

    @Override
    public synchronized State save() {
        State state = new State(context.name(), device.stateVersion()).put("transport", STATE_VERSION).put("deviceId", device.id())
                .put("queueSel", queueSel).put("interruptStatus", interruptStatus).put("configGeneration", configGeneration)
                .put("config", device.config()).put(LEGACY, legacy);
        legacyQueues.save(state);
        negotiation.save(state);
        for (int i = 0; i < queues.length; i++) {
            queues[i].state().save(state, prefix(i));
        }
        device.save(state);
        return state;
    }

    @Override
    public synchronized void load(State state) throws StateException {
        state.expect(context.name(), device.stateVersion());
        if (state.getInt("transport") > STATE_VERSION || state.getInt("deviceId") != device.id()) {
            throw new StateException("State '" + state.name() + "' is of virtio device " + state.getInt("deviceId") + ", transport version "
                    + state.getInt("transport") + "; this is device " + device.id() + ", transport version up to " + STATE_VERSION);
        }
        boolean before2 = state.getInt("transport") < 2;
        if ((!before2 && state.getBoolean(LEGACY)) != legacy) {
            throw new StateException("State '" + state.name() + "' is of a device with legacy=" + (legacy ? "off" : "on")
                    + "; give this one the same option");
        }
        Legacy loadedLegacy = before2 ? new Legacy() : Legacy.read(state);
        QueueState[] loaded = new QueueState[queues.length];
        for (int i = 0; i < queues.length; i++) {
            loaded[i] = QueueState.read(state, prefix(i), queues[i].maxSize(), context.memory());
        }
        Negotiation negotiated = negotiation.load(state);
        int[] registers = {state.getInt("queueSel"), state.getInt("interruptStatus"), state.getInt("configGeneration")};
        boolean sameConfig = Arrays.equals(state.getBytes("config"), device.config());
        device.load(state);
        works.clear();
        negotiation = negotiated;
        legacyQueues = loadedLegacy;
        queueSel = registers[0];
        interruptStatus = registers[1] & (USED_BUFFER | CONFIG_CHANGE);
        configGeneration = registers[2];
        for (int i = 0; i < queues.length; i++) {
            queues[i].state(loaded[i]);
        }
        if (!sameConfig) {
            configChanged();
        }
        drive();
        goOn();
    }

    private void configChanged() {
        configGeneration++;
        interruptStatus |= negotiation.driverOk() ? CONFIG_CHANGE : 0;
    }

    private static String prefix(int queue) {
        return "queue" + queue + ".";
    }

    @Override
    public synchronized void close() {
        device.close();
        interrupt.set(false);
    }
}
