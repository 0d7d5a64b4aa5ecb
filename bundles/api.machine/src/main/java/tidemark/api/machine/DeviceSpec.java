package tidemark.api.machine;

import java.util.Map;
import java.util.TreeMap;

/**
 * One device of a machine. As text: {@code name=kind[@address][#interrupt][,option=value]...}, for example {@code uart0=uart@0x10000000#10}.
 *
 * @param name unique in the machine
 * @param kind name of a deployed device part
 * @param address physical address of its window, or -1 for the part's default
 * @param interrupt its source at the interrupt controller, or -1 for the part's default
 */
public record DeviceSpec(String name, String kind, long address, int interrupt, Map<String, String> options) {
    /** The option of a network card that names the network part. */
    public static final String BACKEND = "backend";
    private static final java.util.List<String> NOT_THE_NETWORKS = java.util.List.of(BACKEND, "mac");

    public DeviceSpec {
        options = java.util.Collections.unmodifiableMap(new TreeMap<>(options));
        if (!name.matches("[a-z][a-z0-9-]*")) {
            throw new MachineException("Device name '" + name + "': use lower-case letters, digits and '-', a letter first, for example uart0");
        }
    }

    /** @throws MachineException if the text is not of the form above */
    public static DeviceSpec parse(String text) {
        String[] parts = text.strip().split(",");
        var head = java.util.regex.Pattern.compile("([a-z][a-z0-9-]*)=([\\w.-]+)(?:@(0x[0-9a-fA-F]{1,15}|\\d{1,18}))?(?:#(\\d{1,4}))?").matcher(parts[0].strip());
        if (!head.matches()) {
            throw new MachineException("Device '" + text + "': write name=kind[@address][#interrupt][,option=value]..., for example uart0=uart@0x10000000#10");
        }
        Map<String, String> options = new TreeMap<>();
        for (int i = 1; i < parts.length; i++) {
            int equals = parts[i].indexOf('=');
            if (equals < 1) {
                throw new MachineException("Device '" + text + "': option '" + parts[i] + "' is not of the form option=value");
            }
            options.put(parts[i].substring(0, equals).strip(), parts[i].substring(equals + 1).strip());
        }
        return new DeviceSpec(head.group(1), head.group(2), head.group(3) == null ? -1 : Long.decode(head.group(3)),
                head.group(4) == null ? -1 : Integer.parseInt(head.group(4)), options);
    }

    /** Of a network card: the network part that it is plugged into. */
    public String backend() {
        return options.getOrDefault(BACKEND, "user");
    }

    /** Of a network card: the options that are neither its own nor name the network part. */
    public Map<String, String> networkOptions() {
        Map<String, String> network = new TreeMap<>(options);
        network.keySet().removeAll(NOT_THE_NETWORKS);
        return network;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(name).append('=').append(kind);
        if (address >= 0) {
            text.append("@0x").append(Long.toHexString(address));
        }
        if (interrupt >= 0) {
            text.append('#').append(interrupt);
        }
        options.forEach((key, value) -> text.append(',').append(key).append('=').append(value));
        return text.toString();
    }
}
