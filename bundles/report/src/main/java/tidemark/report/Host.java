package tidemark.report;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The computer that figures are from.
 *
 * @param memoryBytes that this process may see
 */
public record Host(int cpus, String model, long memoryBytes, String os, String java) {
    public static Host ofThisProcess() {
        long memory = ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean bean
                ? bean.getTotalMemorySize() : 0;
        return new Host(Runtime.getRuntime().availableProcessors(), processor(), memory, System.getProperty("os.name") + " "
                + System.getProperty("os.version"), System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"));
    }

    /** Linux tells the processor's name; elsewhere its architecture must do. */
    private static String processor() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith("model name")).map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse(System.getProperty("os.arch"));
        } catch (IOException e) {
            return System.getProperty("os.arch");
        }
    }

    public String memory() {
        return String.format(Locale.ROOT, "%.1f GiB", memoryBytes / (double) (1L << 30));
    }

    /** In one line. */
    @Override
    public String toString() {
        return model + ", " + cpus + " CPUs, " + memory() + ", " + os + ", " + java;
    }

    /** Writes the field {@code host}, an object. */
    public void write(JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("host");
        json.writeNumberField("cpus", cpus);
        json.writeStringField("model", model);
        json.writeNumberField("memoryBytes", memoryBytes);
        json.writeStringField("os", os);
        json.writeStringField("java", java);
        json.writeEndObject();
    }
}
