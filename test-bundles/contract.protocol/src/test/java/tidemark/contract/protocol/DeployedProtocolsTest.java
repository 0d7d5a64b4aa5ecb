package tidemark.contract.protocol;

import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import tidemark.api.checkpoint.Checkpoints;
import tidemark.api.device.DevicePart;
import tidemark.api.machine.Machines;
import tidemark.checkpoint.CheckpointService;
import tidemark.machine.MachineRegistry;
import tidemark.testkit.PlainParts;

/** The protocols of the platform, on a platform without a framework. */
class DeployedProtocolsTest extends ProtocolContract {
    private final PlainParts parts = new PlainParts();
    private final Platform platform = platform(parts);

    @Override
    protected Platform platform() {
        return platform;
    }

    @Override
    protected Stream<String> protocols() {
        return parts.names("protocol").stream();
    }

    @Override
    protected Stream<Combination> combinations() {
        return Combination.all(parts);
    }

    PlainParts parts() {
        return parts;
    }

    private static Platform platform(PlainParts parts) {
        parts.with("cpu", "interpreter", new tidemark.cpu.interpreter.InterpreterPart())
                .with("memory", "flat", new tidemark.memory.flat.FlatMemoryPart());
        Map<String, DevicePart> devices = Map.of("uart", new tidemark.device.uart.UartPart(), "plic", new tidemark.device.plic.PlicPart(),
                "clint", new tidemark.device.clint.ClintPart(), "power", new tidemark.device.power.PowerPart());
        devices.forEach((name, part) -> parts.with("device", name, part));
        parts.with("tracker", "writefault", new tidemark.tracker.writefault.WriteFaultTracker())
                .with("tracker", "card", new tidemark.tracker.card.CardTracker())
                .with("tracker", "log", new tidemark.tracker.log.LogTracker(1 << 16))
                .with("tracker", "hash", new tidemark.tracker.hash.HashTracker());
        parts.with("copier", "single", new tidemark.copier.single.SingleCopier())
                .with("copier", "pool", new tidemark.copier.pool.PoolCopier())
                .with("copier", "paced", new tidemark.copier.paced.PacedCopier());
        parts.with("stop", "downtime", new tidemark.stop.downtime.DowntimeStop());
        parts.with("layout", "stream", new tidemark.store.file.StreamLayout())
                .with("layout", "mapped", new tidemark.store.file.MappedLayout());
        parts.with("protocol", "stop", new tidemark.protocol.stop.StopAndCopy())
                .with("protocol", "live", new tidemark.protocol.live.LiveSlices())
                .with("protocol", "thread", new tidemark.protocol.thread.ThreadBased())
                .with("protocol", "one-save", new tidemark.protocol.onesave.OneSave())
                .with("protocol", "thread-hash", new tidemark.protocol.threadhash.ThreadHash())
                .with("protocol", "incremental", new tidemark.protocol.incremental.Incremental())
                .with("protocol", "cow", new tidemark.protocol.cow.CopyBeforeWrite());
        tidemark.guest.npb.NpbGuests guests = new tidemark.guest.npb.NpbGuests();
        parts.with("guest", "ab", guests).with("guest", "storm", guests);
        MachineRegistry machines = new MachineRegistry(parts);
        return new PlainPlatform(machines, parts, new CheckpointService(machines, parts));
    }

    private record PlainPlatform(Machines machines, PlainParts parts, Checkpoints checkpoints) implements Platform {
        @Override
        public <T> Deployment deploy(Class<T> type, String property, String name, T part) {
            String kind = property.replaceFirst("^tidemark\\.", "");
            parts.with(kind, name, part);
            return () -> parts.without(kind, name);
        }

        @Override
        public String classPath(Path folder) {
            return System.getProperty("java.class.path");
        }
    }
}
