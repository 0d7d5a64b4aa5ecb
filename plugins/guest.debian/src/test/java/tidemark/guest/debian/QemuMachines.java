package tidemark.guest.debian;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import tidemark.api.machine.ConsoleLog;
import tidemark.api.machine.DeviceSpec;
import tidemark.api.machine.Machine;
import tidemark.api.machine.MachineSpec;
import tidemark.api.machine.Machines;

/** A platform whose machines are QEMU's: as much of it as the making of a root disk needs. */
public final class QemuMachines {
    private final Path folder;
    private Process qemu;

    private QemuMachines(Path folder) {
        this.folder = folder;
    }

    static Machines in(Path folder) {
        return Answers.of(Machines.class, new QemuMachines(folder));
    }

    public MachineSpec specify(Map<String, ?> properties) {
        return MachineSpec.of(properties);
    }

    public Machine create(MachineSpec spec) {
        return Answers.of(Machine.class, new QemuMachine(spec));
    }

    public void destroy(String name) throws InterruptedException {
        qemu.destroyForcibly().waitFor();
    }

    private Path output() {
        return folder.resolve("qemu.txt");
    }

    public final class QemuMachine {
        private final MachineSpec spec;

        QemuMachine(MachineSpec spec) {
            this.spec = spec;
        }

        public String name() {
            return spec.name();
        }

        public void start() throws IOException {
            List<String> command = new ArrayList<>(List.of("qemu-system-riscv64", "-M", "virt", "-m", Integer.toString(spec.ramMiB()), "-nographic",
                    "-kernel", spec.kernel(), "-initrd", spec.initrd(), "-append", spec.arguments()));
            for (DeviceSpec disk : spec.devices().stream().filter(device -> device.kind().equals("virtio.block")).toList()) {
                command.addAll(List.of("-drive", "file=" + disk.options().get("file") + ",format=raw,if=none,cache=unsafe,id=" + disk.name()
                        + (disk.options().containsKey("access") ? ",readonly=on" : ""), "-device", "virtio-blk-device,drive=" + disk.name()));
            }
            qemu = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output().toFile()).start();
        }

        public boolean await(Machine.Power power, Duration timeout) throws InterruptedException {
            return qemu.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS);
        }

        public ConsoleLog console() {
            return Answers.of(ConsoleLog.class, this);
        }

        public String text() {
            try {
                return Files.readString(output(), StandardCharsets.ISO_8859_1).replace("\r", "");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
