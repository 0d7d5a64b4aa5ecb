package tidemark.contract.run;

import tidemark.api.device.Device;
import tidemark.api.device.DeviceContext;
import tidemark.api.device.DeviceNode;
import tidemark.api.device.DevicePart;
import tidemark.api.memory.BusFault;
import tidemark.api.state.State;
import tidemark.api.state.StateException;

/** A register and a divider; what is wrong: the register is not saved, nothing may be divided by 0, any state is taken, a reset keeps the register. */
final class WrongDevice implements DevicePart {
    @Override
    public long windowSize() {
        return 16;
    }

    @Override
    public long defaultAddress() {
        return 0x1100_0000L;
    }

    @Override
    public int defaultInterrupt() {
        return 0;
    }

    @Override
    public DeviceNode node() {
        return new DeviceNode("divider", "wrong");
    }

    @Override
    public Device create(DeviceContext context) {
        return new Device() {
            private long register = 1;

            @Override
            public long load(long offset, int size) throws BusFault {
                if (size != Integer.BYTES) {
                    throw new BusFault(offset);
                }
                return offset == 0 ? register : 1000 / register;
            }

            @Override
            public void store(long offset, int size, long value) throws BusFault {
                if (size != Integer.BYTES || offset != 0) {
                    throw new BusFault(offset);
                }
                register = value & 0xFF;
            }

            @Override
            public void reset() {}

            @Override
            public State save() {
                return new State(context.name(), 1);
            }

            @Override
            public void load(State state) throws StateException {}

            @Override
            public void close() {}
        };
    }
}
