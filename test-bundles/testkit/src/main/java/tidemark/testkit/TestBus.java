package tidemark.testkit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tidemark.api.memory.Bus;
import tidemark.api.memory.BusFault;

/** Registers that keep what is stored to them; a fault everywhere else. Records every access that succeeds. */
public final class TestBus implements Bus {
    /** @param value what was loaded or stored, {@code size} bytes zero-extended */
    public record Access(boolean store, long physical, int size, long value) {}

    private final Map<Long, Long> registers = new HashMap<>();
    private final List<Access> accesses = new ArrayList<>();

    /** Makes a register answer at {@code physical}, to accesses of any size at just that address. */
    public TestBus register(long physical, long value) {
        registers.put(physical, value);
        return this;
    }

    /** The value of a register. */
    public long value(long physical) {
        return registers.get(physical);
    }

    /** So far, in order. */
    public List<Access> accesses() {
        return accesses;
    }

    @Override
    public long load(long physical, int size) throws BusFault {
        Long register = registers.get(physical);
        if (register == null) {
            throw new BusFault(physical);
        }
        long value = register & mask(size);
        accesses.add(new Access(false, physical, size, value));
        return value;
    }

    @Override
    public void store(long physical, int size, long value) throws BusFault {
        if (!registers.containsKey(physical)) {
            throw new BusFault(physical);
        }
        registers.put(physical, value & mask(size));
        accesses.add(new Access(true, physical, size, value & mask(size)));
    }

    private static long mask(int size) {
        return -1L >>> 64 - 8 * size;
    }
}
