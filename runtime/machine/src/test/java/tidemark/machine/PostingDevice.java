package tidemark.machine;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import tidemark.api.device.Device;
import tidemark.api.device.DeviceContext;
import tidemark.api.state.State;
import tidemark.api.state.StateException;

/** A device that notes what the machine lets it do, and on which thread. */
class PostingDevice implements Device {
    final DeviceContext context;
    final List<String> done = Collections.synchronizedList(new ArrayList<>());

    PostingDevice(DeviceContext context) {
        this.context = context;
    }

    void note(String what) {
        done.add(what + " on " + Thread.currentThread().getName());
    }

    @Override
    public long load(long offset, int size) {
        return 0;
    }

    @Override
    public void store(long offset, int size, long value) {
        context.background(() -> note("work"), () -> note("done"));
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
}
