package tidemark.contract.run;

import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtendWith;
import tidemark.api.checkpoint.CheckpointRequest;
import tidemark.api.checkpoint.CopyStrategy;
import tidemark.api.cpu.CpuPart;
import tidemark.api.device.DevicePart;
import tidemark.api.machine.MachineSpec;
import tidemark.api.memory.DirtyTracker;
import tidemark.api.memory.MemoryPart;
import tidemark.contract.DeviceContract;
import tidemark.contract.DirtyTrackerContract;
import tidemark.contract.ExecutionContract;
import tidemark.contract.PrivilegeContract;
import tidemark.contract.SeveralHartsContract;
import tidemark.contract.StoredCodeContract;
import tidemark.contract.protocol.CheckpointContract;
import tidemark.contract.protocol.Combination;
import tidemark.contract.protocol.CopierContract;
import tidemark.contract.protocol.Platform;
import tidemark.contract.protocol.ProtocolContract;

/** The suites, on the part that is judged. */
final class Judged {
    private Judged() {}

    @ExtendWith(Limit.class)
    static final class Protocol extends ProtocolContract {
        private final Subject subject = Subject.current();

        @Override
        protected Platform platform() {
            return subject.platform();
        }

        @Override
        protected Stream<String> protocols() {
            return Stream.of(subject.name());
        }

        @Override
        protected Stream<Combination> combinations() {
            return around(subject);
        }
    }

    @ExtendWith(Limit.class)
    static final class Checkpoints extends CheckpointContract {
        private final Subject subject = Subject.current();

        @Override
        protected Platform platform() {
            return subject.platform();
        }

        @Override
        protected Stream<Combination> combinations() {
            return around(subject);
        }
    }

    /** Every machine has some devices anyway. */
    private static Stream<Combination> around(Subject subject) {
        boolean present = subject.kind() == Kind.DEVICE && MachineSpec.DEFAULT_DEVICES.matches(".*=" + subject.name() + "\\b.*");
        return present ? subject.platform().parts().names("protocol").stream().map(Combination::of)
                : Combination.around(subject.platform().parts(), subject.kind().toString(), subject.name());
    }

    @ExtendWith(Limit.class)
    static final class Tracker extends DirtyTrackerContract {
        private final Subject subject = Subject.current();

        @Override
        protected DirtyTracker tracker() {
            return (DirtyTracker) subject.part();
        }

        @Override
        protected MemoryPart memoryPart() {
            return subject.other(MemoryPart.class, "memory", "flat");
        }

        /** Any log may add pages that were not written. */
        @Override
        protected boolean exact() {
            return false;
        }
    }

    @ExtendWith(Limit.class)
    static final class Copier extends CopierContract {
        private final Subject subject = Subject.current();

        @Override
        protected CopyStrategy strategy() {
            return (CopyStrategy) subject.part();
        }
    }

    @ExtendWith(Limit.class)
    static final class Memory extends DirtyTrackerContract {
        private final Subject subject = Subject.current();

        @Override
        protected DirtyTracker tracker() {
            return subject.other(DirtyTracker.class, "tracker", CheckpointRequest.DEFAULT_TRACKER);
        }

        @Override
        protected MemoryPart memoryPart() {
            return (MemoryPart) subject.part();
        }
    }

    @ExtendWith(Limit.class)
    static final class Execution extends ExecutionContract {
        private final Subject subject = Subject.current();

        @Override
        protected CpuPart part() {
            return (CpuPart) subject.part();
        }
    }

    @ExtendWith(Limit.class)
    static final class SelfModifying extends StoredCodeContract {
        private final Subject subject = Subject.current();

        @Override
        protected CpuPart part() {
            return (CpuPart) subject.part();
        }
    }

    @ExtendWith(Limit.class)
    static final class Privilege extends PrivilegeContract {
        private final Subject subject = Subject.current();

        @Override
        protected CpuPart part() {
            return (CpuPart) subject.part();
        }
    }

    @ExtendWith(Limit.class)
    static final class SeveralHarts extends SeveralHartsContract {
        private final Subject subject = Subject.current();

        @Override
        protected CpuPart part() {
            return (CpuPart) subject.part();
        }
    }

    @ExtendWith(Limit.class)
    static final class Device extends DeviceContract {
        private final Subject subject = Subject.current();

        @Override
        protected DevicePart part() {
            return (DevicePart) subject.part();
        }

        @Override
        protected String options() {
            return subject.options();
        }
    }
}
