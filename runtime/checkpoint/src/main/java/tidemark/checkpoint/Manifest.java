package tidemark.checkpoint;

import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.osgi.framework.Bundle;
import org.osgi.framework.FrameworkUtil;
import tidemark.api.checkpoint.CheckpointException;
import tidemark.api.checkpoint.CheckpointRequest;
import tidemark.api.checkpoint.ImageReader;
import tidemark.api.machine.Machine;
import tidemark.api.machine.MachineException;
import tidemark.api.machine.MachineSpec;
import tidemark.api.memory.PhysicalMemory;

/** The manifest of an image: what the machine was made of ({@code machine.*}), how the image came about, and figures. */
final class Manifest {
    static final String ID = "id";
    private static final String MACHINE = "machine.";

    private Manifest() {}

    /** @param instructions that the machine had retired at the image's instant */
    static Map<String, String> of(String id, CheckpointRequest request, Machine machine, long instructions, Meter meter) {
        Map<String, String> manifest = new TreeMap<>();
        machine.spec().toProperties().forEach((key, value) -> manifest.put(MACHINE + key, value));
        request.options().forEach((key, value) -> manifest.put("option." + key, value));
        manifest.put(ID, id);
        manifest.put("platform", "Tidemark " + version());
        manifest.put("time", Instant.now().toString());
        manifest.put("protocol", request.protocol());
        manifest.put("tracker", request.tracker());
        manifest.put("copier", request.copier());
        manifest.put("layout", request.layout());
        manifest.put("stop", request.stop());
        manifest.put("instructions", Long.toString(instructions));
        manifest.put("pages", Long.toString(machine.memory().pages()));
        manifest.put("rounds", Integer.toString(meter.rounds()));
        manifest.put("pagesCopied", Long.toString(meter.pagesCopied()));
        return manifest;
    }

    /** The specification of the machine that an image was taken of. */
    static MachineSpec machine(ImageReader image) throws CheckpointException {
        Map<String, String> properties = new TreeMap<>();
        image.manifest().forEach((key, value) -> {
            if (key.startsWith(MACHINE)) {
                properties.put(key.substring(MACHINE.length()), value);
            }
        });
        try {
            MachineSpec spec = MachineSpec.of(properties);
            if (spec.ramBytes() != image.pages() * PhysicalMemory.PAGE_SIZE) {
                throw new CheckpointException("its machine has " + spec.ramMiB() + " MiB of RAM, it has " + image.pages() + " pages");
            }
            return spec;
        } catch (MachineException e) {
            throw new CheckpointException("its machine is one that this platform does not know: " + e.getMessage(), e);
        }
    }

    private static String version() {
        Bundle bundle = FrameworkUtil.getBundle(Manifest.class);
        return bundle == null ? "outside a framework" : bundle.getVersion().toString();
    }
}
