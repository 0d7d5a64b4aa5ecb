package tidemark.faulty;

import tidemark.api.device.Device;
import tidemark.api.device.DeviceContext;
import tidemark.api.device.DeviceNode;
import tidemark.api.device.DevicePart;
import tidemark.api.state.State;
import tidemark.api.state.StateException;

/** Where a UART would be, a device that takes over any UART's state and does nothing; its kinds do one thing wrong. */
abstract class FaultyUart implements DevicePart {
    @Override
    public long windowSize() {
        return 0x100;
    }

    @Override
    public long defaultAddress() {
        return 0x1000_0000L;
    }

    @Override
    public int defaultInterrupt() {
        return 10;
    }

    @Override
    public DeviceNode node() {
        return new DeviceNode("serial", "ns16550a");
    }

    @Override
    public Device create(DeviceContext context) {
        return new Silent(context);
    }

    /** Keeps the state that it was given. */
    static class Silent implements Device {
        private State state;

        Silent(DeviceContext context) {
            state = new State(context.name(), 1);
            context.console();
        }

        @Override
        public long load(long offset, int size) {
            return 0x60;
        }

        @Override
        public void store(long offset, int size, long value) {}

        @Override
        public void reset() {}

        @Override
        public State save() {
            return state;
        }

        @Override
        public void load(State given) throws StateException {
            state = given;
        }

        @Override
        public void close() {}
    }
}
