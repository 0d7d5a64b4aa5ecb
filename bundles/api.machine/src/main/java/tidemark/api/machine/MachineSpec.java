package tidemark.api.machine;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a machine is made of. As properties (of a {@code .config} file with factory PID {@code tidemark.machine}, of an image's manifest): the keys of
 * {@link #KEYS}, each optional but {@code name}.
 *
 * @param ramMiB guest RAM in MiB, 1 to 16384
 * @param devices empty for none; {@link #DEFAULT_DEVICES} unless told otherwise
 * @param guest name of a deployed guest, or empty
 * @param kernel path of a RISC-V ELF file or Linux {@code Image} to load, or empty; not together with {@code guest}
 * @param initrd path of an initial RAM disk for the kernel, or empty
 * @param firmware name of a deployed firmware part; or path (with a '/') of an ELF or binary file that is entered in M-mode first; or empty: then the kernel or
 *     guest is entered in M-mode
 * @param arguments the command line, in the device tree's {@code /chosen/bootargs}
 */
public record MachineSpec(String name, String cpu, String memory, int ramMiB, int harts, ClockMode clock, List<DeviceSpec> devices,
        String guest, String kernel, String initrd, String firmware, String arguments) {
    /** Physical address of the first byte of RAM, as on QEMU's {@code virt} board. */
    public static final long RAM_BASE = 0x8000_0000L;
    public static final int MAX_RAM_MIB = 16384;
    public static final int MAX_DEVICES = 64;
    public static final int MAX_HARTS = 32;
    public static final String DEFAULT_DEVICES = "clint0=clint; plic0=plic; uart0=uart; power0=power";
    /** The property keys. {@code ram} is in MiB; {@code devices} is a list separated by semicolons. */
    public static final List<String> KEYS = List.of("name", "cpu", "memory", "ram", "harts", "clock", "devices", "guest", "kernel", "initrd", "firmware", "arguments");

    public MachineSpec {
        devices = List.copyOf(devices);
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")) {
            throw new MachineException("Machine name '" + name + "': use letters, digits, '_', '.' and '-', at most 64");
        }
        if (ramMiB < 1 || ramMiB > MAX_RAM_MIB) {
            throw new MachineException("ram=" + ramMiB + " of machine " + name + ": give 1 to " + MAX_RAM_MIB + " MiB");
        }
        if (harts < 1 || harts > MAX_HARTS) {
            throw new MachineException("harts=" + harts + " of machine " + name + ": give 1 to " + MAX_HARTS);
        }
        if (devices.size() > MAX_DEVICES) {
            throw new MachineException("Machine " + name + " has " + devices.size() + " devices: give " + MAX_DEVICES + " at most");
        }
        if (clock == ClockMode.INSTRUCTIONS && harts > 1) {
            throw new MachineException("Machine " + name + ": clock=instructions needs harts=1, a run of several harts is not repeatable");
        }
        if (!guest.isEmpty() && !kernel.isEmpty()) {
            throw new MachineException("Machine " + name + ": give guest=" + guest + " or kernel=" + kernel + ", not both");
        }
        if (devices.stream().map(DeviceSpec::name).distinct().count() != devices.size()) {
            throw new MachineException("Machine " + name + ": two devices have the same name in " + devices);
        }
    }

    /**
     * @param properties keys other than {@link #KEYS} are refused, but those with a dot (of OSGi) ignored
     * @throws MachineException which names the key, the value and what is allowed
     */
    public static MachineSpec of(Map<String, ?> properties) {
        Map<String, String> p = new TreeMap<>();
        properties.forEach((key, value) -> {
            if (!key.contains(".") && !key.startsWith(":")) {
                p.put(key, value.toString().strip());
            }
        });
        TreeSet<String> unknown = new TreeSet<>(p.keySet());
        unknown.removeAll(KEYS);
        if (!unknown.isEmpty()) {
            throw new MachineException("Unknown setting " + unknown + " of a machine; there are " + KEYS);
        }
        return new MachineSpec(p.getOrDefault("name", ""), p.getOrDefault("cpu", "auto"), p.getOrDefault("memory", "flat"),
                number(p, "ram", 256), number(p, "harts", 1), clock(p.getOrDefault("clock", "host")), devices(p.getOrDefault("devices", DEFAULT_DEVICES)),
                p.getOrDefault("guest", ""), p.getOrDefault("kernel", ""), p.getOrDefault("initrd", ""), p.getOrDefault("firmware", ""), p.getOrDefault("arguments", ""));
    }

    /** The inverse of {@link #of}. */
    public Map<String, String> toProperties() {
        Map<String, String> p = new TreeMap<>();
        p.put("name", name);
        p.put("cpu", cpu);
        p.put("memory", memory);
        p.put("ram", Integer.toString(ramMiB));
        p.put("harts", Integer.toString(harts));
        p.put("clock", clock.name().toLowerCase(java.util.Locale.ROOT));
        p.put("devices", String.join("; ", devices.stream().map(DeviceSpec::toString).toList()));
        p.put("guest", guest);
        p.put("kernel", kernel);
        p.put("initrd", initrd);
        p.put("firmware", firmware);
        p.put("arguments", arguments);
        return p;
    }

    public MachineSpec withName(String newName) {
        return new MachineSpec(newName, cpu, memory, ramMiB, harts, clock, devices, guest, kernel, initrd, firmware, arguments);
    }

    public MachineSpec withDevices(List<DeviceSpec> others) {
        return new MachineSpec(name, cpu, memory, ramMiB, harts, clock, others, guest, kernel, initrd, firmware, arguments);
    }

    /** Whether {@code firmware} is a file. */
    public boolean hasFirmwareFile() {
        return firmware.contains("/");
    }

    public MachineSpec withFiles(String newKernel, String newInitrd, String newFirmware) {
        return new MachineSpec(name, cpu, memory, ramMiB, harts, clock, devices, guest, newKernel, newInitrd, newFirmware, arguments);
    }

    public long ramBytes() {
        return (long) ramMiB << 20;
    }

    /** What a checkpoint and the machine that it is restored into must have in common, in words: RAM, harts, devices and where they are. */
    public String shape() {
        return ramMiB + " MiB RAM, " + harts + (harts == 1 ? " hart" : " harts") + ", devices " + String.join("; ", devices.stream().map(DeviceSpec::toString).toList());
    }

    private static int number(Map<String, String> p, String key, int absent) {
        String text = p.get(key);
        if (text == null || text.isEmpty()) {
            return absent;
        }
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new MachineException(key + "=" + text + " is no whole number", e);
        }
    }

    private static ClockMode clock(String text) {
        return Arrays.stream(ClockMode.values()).filter(mode -> mode.name().equalsIgnoreCase(text)).findFirst()
                .orElseThrow(() -> new MachineException("clock=" + text + ": give host or instructions"));
    }

    private static List<DeviceSpec> devices(String text) {
        return Arrays.stream(text.split(";")).filter(d -> !d.isBlank()).map(DeviceSpec::parse).toList();
    }
}
