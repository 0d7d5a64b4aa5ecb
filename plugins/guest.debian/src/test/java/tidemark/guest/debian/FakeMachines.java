package tidemark.guest.debian;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import tidemark.api.machine.ConsoleLog;
import tidemark.api.machine.Machine;
import tidemark.api.machine.MachineSpec;
import tidemark.api.machine.Machines;

/** A platform whose one machine prints what it is told to, and powers off; or runs until it is interrupted. */
public final class FakeMachines {
    /** What the machine prints. */
    Function<MachineSpec, String> guest = spec -> "tidemark.run: SUCCESSFUL\n";
    boolean hangs;
    final CountDownLatch running = new CountDownLatch(1);
    /** Those that were created and not destroyed. */
    int there;
    /** Of the last one. */
    MachineSpec spec;

    Machines machines() {
        return Answers.of(Machines.class, this);
    }

    public MachineSpec specify(Map<String, ?> properties) {
        return MachineSpec.of(properties);
    }

    public Machine create(MachineSpec created) {
        spec = created;
        there++;
        return Answers.of(Machine.class, new FakeMachine());
    }

    public void destroy(String name) {
        there--;
    }

    /** The file of one of its disks. */
    Path file(String device) {
        return Path.of(spec.devices().stream().filter(d -> d.name().equals(device)).findFirst().orElseThrow().options().get("file"));
    }

    /** The machine. */
    public final class FakeMachine {
        private String printed = "";

        public String name() {
            return spec.name();
        }

        public void start() throws IOException {
            printed = guest.apply(spec);
        }

        public boolean await(Machine.Power power, Duration timeout) throws InterruptedException {
            running.countDown();
            if (hangs) {
                Thread.sleep(timeout.toMillis());
            }
            return !hangs;
        }

        public ConsoleLog console() {
            return Answers.of(ConsoleLog.class, this);
        }

        public String text() {
            return printed;
        }
    }
}
