package tidemark.device.power;

import tidemark.api.device.Device;
import tidemark.api.device.DeviceContext;
import tidemark.api.memory.BusFault;
import tidemark.api.state.State;
import tidemark.api.state.StateException;

/** SiFive test finisher ({@code sifive,test1}): one write-only register at offset 0, of 16 or 32 bits. It reads as zero: drivers read before they modify. */
final class TestFinisher implements Device {
    static final int FINISHER_FAIL = 0x3333;
    static final int FINISHER_PASS = 0x5555;
    static final int FINISHER_RESET = 0x7777;
    private static final int VERSION = 1;

    private final DeviceContext context;

    TestFinisher(DeviceContext context) {
        this.context = context;
    }

    @Override
    public long load(long offset, int size) throws BusFault {
        check(offset, size);
        return 0;
    }

    /** The low half is the command, the high half the code of a failure. Other commands do nothing. */
    @Override
    public void store(long offset, int size, long value) throws BusFault {
        check(offset, size);
        int code = size == Integer.BYTES ? (int) value >>> 16 : 0;
        switch ((int) value & 0xFFFF) {
            case FINISHER_PASS -> context.power().off(0);
            case FINISHER_FAIL -> context.power().off(code == 0 ? 1 : code);
            case FINISHER_RESET -> context.power().reset();
            default -> { }
        }
    }

    private static void check(long offset, int size) throws BusFault {
        if (offset != 0 || (size != Short.BYTES && size != Integer.BYTES)) {
            throw new BusFault(offset);
        }
    }

    @Override
    public void reset() {
        // It keeps nothing.
    }

    @Override
    public State save() {
        return new State(context.name(), VERSION);
    }

    @Override
    public void load(State state) throws StateException {
        state.expect(context.name(), VERSION);
    }

    @Override
    public void close() {
        // It keeps nothing.
    }
}
