package tidemark.checkpoint;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import tidemark.api.checkpoint.CheckpointException;
import tidemark.api.checkpoint.CheckpointProtocol;
import tidemark.api.checkpoint.CheckpointRequest;
import tidemark.api.checkpoint.CopyStrategy;
import tidemark.api.checkpoint.ImageLayout;
import tidemark.api.checkpoint.StopCondition;
import tidemark.api.machine.Machine;
import tidemark.api.machine.MachineException;
import tidemark.api.machine.Parts;
import tidemark.api.memory.DirtyTracker;

/** The machine and the parts of one checkpoint, in use until closed, and their settings. */
final class Parties implements AutoCloseable {
    private final CheckpointRequest request;
    private final Machine machine;
    private final Parts parts;
    private final Consumer<String> gone;
    private final List<Parts.Use<?>> uses = new ArrayList<>();
    private final CheckpointProtocol protocol;
    private final DirtyTracker tracker;
    private final CopyStrategy copier;
    private final ImageLayout layout;
    private final StopCondition stop;

    /** @param gone called before one of the parts goes away */
    Parties(CheckpointRequest request, Machine machine, Parts parts, Consumer<String> gone) throws CheckpointException {
        this.request = request;
        this.machine = machine;
        this.parts = parts;
        this.gone = gone;
        try {
            protocol = use(CheckpointProtocol.class, "protocol", request.protocol());
            tracker = use(DirtyTracker.class, "tracker", request.tracker());
            copier = use(CopyStrategy.class, "copier", request.copier());
            layout = use(ImageLayout.class, "layout", request.layout());
            stop = use(StopCondition.class, "stop", request.stop());
            Settings.check(request.options(), List.of(Settings.platform(request.options()), protocolSettings(), copierSettings(),
                    stopSettings()), option -> OptionOwners.of(parts, option));
        } catch (CheckpointException | RuntimeException e) {
            close();
            throw e;
        }
    }

    private <T> T use(Class<T> type, String kind, String name) throws CheckpointException {
        try {
            Parts.Use<T> use = parts.use(type, kind, name, () -> gone.accept(kind + " '" + name + "'"));
            uses.add(use);
            return use.part();
        } catch (MachineException e) {
            throw new CheckpointException(e.getMessage(), e);
        }
    }

    CheckpointRequest request() {
        return request;
    }

    Machine machine() {
        return machine;
    }

    CheckpointProtocol protocol() {
        return protocol;
    }

    DirtyTracker tracker() {
        return tracker;
    }

    CopyStrategy copier() {
        return copier;
    }

    ImageLayout layout() {
        return layout;
    }

    StopCondition stop() {
        return stop;
    }

    Settings protocolSettings() {
        return new Settings("protocol " + request.protocol(), protocol.options(), request.options());
    }

    Settings copierSettings() {
        return new Settings("copier " + request.copier(), copier.options(), request.options());
    }

    Settings stopSettings() {
        return new Settings("stop condition " + request.stop(), stop.options(), request.options());
    }

    @Override
    public void close() {
        uses.forEach(Parts.Use::close);
        uses.clear();
    }
}
