package tidemark.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import tidemark.api.admission.Admission;
import tidemark.api.admission.AdmissionException;
import tidemark.api.checkpoint.CheckpointRequest;
import tidemark.api.checkpoint.Checkpoints;
import tidemark.api.machine.Machine;
import tidemark.api.machine.Machine.Power;
import tidemark.api.machine.Machine.UsedPart;
import tidemark.api.machine.MachineSpec;
import tidemark.api.machine.Machines;
import tidemark.api.machine.Parts;
import tidemark.api.machine.Parts.PartInfo;
import tidemark.exam.PaxExam;

/** Every kind of part of a running machine is replaced: by its name, by an update of its bundle, by a file that is dropped. */
@ExtendWith(PaxExam.class)
public class ReplacementIT {
    private Machine machine;
    private Path folder;

    @Configuration
    public static Option[] platform() throws Exception {
        return Platform.options();
    }

    @BeforeEach
    public void startGuest(Machines machines) throws Exception {
        folder = Platform.folder("replacement");
        Path disk = Files.write(folder.resolve("disk.img"), new byte[1 << 20]);
        machine = machines.create(MachineSpec.of(Map.of("name", "m1", "guest", "storm", "ram", "64", "arguments", "workingSetMiB=8 rateMiBps=0 seconds=3600",
                "devices", MachineSpec.DEFAULT_DEVICES + "; rtc0=rtc; disk0=virtio.block,file=" + disk
                        + "; console0=virtio.console; net0=virtio.net,backend=none; entropy0=virtio.entropy")));
        machine.start();
        assertGuestRuns();
    }

    @AfterEach
    public void destroy(Machines machines) {
        machines.destroy("m1");
    }

    @Test
    public void everyPartIsReplacedByItsNameAndByAnUpdateOfItsBundle(BundleContext context, Admission admission, Parts parts) throws Exception {
        assertEquals(List.of("clint0", "console0", "cpu", "disk0", "disk0.image", "entropy0", "memory", "net0", "net0.backend", "plic0", "power0", "rtc0",
                "uart0"),
                machine.parts().stream().map(UsedPart::part).sorted().toList());
        Duration longest = Duration.ZERO;
        for (UsedPart part : machine.parts()) {
            for (int i = 0; i < 3; i++) {
                Duration pause = machine.use(part.part(), part.name()).downtime();
                longest = longest.compareTo(pause) < 0 ? pause : longest;
            }
            assertGuestRuns();
        }
        System.out.println("Parts of a guest with 64 MiB are replaced by their names in " + longest.toMillis() + " ms at most");
        for (UsedPart part : machine.parts()) {
            admission.update(bundleOf(context, parts, part.kind(), part.name()), changed(context, parts, part.kind(), part.name()));
            assertGuestRuns();
        }
        for (UsedPart part : machine.parts()) {
            // RAM outlives its bundle
            assertTrue(part.exchanges() >= (part.kind().equals("memory") ? 3 : 4), part.toString());
        }
    }

    @Test
    public void everyPartOfCheckpointsIsReplacedWhileTheGuestRuns(BundleContext context, Admission admission, Checkpoints checkpoints, Parts parts)
            throws Exception {
        for (Map.Entry<String, String> part : CheckpointRequest.DEFAULTS) {
            admission.update(bundleOf(context, parts, part.getKey(), part.getValue()), changed(context, parts, part.getKey(), part.getValue()));
            Platform.await(part + " is back", () -> parts.names(part.getKey()).contains(part.getValue()));
            Path image = folder.resolve(part.getKey() + ".tdm");
            checkpoints.start(CheckpointRequest.of("m1", image, "thread").withOracle(true).withOption("rateWindowMs", 0).withOption("maxRounds",
                    3)).await(progress -> {});
            assertTrue(checkpoints.verify(image).equal(), part.toString());
        }
        assertGuestRuns();
    }

    @Test
    public void anUpdateWithoutThePartIsTakenBackAndTheMachineGoesOn(BundleContext context, Admission admission, Parts parts) throws Exception {
        Bundle uart = bundleOf(context, parts, "device", "uart");
        Path jar = folder.resolve("device.uart.jar");
        Files.write(jar, JarFiles.with(file(uart), JarFile.MANIFEST_NAME, withoutComponents(file(uart))));
        String message = assertThrows(AdmissionException.class, () -> admission.update(uart, jar)).getMessage();
        assertTrue(message.contains("machine m1 stands with it: device part 'uart' is gone") && message.endsWith("the former version is back"), message);
        Platform.await("uart is back", () -> machine.status().power() == Power.RUNNING);
        assertGuestRuns();
        admission.update(uart, changed(context, parts, "device", "uart"));
        assertGuestRuns();
    }

    private static byte[] withoutComponents(Path jar) throws Exception {
        try (JarFile file = new JarFile(jar.toFile())) {
            return file.getManifest().getMainAttributes().entrySet().stream().filter(header -> !header.getKey().toString().equals("Service-Component"))
                    .sorted((a, b) -> Boolean.compare(b.getKey().toString().equals("Manifest-Version"), a.getKey().toString().equals("Manifest-Version")))
                    .map(header -> header.getKey() + ": " + header.getValue().toString().replaceAll("(.{60})", "$1\n ") + "\n")
                            .collect(Collectors.joining()).getBytes(StandardCharsets.UTF_8);
        }
    }

    @Test
    public void aDroppedFileTakesThePlaceOfAPartOfThePlatformUntilItGoes(BundleContext context, Admission admission, Parts parts) throws Exception {
        Bundle uart = bundleOf(context, parts, "device", "uart");
        Path plugins = Path.of(context.getProperty("tidemark.home"), "plugins");
        int before = exchanges("uart0");
        Path dropped = Files.move(changed(context, parts, "device", "uart"), plugins.resolve("my uart.jar"));
        Platform.await("taken", () -> admission.origin(uart).orElseThrow().file().equals(dropped));
        Platform.await("in use", () -> exchanges("uart0") == before + 1);
        assertGuestRuns();
        Files.delete(dropped);
        Platform.await("given back", () -> !admission.origin(uart).orElseThrow().file().equals(dropped) && exchanges("uart0") == before + 2);
        assertGuestRuns();
    }

    private int exchanges(String part) {
        return machine.parts().stream().filter(each -> each.part().equals(part)).mapToInt(UsedPart::exchanges).sum();
    }

    private void assertGuestRuns() throws Exception {
        assertTrue(machine.await(Power.RUNNING, Duration.ofSeconds(5)), () -> machine.status().toString());
        long before = machine.instructions();
        Platform.await("guest runs", () -> machine.instructions() > before);
    }

    private static Bundle bundleOf(BundleContext context, Parts parts, String kind, String name) {
        TreeSet<String> names = new TreeSet<>(parts.list().stream().filter(part -> part.kind().equals(kind) && part.name().equals(name)).map(PartInfo::bundle)
                .toList());
        return Arrays.stream(context.getBundles()).filter(bundle -> names.contains(bundle.getSymbolicName()))
                .findFirst().orElseThrow(() -> new AssertionError(kind + " " + name));
    }

    private static Path file(Bundle bundle) {
        return Path.of(URI.create(bundle.getLocation().replaceFirst("^reference:", "")));
    }

    /** The bundle of a part, with other bytes. */
    private Path changed(BundleContext context, Parts parts, String kind, String name) throws Exception {
        Path jar = folder.resolve(kind + "." + name + "." + System.nanoTime() + ".jar");
        return Files.write(jar, JarFiles.with(file(bundleOf(context, parts, kind, name)), "another",
                Long.toString(System.nanoTime()).getBytes(StandardCharsets.UTF_8)));
    }
}
