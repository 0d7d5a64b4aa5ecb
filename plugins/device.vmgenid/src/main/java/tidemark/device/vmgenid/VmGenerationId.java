package tidemark.device.vmgenid;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.UUID;
import tidemark.api.device.Device;
import tidemark.api.device.DeviceContext;
import tidemark.api.device.Identity;
import tidemark.api.device.InterruptLine;
import tidemark.api.memory.BusFault;
import tidemark.api.state.State;
import tidemark.api.state.StateException;

/**
 * VM generation ID (Microsoft, "Virtual Machine Generation ID", 2012; binding {@code microsoft,vmgenid} of Linux): 128 bits that change when
 * a machine is restored as another one, and an interrupt that says so. The interrupt is raised until the guest has read the last byte. After
 * power-on the ID is the same in every run, so that runs repeat.
 */
final class VmGenerationId implements Device, Identity {
    static final int LENGTH = 16;
    private static final int VERSION = 1;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final DeviceContext context;
    private final InterruptLine interrupt;
    private byte[] generation;
    private boolean unread;

    VmGenerationId(DeviceContext context) {
        this.context = context;
        interrupt = context.interrupt();
        powerOn();
    }

    private void powerOn() {
        UUID id = UUID.nameUUIDFromBytes(context.name().getBytes(StandardCharsets.UTF_8));
        generation = ByteBuffer.allocate(LENGTH).putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits()).array();
        unread = false;
    }

    @Override
    public synchronized long load(long offset, int size) throws BusFault {
        if (offset > LENGTH - size) {
            throw new BusFault(offset);
        }
        if (offset + size == LENGTH) {
            unread = false;
            drive();
        }
        byte[] bytes = Arrays.copyOf(Arrays.copyOfRange(generation, (int) offset, (int) offset + size), Long.BYTES);
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
    }

    /** Read-only. */
    @Override
    public void store(long offset, int size, long value) throws BusFault {
        throw new BusFault(offset);
    }

    @Override
    public synchronized void renew() {
        RANDOM.nextBytes(generation);
        unread = true;
        drive();
    }

    private void drive() {
        interrupt.set(unread);
    }

    @Override
    public synchronized void reset() {
        powerOn();
        drive();
    }

    @Override
    public synchronized State save() {
        return new State(context.name(), VERSION).put("generation", generation.clone()).put("unread", unread);
    }

    @Override
    public synchronized void load(State state) throws StateException {
        state.expect(context.name(), VERSION);
        byte[] bytes = state.getBytes("generation");
        if (bytes.length != LENGTH) {
            throw new StateException("State '" + context.name() + "': an ID of " + bytes.length + " bytes; it has " + LENGTH);
        }
        unread = state.getBoolean("unread");
        generation = bytes.clone();
        drive();
    }

    @Override
    public synchronized void close() {
        interrupt.set(false);
    }
}
