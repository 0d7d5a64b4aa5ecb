package tidemark.machine;

import java.util.Map;
import java.util.TreeMap;
import tidemark.api.machine.Machine;
import tidemark.api.machine.MachineSpec;
import tidemark.device.clint.ClintPart;
import tidemark.device.plic.PlicPart;
import tidemark.device.power.PowerPart;
import tidemark.device.uart.UartPart;
import tidemark.memory.flat.FlatMemoryPart;

/** A platform of the real devices and a scripted CPU, with one machine after another on it. */
final class Rig implements AutoCloseable {
    static final long UART = 0x1000_0000L;
    static final long CLINT = 0x0200_0000L;
    static final long PLIC = 0x0C00_0000L;
    static final long POWER = 0x0010_0000L;

    final TestParts parts = new TestParts();
    final ScriptedCpu cpu;
    final MachineRegistry machines = new MachineRegistry(parts);
    private int made;

    Rig(ScriptedCpu.Program program) {
        cpu = new ScriptedCpu(program);
        parts.add("cpu", "interpreter", cpu).add("memory", "flat", new FlatMemoryPart()).add("device", "uart", new UartPart())
                .add("device", "plic", new PlicPart()).add("device", "clint", new ClintPart()).add("device", "power", new PowerPart())
                .add("guest", "nop", new TestGuest());
    }

    static MachineSpec spec(String name, String... settings) {
        Map<String, String> properties = new TreeMap<>(Map.of("name", name, "ram", "4", "cpu", "interpreter"));
        for (String setting : settings) {
            properties.put(setting.substring(0, setting.indexOf('=')), setting.substring(setting.indexOf('=') + 1));
        }
        return MachineSpec.of(properties);
    }

    /** A machine that runs as soon as it is resumed. */
    Machine paused(String... settings) {
        return machines.createEmpty(spec("m" + made++, settings), java.util.List.of());
    }

    Machine running(String... settings) {
        Machine machine = paused(settings);
        machine.start();
        return machine;
    }

    /** A machine that is off, with a guest in its RAM. */
    Machine off(String... settings) {
        String[] all = java.util.Arrays.copyOf(settings, settings.length + 1);
        all[settings.length] = "guest=nop";
        return machines.create(spec("m" + made++, all));
    }

    @Override
    public void close() {
        machines.deactivate();
    }
}
