package tidemark.litmus;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tidemark.api.machine.GuestPart;
import tidemark.api.machine.Machine;
import tidemark.api.machine.MachineSpec;
import tidemark.api.memory.BusFault;
import tidemark.device.clint.ClintPart;
import tidemark.device.plic.PlicPart;
import tidemark.device.power.PowerPart;
import tidemark.device.uart.UartPart;
import tidemark.firmware.sbi.SbiPart;
import tidemark.machine.MachineRegistry;
import tidemark.memory.flat.FlatMemoryPart;
import tidemark.testkit.Elf;
import tidemark.testkit.PlainParts;

/** A platform of the real parts, and machines on it whose guest is a piece of code in S-mode. */
final class Rig implements AutoCloseable {
    private final PlainParts parts = new PlainParts().with("memory", "flat", new FlatMemoryPart()).with("device", "uart", new UartPart())
            .with("device", "plic", new PlicPart()).with("device", "clint", new ClintPart()).with("device", "power", new PowerPart())
            .with("firmware", "sbi", new SbiPart());
    private final MachineRegistry machines = new MachineRegistry(parts);
    private int made;

    Rig() {
        Engines.ALL.forEach((name, part) -> parts.with("cpu", name, part));
    }

    /** A machine that is off. @param code for the begin of RAM */
    Machine machine(String engine, int harts, byte[] code) {
        String name = "m" + made++;
        parts.with("guest", name, (GuestPart) asked -> Optional.of(new Code(name, Elf.executable(MachineSpec.RAM_BASE, code))));
        return machines.create(MachineSpec.of(new TreeMap<>(Map.of("name", name, "guest", name, "firmware", "sbi", "cpu", engine, "harts", harts, "ram", 8))));
    }

    void destroy(Machine machine) {
        machines.destroy(machine.name());
    }

    static byte[] read(Machine machine, long address, int length) {
        byte[] bytes = new byte[length];
        try {
            machine.memory().read(address, bytes, 0, length);
        } catch (BusFault e) {
            throw new IllegalArgumentException(e);
        }
        return bytes;
    }

    /** 64 bits of RAM, also while the machine runs. */
    static long word(Machine machine, long address) {
        return ByteBuffer.wrap(read(machine, address, Long.BYTES)).order(ByteOrder.LITTLE_ENDIAN).getLong();
    }

    private record Code(String name, byte[] kernel) implements GuestPart.Guest {
        @Override
        public String description() {
            return "for tests";
        }

        @Override
        public int minimumRamMiB() {
            return 8;
        }

        @Override
        public Map<String, String> settings() {
            return Map.of();
        }

        @Override
        public byte[] initrd() {
            return new byte[0];
        }

        @Override
        public Optional<String> verification(String console) {
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        machines.list().forEach(this::destroy);
    }
}
