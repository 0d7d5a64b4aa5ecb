package tidemark.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tidemark.api.device.DevicePart;
import tidemark.api.state.State;
import tidemark.api.state.StateException;

/** What every {@link DevicePart} promises, however little its driver knows of it. Extend it in a test class and say which part. */
public abstract class DeviceContract {
    private static final int STEPS = 3000;
    private static final int STATES = 100;

    private final List<DriverlessDevice> made = new ArrayList<>();

    protected abstract DevicePart part();

    /** Settings of the device, as in a machine's specification: {@code ,time=stopped}. */
    protected String options() {
        return "";
    }

    @AfterEach
    final void closeAll() {
        made.forEach(DriverlessDevice::close);
    }

    private DriverlessDevice device() {
        DriverlessDevice device = new DriverlessDevice(part(), options());
        made.add(device);
        return device;
    }

    private DriverlessDevice worn(long seed) {
        DriverlessDevice device = device();
        device.access(new Random(seed), STEPS);
        return device;
    }

    @Test
    void itsWindowAndItsNodeCanBeInAMachine() {
        assertTrue(part().windowSize() > 0, "windowSize is " + part().windowSize() + ", must be positive");
        assertTrue(part().defaultAddress() >= 0, "defaultAddress is " + part().defaultAddress() + ", must not be negative");
        assertTrue(part().node().name().matches("[A-Za-z][A-Za-z0-9,._+-]{0,30}"), "node name '" + part().node().name() + "'");
    }

    @Test
    @WhenBroken("load and store answer or throw BusFault, for any offset, size and value: an exception of Java's would stop the machine")
    void anyAccessIsAnsweredOrRefusedByABusFault() {
        for (int seed = 0; seed < 10; seed++) {
            DriverlessDevice device = worn(seed);
            device.hostSends(new Random(seed));
            device.access(new Random(-seed), STEPS);
        }
    }

    @Test
    @WhenBroken("Addresses come from the guest: reach RAM by context.memory().read and write only, which check them")
    void nothingOutsideOfRamIsTouched() {
        assertTrue(worn(1).ramIsWhole(), "bytes beside RAM were written");
    }

    @Test
    @WhenBroken("Does save put every register that load takes, and load take all that save puts?")
    void aDeviceThatLoadsAStateSavesTheSame() throws StateException {
        for (int seed = 0; seed < 10; seed++) {
            State saved = worn(seed).save();
            DriverlessDevice other = device();
            other.load(saved);
            assertEquals(List.of(), saved.differences(other.save()), "fields that differ after a load, of " + saved);
        }
    }

    @Test
    @WhenBroken("A register, a timer or the interrupt line is not in the state, or load does not drive them; a device that follows the host's time"
            + " cannot keep this: judge it with the option that makes it repeat")
    void aRestoredDeviceAnswersAsTheOriginalDoes() throws StateException {
        for (int seed = 0; seed < 10; seed++) {
            DriverlessDevice original = worn(seed);
            DriverlessDevice restored = original.restored(part(), options());
            made.add(restored);
            assertEquals(original.interrupt(), restored.interrupt(), "level of the interrupt line after the load");
            List<String> expected = original.access(new Random(~seed), STEPS);
            List<String> found = restored.access(new Random(~seed), STEPS);
            for (int step = 0; step < STEPS; step++) {
                assertEquals(expected.get(step), found.get(step), "access " + (step + 1) + " after the load");
            }
            assertEquals(List.of(), original.save().differences(restored.save()), "fields that differ then");
        }
    }

    @Test
    @WhenBroken("reset sets every field as the constructor does")
    void aResetDeviceIsAsNew() {
        State earlier = device().save();
        DriverlessDevice device = worn(1);
        device.reset();
        DriverlessDevice fresh = device();
        List<String> differing = new ArrayList<>(fresh.save().differences(device.save()));
        differing.removeAll(earlier.differences(fresh.save())); // the host's time
        assertEquals(List.of(), differing, "fields that differ");
        assertEquals(fresh.interrupt(), device.interrupt(), "level of the interrupt line");
    }

    @Test
    @WhenBroken("load begins with state.expect(context.name(), VERSION)")
    void aStateOfANewerVersionOrOfAnotherPartIsRefusedAndTheDeviceIsAsBefore() {
        DriverlessDevice device = worn(1);
        State before = device.save();
        State newer = States.with(before, before.name(), before.version() + 1, "", 0);
        State foreign = States.with(before, "other", before.version(), "", 0);
        assertThrows(StateException.class, () -> device.load(newer), "a state of version " + newer.version());
        assertThrows(StateException.class, () -> device.load(foreign), "a state of part '" + foreign.name() + "'");
        assertEquals(List.of(), before.differences(device.save()), "fields that changed");
    }

    @Test
    @WhenBroken("Read the whole state into local variables first, refuse what cannot be with a StateException, and only then change the device")
    void aDamagedStateIsRefusedAndTheDeviceIsAsBeforeOrItWorksOn() {
        Random random = new Random(1);
        State good = worn(1).save();
        for (String field : good.describe().keySet()) {
            loadDamaged(States.without(good, field));
            for (int i = 0; i < STATES; i++) {
                loadDamaged(States.with(good, good.name(), good.version(), field, random.nextLong() >> random.nextInt(Long.SIZE)));
            }
        }
    }

    private void loadDamaged(State damaged) {
        DriverlessDevice device = worn(2, 100);
        State before = device.save();
        try {
            device.load(damaged);
        } catch (StateException e) {
            assertEquals(List.of(), before.differences(device.save()), "fields that changed though the state was refused: " + e.getMessage());
        } catch (RuntimeException e) {
            throw new AssertionError("load threw " + e + " for " + damaged, e);
        }
        device.access(new Random(3), 100);
    }

    private DriverlessDevice worn(long seed, int steps) {
        closeAll();
        made.clear();
        DriverlessDevice device = device();
        device.access(new Random(seed), steps);
        return device;
    }
}
